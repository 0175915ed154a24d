/**
 * Claims that the server has not drawn yet look like marks at once: the line of their label under their words.
 *
 * They are highlights, so the text itself stays as the server drew it until its block comes back.
 */

import { highlight } from "./highlights.js";
import { labelButton, toneOf } from "./labels.js";

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./claim.js").Claim} Claim */

const TONES = 8;

/**
 * @param {ArticleText} text
 * @param {Claim[]} claims
 */
export function showFresh(text, claims) {
  /** @type {Map<string, Range[]>} */
  const ranges = new Map(Array.from({ length: TONES }, (_, index) => [`tone-${index + 1}`, []]));
  for (const claim of claims) {
    const range = text.rangeOf(claim.start, claim.end);
    if (range) {
      ranges.get(toneOf(labelButton(claim.label)))?.push(range);
    }
  }
  for (const [tone, over] of ranges) {
    highlight(`fresh-${tone}`, over);
  }
}
