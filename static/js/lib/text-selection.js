/**
 * What is selected in the article, and the highlights that show it while the focus is elsewhere.
 *
 * It listens to selectionchange, which touch and keyboard make as well as the mouse. Selecting changes nothing.
 */

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./article-text.js").Passage} Passage */

const TOUCH_PAUSE = 600;

export class TextSelection extends EventTarget {
  /** @param {ArticleText} text */
  constructor(text) {
    super();
    this.text = text;
    /** @type {Passage | null} */
    this.passage = null;
    this.pressing = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    document.addEventListener("selectionchange", () => this.read());
    document.addEventListener("pointerdown", (event) => {
      this.pressing = event.pointerType === "mouse";
    });
    document.addEventListener("pointerup", () => {
      this.pressing = false;
      // The browser sets the selection of a click after this event.
      setTimeout(() => this.finish(), 0);
    });
  }

  read() {
    const selection = document.getSelection();
    const anchor = selection?.anchorNode ?? null;
    if (!selection || selection.rangeCount === 0 || !this.text.root.contains(anchor)) {
      // The person went on to a field or a button: what they selected stays meant.
      return;
    }
    this.set(selection.isCollapsed ? null : this.text.passageOf(selection.getRangeAt(0)));
    clearTimeout(this.timer);
    if (!this.pressing && this.passage) {
      this.timer = setTimeout(() => this.finish(), TOUCH_PAUSE);
    }
  }

  clear() {
    document.getSelection()?.removeAllRanges();
    this.set(null);
  }

  /** @param {Passage | null} passage */
  set(passage) {
    this.passage = passage;
    this.dispatchEvent(new Event("changed"));
  }

  finish() {
    clearTimeout(this.timer);
    if (this.passage && !this.pressing) {
      this.dispatchEvent(new Event("finished"));
    }
  }
}

/**
 * Draw a wash over these spans without touching the text; where a browser cannot, nothing is lost but the wash.
 * @param {ArticleText} text
 * @param {import("./offsets.js").Span[]} spans
 */
export function showPending(text, spans) {
  if (typeof Highlight === "undefined") {
    return;
  }
  const ranges = spans.map((span) => text.rangeOf(span.start, span.end)).filter((range) => range !== null);
  CSS.highlights.set("pending", new Highlight(...ranges));
}
