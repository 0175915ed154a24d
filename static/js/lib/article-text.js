/**
 * The article on the page: between places in the DOM and offsets of the stored text, in code points.
 *
 * An offset is the `data-start` of a block plus the place inside it. A block's textContent is exactly its stretch of
 * the text; what stands between two blocks (white space) is not on the page and comes in `data-gaps`.
 */

import { bisect } from "./bisect.js";
import { blockAround, endOf, startOf, unitsBefore } from "./blocks.js";
import { all } from "./dom.js";
import { countPoints, slicePoints, snapToGraphemes, toPoints, toUnits, tokens, withoutBlankEnds } from "./offsets.js";

/** @typedef {import("./offsets.js").Span} Span */
/** @typedef {{start: number, end: number, exact: string}} Passage */
/** @typedef {"start" | "end"} Edge */

export class ArticleText {
  /** @param {HTMLElement} root the element that holds the blocks */
  constructor(root) {
    this.root = root;
    /** @type {string[]} What follows each block in the text, by the block's number. */
    this.gaps = JSON.parse(root.dataset["gaps"] ?? "[]");
    this.language = root.dataset["language"] ?? "";
    /** The blocks, in order. The text never changes, so each keeps its place however often it is drawn anew. */
    this.blocks = [...root.querySelectorAll("[data-start]")].filter((block) => block instanceof HTMLElement);
    this.starts = this.blocks.map(startOf);
    this.ends = this.blocks.map(endOf);
  }

  /**
   * The number of the first block that ends after `place`.
   * @param {number} place
   * @returns {number}
   */
  firstAfter(place) {
    return bisect(this.ends.length, (number) => Number(this.ends[number]) > place);
  }

  /**
   * Put the blocks that came from the server in the place of those with the same id.
   * @param {Iterable<HTMLElement>} blocks
   */
  swap(blocks) {
    for (const block of blocks) {
      const place = this.firstAfter(startOf(block));
      const old = this.blocks[place];
      if (old?.id === block.id) {
        old.replaceWith(document.adoptNode(block));
        this.blocks[place] = block;
      }
    }
  }

  /**
   * The blocks that share text with [start, end), in order.
   * @param {number} start
   * @param {number} end
   * @returns {HTMLElement[]}
   */
  touching(start, end) {
    const first = this.firstAfter(start);
    let last = first;
    while (last < this.starts.length && Number(this.starts[last]) < end) {
      last += 1;
    }
    return this.blocks.slice(first, last);
  }

  /**
   * The marks of a claim that is drawn over this span.
   * @param {string} id
   * @param {Span} span
   * @returns {HTMLElement[]}
   */
  marks(id, { start, end }) {
    const selector = `[data-annotation="${CSS.escape(id)}"]`;
    return this.touching(start, end).flatMap((block) => all(block, selector, HTMLElement));
  }

  /**
   * The range over a span that has no mark in some block, because too many others lie there; null if it has in all.
   * @param {string} id
   * @param {Span} span
   * @returns {Range | null}
   */
  undrawn(id, { start, end }) {
    const selector = `[data-annotation="${CSS.escape(id)}"]`;
    const drawn = this.touching(start, end).every((block) => block.querySelector(selector) !== null);
    return drawn ? null : this.rangeOf(start, end);
  }

  /**
   * The passage that a range of the DOM covers: no blanks at its ends, no character cut. Null if it covers none.
   * @param {AbstractRange} range
   * @returns {Passage | null}
   */
  passageOf(range) {
    const live = document.createRange();
    live.setStart(range.startContainer, range.startOffset);
    live.setEnd(range.endContainer, range.endOffset);
    const touched = this.blocksIn(live);
    const pieces = touched.map((block) => pieceOf(block, live)).filter((piece) => piece !== null);
    const first = pieces[0];
    const last = pieces.at(-1);
    if (!first || !last) {
      return null;
    }
    const start = snapToGraphemes(first.text, first.span).start;
    const end = snapToGraphemes(last.text, last.span).end;
    return this.passage(
      startOf(first.block) + toPoints(first.text, start),
      startOf(last.block) + toPoints(last.text, end),
    );
  }

  /**
   * The blocks that a range of the DOM touches.
   * @param {Range} range
   * @returns {HTMLElement[]}
   */
  blocksIn(range) {
    const [first, last] = [blockAround(range.startContainer), blockAround(range.endContainer)];
    if (first && last && this.root.contains(first) && this.root.contains(last)) {
      return this.touching(startOf(first), endOf(last));
    }
    return this.blocks.filter((block) => range.intersectsNode(block));
  }

