/** One block of the article on the page: where it stands in the text, and where in it a place of the DOM is. */

import { toPoints } from "./offsets.js";

/**
 * @param {HTMLElement | undefined} block
 * @returns {number} where it starts, in code points of the article
 */
export function startOf(block) {
  return Number(block?.dataset["start"]);
}

/**
 * @param {HTMLElement | undefined} block
 * @returns {number} where it ends
 */
export function endOf(block) {
  return Number(block?.dataset["end"]);
}

/**
 * The block that a node is in.
 * @param {Node} node
 * @returns {HTMLElement | null}
 */
export function blockAround(node) {
  const element = node instanceof Element ? node : node.parentElement;
  const block = element?.closest("[data-start]");
  return block instanceof HTMLElement ? block : null;
}

/**
 * The units of the block's text before a place in it. Range.toString() knows the text only, not how it is drawn.
 * @param {HTMLElement} block
 * @param {Node} container
 * @param {number} offset
 * @returns {number}
 */
export function unitsBefore(block, container, offset) {
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(container, offset);
  return before.toString().length;
}

/**
 * A place in the block as an offset of the article.
 * @param {HTMLElement} block
 * @param {Node} container
 * @param {number} offset
 * @returns {number}
 */
export function pointsAt(block, container, offset) {
  return startOf(block) + toPoints(block.textContent, unitsBefore(block, container, offset));
}
