/** What the server found in the text: cues to jump to, and suggestions. It is fetched when it is first needed. */

/** @typedef {import("./offsets.js").Span} Span */
/** @typedef {{start: number, end: number, why: string[], own: boolean}} Suggestion */

export class TextCues {
  /**
   * @param {import("./api.js").Session} session
   * @param {string} article
   */
  constructor(session, article) {
    this.session = session;
    this.address = `/articles/${article}/cues`;
    /** @type {Promise<{cues: Map<string, Span[]>, suggestions: Suggestion[]}> | null} */
    this.answer = null;
  }

  /**
   * The places of one kind of cue, in order. Throws Refused or Unreachable.
   * @param {string} kind
   * @returns {Promise<Span[]>}
   */
  async places(kind) {
    const { cues } = await (this.answer ??= this.fetch());
    return cues.get(kind) ?? [];
  }

  /**
   * The suggestions as they stand on the server now. Throws Refused or Unreachable.
   * @returns {Promise<Suggestion[]>}
   */
  async suggestions() {
    const { suggestions } = await (this.answer = this.fetch());
    return suggestions;
  }

  async fetch() {
    try {
      const told = await this.session.json("GET", this.address);
      const kinds = Object.entries(told.cues).map(([kind, offsets]) => /** @type {const} */ ([kind, paired(offsets)]));
      return { cues: new Map(kinds), suggestions: /** @type {Suggestion[]} */ (told.suggestions) };
    } catch (problem) {
      // The next one who asks tries again.
      this.answer = null;
      throw problem;
    }
  }
}

/**
 * @param {number[]} offsets start, end, start, end …
 * @returns {Span[]}
 */
function paired(offsets) {
  const spans = [];
  for (let at = 0; at + 1 < offsets.length; at += 2) {
    spans.push({ start: offsets[at] ?? 0, end: offsets[at + 1] ?? 0 });
  }
  return spans;
}
