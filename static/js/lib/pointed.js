/**
 * Words that the address points at, "?at=2:120-131,140-146" in version 2 of the text: they are marked, the first is brought
 * into sight and the cursor stands at it. Escape takes the marks away. The address of a claim (#claim-…) goes before.
 */

import { highlight } from "./highlights.js";

const ADDRESS = /^(\d{1,9}):(\d{1,9}-\d{1,9}(?:,\d{1,9}-\d{1,9}){0,49})$/u;
const NAME = "pointed";

/**
 * @param {import("./desk.js").Desk} desk
 * @param {import("./cursor.js").Cursor} cursor
 * @param {import("./keys.js").Keys} keys
 * @param {string} version the number of the version on the page
 */
export function showPointed(desk, cursor, keys, version) {
  let spans = location.hash.startsWith("#claim-") ? [] : pointedAt(location.search, version);
  const first = spans[0];
  if (!first) {
    return;
  }
  // A block that is drawn anew has new nodes.
  const draw = () => {
    const ranges = spans.map(([start, end]) => desk.text.rangeOf(start, end));
    highlight(NAME, ranges.filter((range) => range !== null));
  };
  desk.addEventListener("drawn", draw);
  keys.on("leave", () => {
    spans = [];
    draw();
    return false;
  });
  draw();
  cursor.set(first[0]);
  cursor.reveal();
  // The browser goes to the paragraph that the address names once the page is there.
  addEventListener("load", () => cursor.reveal(), { once: true });
}

/**
 * @param {string} query
 * @param {string} version
 * @returns {[number, number][]}
 */
export function pointedAt(query, version) {
  const [, number, places = ""] = ADDRESS.exec(new URLSearchParams(query).get("at") ?? "") ?? [];
  if (number !== version) {
    return [];
  }
  return places.split(",").map((place) => {
    const [start = 0, end = 0] = place.split("-").map(Number);
    return [start, end];
  });
}
