/**
 * Between JavaScript's UTF-16 code units and the code points in which every stored offset counts.
 *
 * "units" are indexes into a JavaScript string; "points" are code points, as Python counts them. Spans are half-open.
 */

/** @typedef {{start: number, end: number}} Span */

const BLANKS_BEFORE = /^\s*/u;
const BLANKS_AFTER = /\s*$/u;

/** @type {Map<string, Intl.Segmenter>} */
const segmenters = new Map();

/**
 * How many code points `text` has. Half of a surrogate pair counts as one.
 * @param {string} text
 * @returns {number}
 */
export function countPoints(text) {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    if (isPair(text, at)) {
      pairs += 1;
      at += 1;
    }
  }
  return text.length - pairs;
}

/**
 * The code points before the unit `units`. In the middle of a pair that is the number before the pair.
 * @param {string} text
 * @param {number} units
 * @returns {number}
 */
export function toPoints(text, units) {
  const floor = units > 0 && isPair(text, units - 1) ? units - 1 : units;
  return countPoints(text.slice(0, floor));
}

/**
 * The unit at which the code point number `points` begins; the length of `text` if it has fewer.
 * @param {string} text
 * @param {number} points
 * @returns {number}
 */
export function toUnits(text, points) {
  let units = 0;
  for (let left = points; left > 0 && units < text.length; left -= 1) {
    units += isPair(text, units) ? 2 : 1;
  }
  return units;
}

/**
 * The code points [start, end) of `text`.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @returns {string}
 */
export function slicePoints(text, start, end) {
  return text.slice(toUnits(text, start), toUnits(text, end));
}

/**
 * The span (in units) widened so that it cuts nothing that a reader takes for one character.
 * @param {string} text
 * @param {Span} span
 * @returns {Span}
 */
export function snapToGraphemes(text, span) {
  const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text);
  const first = graphemes.containing(span.start);
  const last = span.end > 0 ? graphemes.containing(span.end - 1) : undefined;
  return {
    start: first ? first.index : span.start,
    end: last ? last.index + last.segment.length : span.end,
  };
}

/**
 * The span (in units) without the white space at its ends; empty when it holds nothing else.
 * @param {string} text
 * @param {Span} span
 * @returns {Span}
 */
export function withoutBlankEnds(text, span) {
  const inside = text.slice(span.start, span.end);
  const before = BLANKS_BEFORE.exec(inside)?.[0].length ?? 0;
  const after = BLANKS_AFTER.exec(inside)?.[0].length ?? 0;
  const start = span.start + before;
  return { start, end: Math.max(start, span.end - after) };
}

/**
 * The words and punctuation marks of `text`, in units, without the white space between them.
 * @param {string} text
 * @param {string} [language]
 * @returns {Span[]}
 */
export function tokens(text, language) {
  const found = [];
  for (const { segment, index } of segmenter(language).segment(text)) {
    if (segment.trim() !== "") {
      found.push({ start: index, end: index + segment.length });
    }
  }
  return found;
}

/**
 * What divides a text of this language into words; made once for each language, since making it is slow.
 * @param {string | undefined} language
 * @returns {Intl.Segmenter}
 */
export function segmenter(language) {
  const tag = language ?? "";
  const made = segmenters.get(tag) ?? wordSegmenter(tag);
  segmenters.set(tag, made);
  return made;
}

/**
 * @param {string} language
 * @returns {Intl.Segmenter}
 */
function wordSegmenter(language) {
  try {
    return new Intl.Segmenter(language || undefined, { granularity: "word" });
  } catch {
    // The article's language tag came from a file; one that no browser knows must not stop anybody.
    return new Intl.Segmenter(undefined, { granularity: "word" });
  }
}

/**
 * Whether the units `at` and `at + 1` are the two halves of one character.
 * @param {string} text
 * @param {number} at
 * @returns {boolean}
 */
function isPair(text, at) {
  const first = text.charCodeAt(at);
  if (first < 0xd800 || first > 0xdbff) {
    return false;
  }
  const second = text.charCodeAt(at + 1);
  return second >= 0xdc00 && second <= 0xdfff;
}
