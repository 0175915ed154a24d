/** Cases of lib/steps.js: what people count as one character and one word, across blocks and the parts of long ones. */

import { blockNumber, extent, stepped } from "../../static/js/lib/steps.js";
import { countPoints } from "../../static/js/lib/offsets.js";
import { equal, test } from "./testing.js";

/**
 * An article of these blocks; between two of them stands `gap` code points of text that is not on the page.
 * @param {string[]} texts
 * @param {{gap?: number, language?: string}} [how]
 * @returns {any} what the steps need of an ArticleText
 */
function article(texts, { gap = 2, language = "en" } = {}) {
  let at = 0;
  const blocks = texts.map((words) => {
    const block = document.createElement("p");
    block.textContent = words;
    block.dataset["start"] = String(at);
    at += countPoints(words);
    block.dataset["end"] = String(at);
    at += gap;
    return block;
  });
  return { blocks, language };
}

/**
 * Every place that is come to, until the last.
 * @param {any} text
 * @param {1 | -1} direction
 * @param {"character" | "word"} measure
 * @returns {number[]}
 */
function walk(text, direction, measure) {
  const { start, end } = extent(text);
  const places = [direction > 0 ? start : end];
  for (;;) {
    const here = places.at(-1) ?? 0;
    const next = stepped(text, here, direction, measure);
    if (next === here) {
      return places;
    }
    places.push(next);
  }
}

export function stepsTests() {
  test("a step never stops inside a family, a flag, an accent or a line end", () => {
    const text = article(["a👩‍👩‍👧b🇫🇷e\u0301\r\nz"]);
    equal(walk(text, 1, "character"), [0, 1, 6, 7, 9, 11, 13, 14]);
    equal(walk(text, -1, "character"), [14, 13, 11, 9, 7, 6, 1, 0]);
  });

  test("Devanagari and Thai are walked by whole characters", () => {
    equal(walk(article(["क्षि"]), 1, "character").at(-1), 4);
    equal(walk(article(["ที่นี่"]), 1, "character"), [0, 3, 6]);
  });

  test("words end where they end and begin where they begin, with punctuation for itself", () => {
    const text = article(["Both sides, he said."]);
    equal(walk(text, 1, "word"), [0, 4, 10, 11, 14, 19, 20]);
    equal(walk(text, -1, "word"), [20, 19, 15, 12, 10, 5, 0]);
  });

  test("Chinese is divided into words", () => {
    equal(walk(article(["双方宣布停火"], { language: "zh" }), 1, "word").length > 2, true);
  });

  test("one step leads over what stands between two blocks, both ways", () => {
    const text = article(["ab", "cd"]);
    equal(walk(text, 1, "character"), [0, 1, 2, 4, 5, 6]);
    equal(walk(text, -1, "character"), [6, 5, 4, 2, 1, 0]);
    equal(walk(text, 1, "word"), [0, 2, 6]);
    equal(walk(text, -1, "word"), [6, 4, 0]);
  });

  test("between the parts of one paragraph there is no step", () => {
    const text = article(["ab", "cd"], { gap: 0 });
    equal(walk(text, 1, "character"), [0, 1, 2, 3, 4]);
    equal(walk(text, -1, "character"), [4, 3, 2, 1, 0]);
  });

  test("blanks at the ends of a block hold no word", () => {
    const text = article(["a  ", "  b"]);
    equal(walk(text, 1, "word"), [0, 1, 8]);
    equal(walk(text, -1, "word"), [8, 7, 0]);
  });

  test("a place between two blocks belongs to the one before it", () => {
    const { blocks } = article(["ab", "cd", "ef"]);
    equal([0, 2, 3, 4, 7, 8, 99].map((place) => blockNumber(blocks, place)), [0, 0, 0, 1, 1, 2, 2]);
  });

  test("an article without text has one place", () => {
    const text = article([]);
    equal([stepped(text, 0, 1, "character"), stepped(text, 0, -1, "word"), extent(text)], [0, 0, { start: 0, end: 0 }]);
  });
}
