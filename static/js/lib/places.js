/** Between points of the screen and places of the text: what a pointer is over, and where an edge of a span is drawn. */

import { blockAround, pointsAt } from "./blocks.js";
import { snapToGraphemes, toPoints, toUnits } from "./offsets.js";
import { blockAt } from "./snapping.js";

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./article-text.js").Edge} Edge */
/** @typedef {import("./offsets.js").Span} Span */
/** @typedef {{x: number, top: number, bottom: number, rightToLeft: boolean}} Caret */

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const LEFT_TO_RIGHT = /[\p{L}\p{N}]/u;

/**
 * The place of the DOM nearest to a point, if it lies in the text.
 * @param {ArticleText} text
 * @param {number} x
 * @param {number} y
 * @returns {{node: Node, offset: number} | null}
 */
export function nodeAt(text, x, y) {
  const place = document.caretPositionFromPoint
    ? document.caretPositionFromPoint(x, y)
    : fromRange(document.caretRangeFromPoint(x, y));
  if (!place || !text.root.contains(place.offsetNode) || place.offsetNode === text.root) {
    return null;
  }
  return { node: place.offsetNode, offset: place.offset };
}

/**
 * The offset (in code points) of the place nearest to a point; null if that is not in the text.
 * @param {ArticleText} text
 * @param {number} x
 * @param {number} y
 * @returns {number | null}
 */
export function offsetAt(text, x, y) {
  const found = nodeAt(text, x, y);
  const block = found && blockAround(found.node);
  return block ? pointsAt(block, found.node, found.offset) : null;
}

/**
 * The character that is drawn at a point; null where nothing is.
 * @param {ArticleText} text
 * @param {number} x
 * @param {number} y
 * @returns {Span | null} in code points
 */
export function drawnAt(text, x, y) {
  const offset = offsetAt(text, x, y);
  if (offset === null) {
    return null;
  }
  // The nearest place may be either side of the letter.
  for (const place of [offset, offset - 1]) {
    const letter = characterAt(text, place);
    const boxes = letter ? [...(text.rangeOf(letter.start, letter.end)?.getClientRects() ?? [])] : [];
    if (letter && boxes.some((box) => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom)) {
      return letter;
    }
  }
  return null;
}

/**
 * The offset of what was clicked in a mark: the letter under the pointer, or the first of the mark where none is.
 * @param {ArticleText} text
 * @param {HTMLElement} mark
 * @param {{clientX: number, clientY: number}} point
 * @returns {number}
 */
export function offsetOn(text, mark, { clientX, clientY }) {
  const block = blockAround(mark);
  return drawnAt(text, clientX, clientY)?.start ?? (block ? pointsAt(block, mark, 0) : 0);
}

/**
 * Where the edge of a span is drawn, in the coordinates of the window; null if it is not on the page.
 * @param {ArticleText} text
 * @param {Span} span
 * @param {Edge} edge
 * @returns {Caret | null}
 */
export function caretOf(text, span, edge) {
  const letter = characterAt(text, edge === "start" ? span.start : span.end - 1);
  const range = letter && text.rangeOf(letter.start, letter.end);
  const boxes = [...(range?.getClientRects() ?? [])].filter((box) => box.height > 0);
  const box = edge === "start" ? boxes[0] : boxes.at(-1);
  if (!letter || !box) {
    return null;
  }
  const rightToLeft = goesLeft(text, letter);
  const atLeft = (edge === "start") !== rightToLeft;
  return { x: atLeft ? box.left : box.right, top: box.top, bottom: box.bottom, rightToLeft };
}

/**
 * The character, as a reader counts them, that a place of the text is in.
 * @param {ArticleText} text
 * @param {number} place
 * @returns {Span | null}
 */
function characterAt(text, place) {
  const block = blockAt(text, place);
  if (!block) {
    return null;
  }
  const [from, words] = [Number(block.dataset["start"]), block.textContent];
  const at = toUnits(words, place - from);
  const { start, end } = snapToGraphemes(words, { start: at, end: at + 1 });
  return { start: from + toPoints(words, start), end: from + toPoints(words, end) };
}

/**
 * Whether the letter is drawn from right to left: by itself, or as its block where it has no direction of its own.
 * @param {ArticleText} text
 * @param {Span} letter
 * @returns {boolean}
 */
function goesLeft(text, letter) {
  const sign = text.slice(letter.start, letter.end);
  if (RIGHT_TO_LEFT.test(sign)) {
    return true;
  }
  const block = blockAt(text, letter.start);
  return !LEFT_TO_RIGHT.test(sign) && block !== undefined && getComputedStyle(block).direction === "rtl";
}

/**
 * @param {Range | null} range
 * @returns {{offsetNode: Node, offset: number} | null}
 */
function fromRange(range) {
  return range && { offsetNode: range.startContainer, offset: range.startOffset };
}