  /**
   * @param {number} start
   * @param {number} end
   * @returns {Passage}
   */
  passage(start, end) {
    return { start, end, exact: this.slice(start, end) };
  }

  /**
   * The text [start, end), with what stands between the blocks.
   * @param {number} start
   * @param {number} end
   * @returns {string}
   */
  slice(start, end) {
    let text = "";
    let at = start;
    const touched = this.touching(start, end);
    for (const block of touched) {
      const [from, to] = [startOf(block), endOf(block)];
      text += at < from ? this.gapBefore(block, at, from) : "";
      at = Math.min(end, to);
      text += slicePoints(block.textContent, Math.max(start, from) - from, at - from);
    }
    const last = touched.at(-1);
    return last && at < end ? text + slicePoints(this.gapAfter(last), 0, end - at) : text;
  }

  /**
   * The range of the DOM over [start, end); null if nothing of it is on the page.
   * @param {number} start
   * @param {number} end
   * @returns {Range | null}
   */
  rangeOf(start, end) {
    const touched = this.touching(start, end);
    const [first, last] = [touched[0], touched.at(-1)];
    if (!first || !last) {
      return null;
    }
    const range = document.createRange();
    range.setStart(...placeIn(first, Math.max(0, start - startOf(first)), false));
    range.setEnd(...placeIn(last, Math.min(endOf(last), end) - startOf(last), true));
    return range;
  }

  /**
   * The passage with one edge moved by a word or a punctuation mark; null where there is no further one.
   * @param {Span} span
   * @param {Edge} edge
   * @param {1 | -1} direction
   * @returns {Passage | null}
   */
  moved(span, edge, direction) {
    const edges = this.edgesAround(span[edge], edge);
    const next =
      direction > 0 ? edges.find((place) => place > span[edge]) : edges.findLast((place) => place < span[edge]);
    if (next === undefined) {
      return null;
    }
    const start = edge === "start" ? next : span.start;
    const end = edge === "end" ? next : span.end;
    return start < end ? this.passage(start, end) : null;
  }

  /**
   * Where words begin (or end), in code points, in the block at `place` and its neighbours.
   * @param {number} place
   * @param {Edge} edge
   * @returns {number[]}
   */
  edgesAround(place, edge) {
    const here = this.firstAfter(place - 1);
    const near = this.blocks.slice(Math.max(0, here - 1), here + 2);
    return near.flatMap((block) =>
      tokens(block.textContent, this.language).map(
        (token) => startOf(block) + toPoints(block.textContent, token[edge]),
      ),
    );
  }

  /**
   * @param {HTMLElement} block
   * @param {number} at
   * @param {number} start where the block starts
   * @returns {string}
   */
  gapBefore(block, at, start) {
    const gap = this.gaps[Number(block.dataset["block"]) - 2] ?? "";
    return slicePoints(gap, countPoints(gap) - (start - at), countPoints(gap));
  }

  /**
   * @param {HTMLElement} block
   * @returns {string}
   */
  gapAfter(block) {
    return this.gaps[Number(block.dataset["block"]) - 1] ?? "";
  }
}

/**
 * What of a block lies in the range, without blanks at its ends; null if that is nothing.
 * @param {HTMLElement} block
 * @param {Range} range
 * @returns {{block: HTMLElement, text: string, span: Span} | null}
 */
function pieceOf(block, range) {
  const text = block.textContent;
  const start = block.contains(range.startContainer) ? unitsBefore(block, range.startContainer, range.startOffset) : 0;
  const end = block.contains(range.endContainer)
    ? unitsBefore(block, range.endContainer, range.endOffset)
    : text.length;
  const span = withoutBlankEnds(text, { start, end });
  return span.start < span.end ? { block, text, span } : null;
}

/**
 * The text node and offset at `points` code points into the block. On a seam of two nodes a start stands at the
 * beginning of the second, an end (`closing`) at the end of the first, so that a range covers no neighbour.
 * @param {HTMLElement} block
 * @param {number} points
 * @param {boolean} closing
 * @returns {[Node, number]}
 */
function placeIn(block, points, closing) {
  let left = toUnits(block.textContent, points);
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  /** @type {Node} */
  let last = block;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    if (closing ? left <= length : left < length) {
      return [node, left];
    }
    left -= length;
    last = node;
  }
  return [last, last === block ? 0 : (last.nodeValue?.length ?? 0)];
}
