/** The faint lines under suggestions: highlights of the browser's, which leave the text's elements as they are. */

/** @typedef {import("./text-cues.js").Suggestion} Suggestion */

export class SuggestionLines {
  /** @param {import("./article-text.js").ArticleText} text */
  constructor(text) {
    this.text = text;
    /** @type {Map<Suggestion, StaticRange>} */
    this.ranges = new Map();
  }

  /** Other suggestions will be drawn. */
  forget() {
    this.ranges.clear();
  }

  /**
   * Draw these and no others. Where a browser cannot, the list in the panel still has them.
   * @param {Suggestion[]} open
   * @param {Suggestion | null} current the one that is looked at
   */
  draw(open, current) {
    if (typeof Highlight === "undefined") {
      return;
    }
    const ranges = open.map((each) => this.rangeOf(each)).filter((range) => range !== null);
    const looked = current && this.rangeOf(current);
    CSS.highlights.set("suggestion", new Highlight(...ranges));
    CSS.highlights.set("suggestion-current", new Highlight(...(looked ? [looked] : [])));
  }

  /**
   * The range of one; only in blocks that were drawn anew since then it is a new one.
   * @param {Suggestion} suggestion
   * @returns {StaticRange | null}
   */
  rangeOf(suggestion) {
    const known = this.ranges.get(suggestion);
    if (known?.startContainer.isConnected && known.endContainer.isConnected) {
      return known;
    }
    const range = this.text.rangeOf(suggestion.start, suggestion.end);
    if (!range) {
      return null;
    }
    const fixed = new StaticRange(range);
    this.ranges.set(suggestion, fixed);
    return fixed;
  }
}
