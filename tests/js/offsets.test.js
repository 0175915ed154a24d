/** Offsets: the same table that tests/domain/test_offsets_table.py reads. */

import {
  countPoints,
  slicePoints,
  snapToGraphemes,
  toPoints,
  toUnits,
  tokens,
  withoutBlankEnds,
} from "../../static/js/lib/offsets.js";
import { equal, test } from "./testing.js";

/** @typedef {{name: string, text: string, start: number, end: number, exact: string, units: [number, number]}} SpanCase */
/** @typedef {{name: string, text: string, start: number, end: number, snapped: [number, number]}} GraphemeCase */

/** @param {{spans: SpanCase[], graphemes: GraphemeCase[]}} table */
export function offsetsTests(table) {
  for (const { name, text, start, end, exact, units } of table.spans) {
    test(`${name}: code points and units agree`, () => {
      equal([toUnits(text, start), toUnits(text, end)], units);
      equal([toPoints(text, units[0]), toPoints(text, units[1])], [start, end]);
      equal(slicePoints(text, start, end), exact);
      equal(countPoints(text), [...text].length);
    });
    test(`${name}: whole characters are left as they are`, () => {
      equal(snapToGraphemes(text, { start: units[0], end: units[1] }), { start: units[0], end: units[1] });
    });
  }
  for (const { name, text, start, end, snapped } of table.graphemes) {
    test(`${name}: widened to whole characters`, () => {
      const span = snapToGraphemes(text, { start: toUnits(text, start), end: toUnits(text, end) });
      equal([toPoints(text, span.start), toPoints(text, span.end)], snapped);
    });
  }
  test("every unit of a text has its code point, and back", () => {
    const text = "a😀b👩‍🚒c";
    const points = [...text].map((_, at) => at);
    equal(points.map((at) => toPoints(text, toUnits(text, at))), points);
  });
  test("the middle of a pair counts as the place before it", () => equal(toPoints("😀", 1), 0));
  test("beyond the end is the end", () => equal(toUnits("ab", 9), 2));
  test("blanks at the ends go, those inside stay", () => {
    equal(withoutBlankEnds(" \n a b\t", { start: 0, end: 7 }), { start: 3, end: 6 });
  });
  test("nothing but blanks is empty", () => {
    const span = withoutBlankEnds("a   b", { start: 1, end: 4 });
    equal(span.start, span.end);
  });
  test("words and punctuation are steps of a boundary, blanks are none", () => {
    const text = 'calm "except for two."';
    equal(tokens(text).map(({ start, end }) => text.slice(start, end)), ["calm", '"', "except", "for", "two", ".", '"']);
  });
  test("a language that no browser knows stops nobody", () => equal(tokens("a b", "not a tag").length, 2));
}
