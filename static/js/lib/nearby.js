/** The words around a claim: its sentences, and what stands before and after them in the same paragraphs. */

import { countPoints, slicePoints } from "./offsets.js";
import { endOf, startOf } from "./blocks.js";

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./offsets.js").Span} Span */

/**
 * @param {ArticleText} text
 * @param {Span & {exact: string}} claim
 * @returns {string[]} its words, its sentences, the sentences beside them; the nearest first
 */
export function around(text, claim) {
  const blocks = text.touching(claim.start, claim.end);
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (!first || !last) {
    return [claim.exact];
  }
  const start = startOf(first);
  return [claim.exact, ...sentencesAround(text.slice(start, endOf(last)), claim.start - start, claim.end - start)];
}

/**
 * @param {string} paragraph
 * @param {number} start in code points
 * @param {number} end
 * @returns {string[]} the sentences that the span touches, as one text; then the one before and the one after
 */
export function sentencesAround(paragraph, start, end) {
  const sentences = [...new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(paragraph)];
  let at = 0;
  const placed = sentences.map(({ segment }) => {
    const from = at;
    at += countPoints(segment);
    return { segment, from, to: at };
  });
  const touched = placed.filter(({ from, to }) => from < end && to > start);
  const [first, last] = [touched[0], touched.at(-1)];
  if (!first || !last) {
    return [];
  }
  const beside = [placed[placed.indexOf(last) + 1], placed[placed.indexOf(first) - 1]];
  return [slicePoints(paragraph, first.from, last.to), ...beside.map((sentence) => sentence?.segment ?? "")].filter(Boolean);
}
