/**
 * Growing a span to whole words, as the language of the text divides them.
 *
 * A full stop, a bracket or a quotation mark is no part of a word; a hyphen between two words makes one of them.
 * What begins or ends with punctuation stays as it was chosen: the person may well want the quotation mark.
 */

import { segmenter, toPoints, toUnits } from "./offsets.js";

/** @typedef {import("./offsets.js").Span} Span */
/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./article-text.js").Passage} Passage */
/** @typedef {import("./article-text.js").Edge} Edge */

/** What joins two words to one: a hyphen, also after the stop of an abbreviation ("U.S.-backed"). */
const JOINT = /^\.?[-\u2010\u2011]$/u;
/** The stop between the letters of an abbreviation, which it may also end with. */
const ABBREVIATION = /^(?:\p{L}\p{M}*\.)+\p{L}\p{M}*$/u;
const LETTER = /^\p{L}\p{M}*$/u;
const LONGEST_JOINT = 2;

/**
 * The word that the unit `at` of `text` is in; null where there is none.
 * @param {string} text
 * @param {number} at
 * @param {string} [language]
 * @returns {Span | null}
 */
export function wordAt(text, at, language) {
  const segments = segmenter(language).segment(text);
  const here = segments.containing(at);
  if (!here) {
    return null;
  }
  if (!here.isWordLike) {
    return joinedAcross(text, segments, here);
  }
  const start = joined(text, segments, here.index, -1);
  const end = joined(text, segments, here.index + here.segment.length, 1);
  const stop = text.charAt(end) === "." && ABBREVIATION.test(text.slice(start, end));
  return { start, end: stop ? end + 1 : end };
}

/**
 * The span (in units of `text`) grown so that it cuts no word at these edges.
 * @param {string} text
 * @param {Span} span
 * @param {{language?: string, edges?: Edge[]}} [how]
 * @returns {Span}
 */
export function grown(text, span, { language, edges = ["start", "end"] } = {}) {
  const first = edges.includes("start") ? wordAt(text, span.start, language) : null;
  const last = edges.includes("end") ? wordAt(text, span.end - 1, language) : null;
  return {
    start: first ? Math.min(first.start, span.start) : span.start,
    end: last ? Math.max(last.end, span.end) : span.end,
  };
}

/**
 * The passage of the article grown so that it cuts no word at these edges.
 * @param {ArticleText} text
 * @param {Passage} passage
 * @param {Edge[]} [edges]
 * @returns {Passage}
 */
export function snapped(text, passage, edges = ["start", "end"]) {
  const start = edges.includes("start") ? edgeOf(text, passage.start, "start") : passage.start;
  const end = edges.includes("end") ? edgeOf(text, passage.end, "end") : passage.end;
  return start === passage.start && end === passage.end ? passage : text.passage(start, end);
}

/**
 * The word at an offset of the article; null between words.
 * @param {ArticleText} text
 * @param {number} place in code points
 * @returns {Span | null}
 */
export function wordOf(text, place) {
  const block = blockAt(text, place);
  if (!block) {
    return null;
  }
  const from = Number(block.dataset["start"]);
  const words = block.textContent;
  const word = wordAt(words, toUnits(words, place - from), text.language);
  return word && { start: from + toPoints(words, word.start), end: from + toPoints(words, word.end) };
}

/**
 * @param {ArticleText} text
 * @param {number} place
 * @param {Edge} edge
 * @returns {number}
 */
function edgeOf(text, place, edge) {
  const word = wordOf(text, edge === "start" ? place : place - 1);
  return word ? word[edge] : place;
}

/**
 * The block that holds the character at an offset.
 * @param {ArticleText} text
 * @param {number} place
 * @returns {HTMLElement | undefined}
 */
export function blockAt(text, place) {
  return text.touching(place, place + 1)[0];
}

/**
 * How far the word goes on from `at`, over hyphens and the stops between single letters, to the left (-1) or the right (1).
 * @param {string} text
 * @param {Intl.Segments} segments
 * @param {number} at
 * @param {1 | -1} direction
 * @returns {number}
 */
function joined(text, segments, at, direction) {
  for (let length = LONGEST_JOINT; length > 0; length -= 1) {
    const [from, to] = direction > 0 ? [at, at + length] : [at - length, at];
    const [before, after] = [segments.containing(from - 1), segments.containing(to)];
    if (from > 0 && before?.isWordLike && after?.isWordLike && joins(text.slice(from, to), before, after)) {
      return joined(text, segments, direction > 0 ? to + after.segment.length : before.index, direction);
    }
  }
  return at;
}

/**
 * @param {string} between
 * @param {Intl.SegmentData} before
 * @param {Intl.SegmentData} after
 * @returns {boolean}
 */
function joins(between, before, after) {
  return JOINT.test(between) || (between === "." && LETTER.test(before.segment) && LETTER.test(after.segment));
}

/**
 * The word around a hyphen that `here` is a part of; null if it is punctuation of another kind.
 * @param {string} text
 * @param {Intl.Segments} segments
 * @param {Intl.SegmentData} here
 * @returns {Span | null}
 */
function joinedAcross(text, segments, here) {
  for (let index = here.index - 1; index >= Math.max(0, here.index - LONGEST_JOINT); index -= 1) {
    const before = segments.containing(index);
    if (before?.isWordLike) {
      const seam = before.index + before.segment.length;
      const end = joined(text, segments, seam, 1);
      return end > here.index ? { start: joined(text, segments, before.index, -1), end } : null;
    }
  }
  return null;
}
