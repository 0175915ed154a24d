/**
 * The two handles of the selected claim: drag one, and the claim begins or ends elsewhere.
 *
 * They are for pointers alone, so they are hidden from assistive technology: keys and the buttons of the form do the
 * same. While one is dragged the text shows the words that the claim would have; Escape leaves it as it was.
 */

import { all } from "./dom.js";
import { OncePerFrame } from "./once-per-frame.js";
import { caretOf, nodeAt } from "./places.js";
import { snapped } from "./snapping.js";

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./article-text.js").Edge} Edge */
/** @typedef {import("./article-text.js").Passage} Passage */
/** @typedef {import("./offsets.js").Span} Span */

/**
 * @typedef {object} Drag
 * @property {Edge} edge
 * @property {Span} span the claim's
 * @property {number} dx from the pointer to the line that it moves in
 * @property {number} dy
 * @property {Passage | null} passage what the claim would cover
 */

/** So near to what bounds the text (in pixels) a drag scrolls on, by so much. */
const NEAR = 12;
const STEP = 14;

/** Events: "dragged" (detail: the passage, or null at the end) while one moves, "dropped" (detail: the passage). */
export class Handles extends EventTarget {
  /**
   * @param {ArticleText} text
   * @param {import("./keys.js").Keys} keys
   */
  constructor(text, keys) {
    super();
    this.text = text;
    this.snaps = text.root.dataset["snap"] !== undefined;
    /** @type {Span | null} */
    this.span = null;
    /** @type {Drag | null} */
    this.drag = null;
    this.placing = new OncePerFrame(() => this.place());
    this.start = this.made("start");
    this.end = this.made("end");
    new ResizeObserver(() => this.place()).observe(text.root);
    document.fonts.addEventListener("loadingdone", () => this.place());
    keys.on("leave", () => (this.drag ? this.finish(false) : false), { within: document.body, typing: true });
  }

  /**
   * Stand at the ends of this span; nowhere for null.
   * @param {Span | null} span
   */
  show(span) {
    if (this.drag) {
      return;
    }
    this.span = span;
    this.placing.ask();
  }

  /** Put both where the ends are drawn now. */
  place() {
    const span = this.drag?.passage ?? this.span;
    // All is measured before anything is moved: after each move the browser would lay out the page anew.
    const around = this.text.root.getBoundingClientRect();
    const edges = /** @type {Edge[]} */ (["start", "end"]);
    const carets = edges.map((edge) => span && caretOf(this.text, span, edge));
    for (const [index, edge] of edges.entries()) {
      const [handle, caret] = [this[edge], carets[index]];
      handle.hidden = !caret;
      if (!caret) {
        continue;
      }
      if (handle.parentElement !== this.text.root) {
        this.text.root.append(handle);
      }
      handle.style.translate = `${caret.x - around.left}px ${caret.top - around.top}px`;
      handle.style.blockSize = `${caret.bottom - caret.top}px`;
    }
  }

  /**
   * @param {Edge} edge
   * @returns {HTMLElement}
   */
  made(edge) {
    const handle = document.createElement("span");
    handle.className = `handle handle-${edge}`;
    handle.setAttribute("aria-hidden", "true");
    handle.hidden = true;
    handle.addEventListener("pointerdown", (event) => this.take(event, edge));
    handle.addEventListener("pointermove", (event) => this.move(event));
    handle.addEventListener("pointerup", () => this.finish(true));
    handle.addEventListener("pointercancel", () => this.finish(false));
    // The click that ends a drag is none on the mark below.
    handle.addEventListener("click", (event) => event.stopPropagation());
    return handle;
  }

  /**
   * @param {PointerEvent} event
   * @param {Edge} edge
   */
  take(event, edge) {
    const caret = this.span && caretOf(this.text, this.span, edge);
    if (!caret || !this.span || event.button !== 0 || this.drag) {
      return;
    }
    // No selection begins here, and the focus stays where it is.
    event.preventDefault();
    event.stopPropagation();
    this[edge].setPointerCapture(event.pointerId);
    this.text.root.classList.add("is-dragging");
    const middle = (caret.top + caret.bottom) / 2;
    this.drag = { edge, span: this.span, dx: caret.x - event.clientX, dy: middle - event.clientY, passage: null };
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { drag } = this;
    if (!drag) {
      return;
    }
    this.scroll(event.clientY + drag.dy);
    const found = nodeAt(this.text, event.clientX + drag.dx, event.clientY + drag.dy);
    const passage = found && this.meant(drag, found, event.altKey);
    if (!passage || (passage.start === drag.passage?.start && passage.end === drag.passage.end)) {
      return;
    }
    drag.passage = passage;
    this.place();
    this.dispatchEvent(new CustomEvent("dragged", { detail: passage }));
  }

  /**
   * The passage from the edge that stays to a place of the DOM; null if that is on its other side.
   * @param {Drag} drag
   * @param {{node: Node, offset: number}} found
   * @param {boolean} exact
   * @returns {Passage | null}
   */
  meant({ edge, span }, { node, offset }, exact) {
    const whole = this.text.rangeOf(span.start, span.end);
    if (!whole) {
      return null;
    }
    const range = document.createRange();
    if (edge === "start") {
      range.setEnd(whole.endContainer, whole.endOffset);
      range.setStart(node, offset);
    } else {
      range.setStart(whole.startContainer, whole.startOffset);
      range.setEnd(node, offset);
    }
    const passage = range.collapsed ? null : this.text.passageOf(range);
    if (!passage) {
      return null;
    }
    // The other edge stays where it is, whatever stands there.
    const kept =
      edge === "start" ? this.text.passage(passage.start, span.end) : this.text.passage(span.start, passage.end);
    return exact || !this.snaps ? kept : snapped(this.text, kept, [edge]);
  }

  /** @param {number} y of the line that the edge is moved in */
  scroll(y) {
    const bars = all(document, ".workbar, .labelbar", HTMLElement).map((bar) => bar.getBoundingClientRect());
    const top = Math.max(0, ...bars.filter((bar) => bar.top < innerHeight / 2).map((bar) => bar.bottom));
    const bottom = Math.min(innerHeight, ...bars.filter((bar) => bar.top > innerHeight / 2).map((bar) => bar.top));
    if (y < top + NEAR) {
      scrollBy(0, -STEP);
    } else if (y > bottom - NEAR) {
      scrollBy(0, STEP);
    }
  }

  /** @param {boolean} kept false to leave the claim as it was */
  finish(kept) {
    const { drag } = this;
    if (!drag) {
      return;
    }
    this.drag = null;
    this.text.root.classList.remove("is-dragging");
    const { passage, span } = drag;
    this.dispatchEvent(new CustomEvent("dragged", { detail: null }));
    if (kept && passage && (passage.start !== span.start || passage.end !== span.end)) {
      this.span = passage;
      this.dispatchEvent(new CustomEvent("dropped", { detail: passage }));
    }
    this.place();
  }
}
