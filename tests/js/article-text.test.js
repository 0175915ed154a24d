/** Between places in the page and offsets of the text. */

import { ArticleText } from "../../static/js/lib/article-text.js";
import { equal, test } from "./testing.js";

const TEXT = "One 😀 two.\r\n\n\tThe thíng.";

/** The text as the server draws it: two blocks, a mark in the first, what stands between them as a gap. */
function page() {
  const root = document.createElement("div");
  root.dataset["gaps"] = JSON.stringify(["\r\n\n\t"]);
  const [first, second] = [document.createElement("p"), document.createElement("p")];
  const mark = document.createElement("mark");
  mark.append("😀 two");
  first.append("One ", mark, ".");
  second.append("The thi", "\u0301ng.");
  Object.assign(first.dataset, { start: "0", end: "10", block: "1" });
  Object.assign(second.dataset, { start: "14", end: "25", block: "2" });
  root.append(first, second);
  document.body.append(root);
  return { text: new ArticleText(root), first, second, mark };
}

/**
 * @param {Node} startNode
 * @param {number} start
 * @param {Node} endNode
 * @param {number} end
 */
function range(startNode, start, endNode, end) {
  return new StaticRange({ startContainer: startNode, startOffset: start, endContainer: endNode, endOffset: end });
}

export function articleTextTests() {
  test("a place in a mark is counted from the start of the block", () => {
    const { text, mark } = page();
    const node = /** @type {Node} */ (mark.firstChild);
    equal(text.passageOf(range(node, 0, node, 2)), { start: 4, end: 5, exact: "😀" });
  });
  test("blanks at the ends are left out, and no character is cut", () => {
    const { text, first, second } = page();
    const node = /** @type {Node} */ (first.firstChild);
    equal(text.passageOf(range(node, 0, node, 4)), { start: 0, end: 3, exact: "One" });
    const cut = /** @type {Node} */ (second.firstChild);
    equal(text.passageOf(range(cut, 4, cut, 7))?.exact, "thi\u0301");
  });
  test("across blocks the quote holds what stands between them", () => {
    const { text, mark, second } = page();
    const [from, to] = [/** @type {Node} */ (mark.firstChild), /** @type {Node} */ (second.firstChild)];
    equal(text.passageOf(range(from, 3, to, 3)), { start: 6, end: 17, exact: "two.\r\n\n\tThe" });
  });
  test("a range that ends before the first letter of the next block does not reach into it", () => {
    const { text, first, second } = page();
    equal(text.passageOf(range(first, 0, second, 0)), { start: 0, end: 10, exact: "One 😀 two." });
  });
  test("a range of blanks, or outside, is no passage", () => {
    const { text, first } = page();
    const node = /** @type {Node} */ (first.firstChild);
    equal(text.passageOf(range(node, 3, node, 4)), null);
    equal(text.passageOf(range(document.head, 0, document.head, 0)), null);
  });
  test("every span has a range, and the range is that span", () => {
    const { text } = page();
    for (const [start, end] of [[0, 3], [4, 5], [4, 9], [6, 17], [14, 17], [18, 22]]) {
      const found = text.rangeOf(Number(start), Number(end));
      equal(found && text.passageOf(found)?.start, start);
      equal(found && text.passageOf(found)?.end, end);
    }
  });
  test("edges move by words, over the gap too", () => {
    const { text } = page();
    equal(text.moved({ start: 6, end: 9 }, "end", 1)?.exact, "two.");
    equal(text.moved({ start: 6, end: 10 }, "end", 1)?.exact, "two.\r\n\n\tThe");
    equal(text.moved({ start: 6, end: 9 }, "start", -1)?.exact, "😀 two");
    equal(text.moved({ start: 14, end: 17 }, "start", -1)?.exact, ".\r\n\n\tThe");
    equal(text.moved({ start: 0, end: 3 }, "start", -1), null);
    equal(text.moved({ start: 0, end: 3 }, "end", -1), null);
    equal(text.slice(0, 25), TEXT.replace("í", "i\u0301").slice(0, 27));
  });
}
