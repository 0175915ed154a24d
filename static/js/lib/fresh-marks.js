/**
 * Claims that the server has not drawn yet look like marks at once: the line of their label under their words.
 *
 * They are highlights, so the text itself stays as the server drew it until its block comes back.
 */

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./claim.js").Claim} Claim */

const TONES = 8;

/**
 * @param {ArticleText} text
 * @param {Claim[]} claims
 */
export function showFresh(text, claims) {
  if (typeof Highlight === "undefined") {
    return;
  }
  /** @type {Map<string, Range[]>} */
  const ranges = new Map(Array.from({ length: TONES }, (_, index) => [`tone-${index + 1}`, []]));
  for (const claim of claims) {
    const range = text.rangeOf(claim.start, claim.end);
    if (range) {
      ranges.get(toneOf(claim.label))?.push(range);
    }
  }
  for (const [tone, over] of ranges) {
    CSS.highlights.set(`fresh-${tone}`, new Highlight(...over));
  }
}

/**
 * @param {string} label its key
 * @returns {string}
 */
function toneOf(label) {
  const button = document.querySelector(`[data-label="${CSS.escape(label)}"]`);
  return [...(button?.classList ?? [])].find((name) => /^tone-\d$/u.test(name)) ?? "tone-1";
}
