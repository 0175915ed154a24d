/**
 * Steps through the text, as people count them: to the next character (never inside one) or the end of the next word.
 *
 * Places are code points of the article. Between two blocks one step leads from the end of the first to the start of
 * the second; what stands between them is not on the page.
 */

import { bisect } from "./bisect.js";
import { endOf, startOf } from "./blocks.js";
import { toPoints, toUnits, tokens } from "./offsets.js";

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./offsets.js").Span} Span */
/** @typedef {"character" | "word"} Measure */

/** @type {WeakMap<Element, number[]>} The text of a block never changes, whatever marks are drawn in it. */
const edgesOf = new WeakMap();
/** @type {WeakMap<Element, Span[]>} */
const wordsOf = new WeakMap();

/**
 * Where one character ends and the next begins, in units, with both ends of the block.
 * @param {HTMLElement} block
 * @returns {number[]}
 */
export function characterEdges(block) {
  const known = edgesOf.get(block);
  if (known) {
    return known;
  }
  const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(block.textContent);
  const edges = [...segments].map(({ index }) => index);
  edges.push(block.textContent.length);
  edgesOf.set(block, edges);
  return edges;
}

/**
 * The last of the blocks that begins at or before `place`; 0 if none does.
 * @param {HTMLElement[]} blocks in order
 * @param {number} place
 * @returns {number}
 */
export function blockNumber(blocks, place) {
  return Math.max(0, bisect(blocks.length, (number) => startOf(blocks[number]) > place) - 1);
}

/**
 * The place one step on from `place`, or back; the same place at the ends of the article.
 * @param {ArticleText} text
 * @param {number} place
 * @param {1 | -1} direction
 * @param {Measure} measure
 * @returns {number}
 */
export function stepped(text, place, direction, measure) {
  const { blocks } = text;
  let number = blockNumber(blocks, place);
  for (let block = blocks[number]; block; number += direction, block = blocks[number]) {
    const found = inBlock(text, block, place, { direction, measure });
    if (found !== null) {
      return found;
    }
    const beside = blocks[number + direction];
    if (measure === "character" && beside) {
      const edge = direction > 0 ? startOf(beside) : endOf(beside);
      if (edge !== place) {
        return edge;
      }
    }
  }
  const last = direction > 0 ? blocks.at(-1) : blocks[0];
  return last ? (direction > 0 ? endOf(last) : startOf(last)) : place;
}

/**
 * Where the text of the page begins and ends.
 * @param {ArticleText} text
 * @returns {Span}
 */
export function extent({ blocks }) {
  const last = blocks.at(-1);
  return { start: blocks[0] ? startOf(blocks[0]) : 0, end: last ? endOf(last) : 0 };
}

/**
 * @param {ArticleText} text
 * @param {HTMLElement} block
 * @param {number} place it may lie before or behind the block
 * @param {{direction: 1 | -1, measure: Measure}} step
 * @returns {number | null} null if the step leads out of the block
 */
function inBlock(text, block, place, { direction, measure }) {
  const at = toUnits(block.textContent, Math.max(0, place - startOf(block)));
  const edges =
    measure === "character"
      ? characterEdges(block)
      : words(block, text.language).map((word) => (direction > 0 ? word.end : word.start));
  const found = direction > 0 ? edges.find((edge) => edge > at) : edges.findLast((edge) => edge < at);
  return found === undefined ? null : startOf(block) + toPoints(block.textContent, found);
}

/**
 * @param {HTMLElement} block
 * @param {string} language
 * @returns {Span[]}
 */
function words(block, language) {
  const known = wordsOf.get(block) ?? tokens(block.textContent, language);
  wordsOf.set(block, known);
  return known;
}
