/**
 * Marking with a finger: tap the first word, tap the last one, press a label. A long press selects as everywhere.
 *
 * A tap on a mark selects its claim, as a click does, unless a first word waits for the last one or a label is armed.
 */

import { drawnAt } from "./places.js";
import { wordOf } from "./snapping.js";

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./offsets.js").Span} Span */
/** @typedef {import("./text-selection.js").TextSelection} TextSelection */

/** Events: "tapped" (detail: whether the passage has its last word) after each word that was chosen. */
export class Tapping extends EventTarget {
  /**
   * @param {ArticleText} text
   * @param {TextSelection} selection
   * @param {{armed: string | null}} labels
   */
  constructor(text, selection, labels) {
    super();
    this.text = text;
    this.selection = selection;
    this.labels = labels;
    /** @type {Span | null} */
    this.first = null;
    this.finger = false;
    /** Whether the tap takes back what a long press selected: then it does nothing else. */
    this.clearing = false;
    text.root.addEventListener("pointerdown", (event) => {
      this.finger = event.pointerType === "touch";
      this.clearing = selection.passage !== null && !selection.chosen;
    });
    text.root.addEventListener("click", (event) => this.tap(event), { capture: true });
    selection.addEventListener("changed", () => {
      this.first = null;
    });
  }

  /** @param {MouseEvent} event */
  tap(event) {
    if (!this.finger || document.getSelection()?.isCollapsed === false) {
      return;
    }
    const first = this.first;
    const marked = event.target instanceof Element && event.target.closest(".mark") !== null;
    if (marked && !first && !this.labels.armed) {
      this.selection.clear();
      return;
    }
    event.preventDefault();
    if (this.clearing) {
      this.selection.clear();
      return;
    }
    const letter = drawnAt(this.text, event.clientX, event.clientY);
    const word = letter && (wordOf(this.text, letter.start) ?? letter);
    if (!word) {
      this.selection.clear();
      return;
    }
    const start = Math.min(word.start, first?.start ?? word.start);
    const end = Math.max(word.end, first?.end ?? word.end);
    this.selection.choose(this.text.passage(start, end));
    this.first = first ? null : word;
    this.dispatchEvent(new CustomEvent("tapped", { detail: first !== null }));
  }
}
