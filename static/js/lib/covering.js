/** Which stretches of the text are covered by spans, and whether another span touches them. */

import { bisect } from "./bisect.js";

/** @typedef {import("./offsets.js").Span} Span */

/**
 * Spans as few that do not overlap, in order.
 * @param {Span[]} spans
 * @returns {Span[]}
 */
export function union(spans) {
  /** @type {Span[]} */
  const joined = [];
  for (const { start, end } of [...spans].sort((one, other) => one.start - other.start)) {
    const last = joined.at(-1);
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
    } else {
      joined.push({ start, end });
    }
  }
  return joined;
}

/**
 * Whether `span` shares text with one of `covered`, which are in order and do not overlap.
 * @param {Span[]} covered
 * @param {Span} span
 * @returns {boolean}
 */
export function touches(covered, span) {
  const first = covered[bisect(covered.length, (number) => (covered[number]?.end ?? 0) > span.start)];
  return first !== undefined && first.start < span.end;
}
