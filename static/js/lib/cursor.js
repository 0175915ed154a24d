/**
 * The keyboard's place in the article: where it is, what it has selected, and how it is seen.
 *
 * It is an offset of the article, so it outlives the drawing of blocks. What it selects is the browser's own
 * selection, so that marking, copying and screen readers find what they know. The keys that move it are in moving.js.
 */

import { blockAround, pointsAt, startOf } from "./blocks.js";
import { Lines } from "./lines.js";
import { toUnits } from "./offsets.js";
import { blockNumber, extent } from "./steps.js";
import { keepInView } from "./viewport.js";

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./lines.js").Spot} Spot */
/** @typedef {import("./offsets.js").Span} Span */

/** Event "moved": the place or the selection changed. */
export class Cursor extends EventTarget {
  /** @param {ArticleText} text */
  constructor(text) {
    super();
    this.text = text;
    /** The offset, in code points, and the other end of the selection; the same where nothing is selected. */
    this.place = extent(text).start;
    this.anchor = this.place;
    /** Whether it stands behind a character at the end of a line, rather than before the next one. */
    this.after = false;
    /** Whether the browser's selection is the one that was made here. */
    this.selecting = false;
    /** Whether the person works with a pointer now: then there is no need to show the cursor. */
    this.pointed = false;
    /** @type {unknown[]} The ends of that selection. */
    this.ends = [];
    this.drawn = document.createElement("span");
    this.drawn.className = "text-cursor";
    this.drawn.setAttribute("aria-hidden", "true");
    this.drawn.hidden = true;
    document.addEventListener("selectionchange", () => this.follow());
    document.addEventListener("pointerdown", () => this.point(true), { capture: true });
    document.addEventListener("keydown", () => this.point(false), { capture: true });
    text.root.tabIndex = 0;
    text.root.setAttribute("role", "group");
    text.root.setAttribute("aria-label", "Article text");
    text.root.setAttribute("aria-describedby", "text-keys");
    text.root.addEventListener("focus", () => this.restore());
    text.root.addEventListener("blur", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(text.root);
  }

  /** @returns {Span} what is selected */
  get span() {
    return { start: Math.min(this.anchor, this.place), end: Math.max(this.anchor, this.place) };
  }

  /** @returns {boolean} whether something is selected with the keys */
  get selects() {
    return this.selecting && this.anchor !== this.place;
  }

  /** @returns {boolean} */
  get focused() {
    return document.activeElement === this.text.root;
  }

  /**
   * Go to the text and select this passage; without an end, stand at its place. It is scrolled to.
   * @param {number} start in code points
   * @param {number} [end]
   */
  moveTo(start, end = start) {
    this.set(end, { anchor: start });
    this.focus();
    this.reveal();
  }

  /** Go to the text, wherever the cursor stands in it. */
  focus() {
    this.text.root.focus({ preventScroll: true });
  }

  /**
   * Stand at a place, or select from `anchor` to it. Neither the focus nor the page moves.
   * @param {number} place
   * @param {{anchor?: number, after?: boolean}} [how]
   */
  set(place, { anchor = place, after = false } = {}) {
    const { start, end } = extent(this.text);
    this.place = Math.min(end, Math.max(start, place));
    this.anchor = Math.min(end, Math.max(start, anchor));
    this.after = after;
    this.restore();
    this.dispatchEvent(new Event("moved"));
  }

  /** Scroll to where the cursor stands. */
  reveal() {
    keepInView(this.caret());
    this.draw();
    // What comes into view is laid out only now, and may take more room than was reserved for it.
    requestAnimationFrame(() => {
      keepInView(this.caret());
      this.draw();
    });
  }

  /** Make the browser's selection that of the cursor again: after a redraw, or when the focus comes back. */
  restore() {
    if (this.focused || this.anchor !== this.place) {
      const [anchor, focus] = [this.node(this.anchor, this.anchor > this.place), this.node(this.place, this.place > this.anchor)];
      this.ends = [...anchor, ...focus];
      this.selecting = true;
      document.getSelection()?.setBaseAndExtent(...anchor, ...focus);
    }
    this.draw();
  }

  /** After blocks were drawn anew: the selection that stood in them is gone with them. */
  redrawn() {
    const nodes = this.ends.filter((end) => end instanceof Node);
    if (nodes.some((node) => !node.isConnected)) {
      this.restore();
    } else {
      this.draw();
    }
  }

  /** Take over what a pointer, a screen reader or the browser's own search selected. */
  follow() {
    const selection = document.getSelection();
    if (!selection || selection.rangeCount === 0) {
      this.anchor = this.place;
      this.selecting = false;
      return;
    }
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
    const ends = [anchorNode, anchorOffset, focusNode, focusOffset];
    if (!anchorNode || !focusNode || ends.every((end, index) => end === this.ends[index])) {
      return;
    }
    const [anchor, place] = [this.offsetOf(anchorNode, anchorOffset), this.offsetOf(focusNode, focusOffset)];
    if (anchor === null || place === null) {
      return;
    }
    this.ends = ends;
    this.selecting = false;
    [this.anchor, this.place, this.after] = [anchor, place, false];
    this.draw();
    this.dispatchEvent(new Event("moved"));
  }

  /**
   * The drawn lines of the block that a place is in, and the spot there.
   * @param {number} [place]
   * @param {boolean} [after]
   * @returns {{lines: Lines, spot: Spot, number: number}}
   */
  spot(place = this.place, after = this.after) {
    const { blocks } = this.text;
    // Where one part of a paragraph ends and the next begins, the cursor behind a character belongs to the first.
    const number = blockNumber(blocks, after ? place - 1 : place);
    const block = blocks[number] ?? this.text.root;
    const units = toUnits(block.textContent, place - startOf(block));
    return { lines: new Lines(block), spot: { units, after }, number };
  }

  /** @returns {import("./lines.js").Caret} where it is drawn, in the coordinates of the window */
  caret() {
    const { lines, spot } = this.spot();
    return lines.caret(spot);
  }

  /** @param {boolean} pointed */
  point(pointed) {
    if (this.pointed !== pointed) {
      this.pointed = pointed;
      this.draw();
    }
  }

  draw() {
    this.drawn.hidden = !this.focused || this.pointed || this.text.blocks.length === 0;
    if (this.drawn.hidden) {
      return;
    }
    if (this.drawn.parentElement !== this.text.root) {
      this.text.root.append(this.drawn);
    }
    const around = this.text.root.getBoundingClientRect();
    const { x, top, bottom } = this.caret();
    this.drawn.style.translate = `${x - around.left}px ${top - around.top}px`;
    this.drawn.style.blockSize = `${bottom - top}px`;
    for (const blinking of this.drawn.getAnimations()) {
      // While it moves it can always be seen.
      blinking.currentTime = 0;
    }
  }

  /**
   * @param {number} place
   * @param {boolean} closing
   * @returns {[Node, number]}
   */
  node(place, closing) {
    const { lines, spot } = this.spot(place, closing);
    return lines.node(spot.units, closing);
  }

  /**
   * @param {Node} node
   * @param {number} offset
   * @returns {number | null} null outside of the text
   */
  offsetOf(node, offset) {
    const block = blockAround(node);
    return block && this.text.root.contains(block) ? pointsAt(block, node, offset) : null;
  }
}
