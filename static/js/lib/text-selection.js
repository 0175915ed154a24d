/**
 * What is selected in the article, and the highlights that show it while the focus is elsewhere.
 *
 * It listens to selectionchange, which touch and keyboard make as well as the mouse. Selecting changes nothing.
 * Where the project wants whole words, what a pointer selected grows to them, unless Alt is held; what the keyboard
 * or a script selected is taken exactly.
 */

import { highlight } from "./highlights.js";
import { snapped } from "./snapping.js";

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./article-text.js").Passage} Passage */

const TOUCH_PAUSE = 600;

/** Events: "changed" when another passage is selected, "finished" when the person seems to be done with it. */
export class TextSelection extends EventTarget {
  /** @param {ArticleText} text */
  constructor(text) {
    super();
    this.text = text;
    this.snaps = text.root.dataset["snap"] !== undefined;
    /** @type {Passage | null} */
    this.passage = null;
    /** Whether `passage` was chosen word by word, so that the browser has no selection of its own. */
    this.chosen = false;
    this.pressing = false;
    this.exact = true;
    /** @type {unknown[]} The ends of the browser's selection when it was read last. */
    this.ends = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    document.addEventListener("selectionchange", () => this.read());
    document.addEventListener("pointerdown", (event) => this.press(event));
    document.addEventListener("pointermove", (event) => this.hold(event));
    document.addEventListener("pointerup", (event) => this.release(event));
    document.addEventListener("pointercancel", () => {
      this.pressing = false;
    });
  }

  /** @param {PointerEvent} event */
  press(event) {
    this.pressing = event.pointerType === "mouse";
    this.exact = !this.snaps || event.altKey;
  }

  /** @param {PointerEvent} event */
  hold(event) {
    if (this.pressing && this.snaps && this.exact !== event.altKey) {
      this.exact = event.altKey;
      this.ends = [];
      this.read();
    }
  }

  /** @param {PointerEvent} event */
  release(event) {
    // The browser sets the selection of a click after this event.
    setTimeout(() => {
      this.read();
      this.pressing = false;
      // A finger moves the ends of its selection without any event of a pointer; a mouse cannot.
      this.exact ||= event.pointerType === "mouse";
      this.finish();
    }, 0);
  }

  read() {
    const selection = document.getSelection();
    const anchor = selection?.anchorNode ?? null;
    if (!selection || selection.rangeCount === 0 || !this.text.root.contains(anchor)) {
      // The person went on to a field or a button: what they selected stays meant.
      return;
    }
    if (selection.isCollapsed && this.chosen) {
      return;
    }
    const ends = [anchor, selection.anchorOffset, selection.focusNode, selection.focusOffset];
    if (ends.every((end, index) => end === this.ends[index]) && ends.length === this.ends.length) {
      return;
    }
    this.ends = ends;
    this.set(selection.isCollapsed ? null : this.meant(selection.getRangeAt(0)));
    clearTimeout(this.timer);
    if (!this.pressing && this.passage) {
      this.timer = setTimeout(() => this.finish(), TOUCH_PAUSE);
    }
  }

  /**
   * @param {Range} range
   * @returns {Passage | null}
   */
  meant(range) {
    const passage = this.text.passageOf(range);
    return passage && !this.exact ? snapped(this.text, passage) : passage;
  }

  clear() {
    document.getSelection()?.removeAllRanges();
    this.ends = [];
    this.set(null);
  }

  /**
   * Take a passage that was not selected but chosen, word by word.
   * @param {Passage} passage
   */
  choose(passage) {
    document.getSelection()?.removeAllRanges();
    this.ends = [];
    this.set(passage);
    this.chosen = true;
  }

  /** @param {Passage | null} passage */
  set(passage) {
    this.passage = passage;
    this.chosen = false;
    this.dispatchEvent(new Event("changed"));
  }

  finish() {
    clearTimeout(this.timer);
    if (this.passage && !this.chosen && !this.pressing) {
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
  const ranges = spans.map((span) => text.rangeOf(span.start, span.end)).filter((range) => range !== null);
  highlight("pending", ranges);
}
