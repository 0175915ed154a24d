/** The list of claims: its order, and the cards of a long one that become elements later. */

import { ClaimList } from "../../static/js/lib/claim-list.js";
import { equal, test, until } from "./testing.js";

const FIRST = 3;

/**
 * @param {string} id
 * @param {number} start
 */
function line(id, start) {
  return `<li class="claim tone-1" id="claim-${id}" data-id="${id}" data-version="1" data-start="${start}" data-end="${start + 5}"><a class="claim-head" href="#claim-${id}">${id}</a></li>`;
}

/**
 * @param {string} html
 * @returns {HTMLElement}
 */
function card(html) {
  const found = new DOMParser().parseFromString(html, "text/html").querySelector(".claim");
  return document.adoptNode(/** @type {HTMLElement} */ (found));
}

/** @param {number} count of claims, at 0, 10, 20 … */
function listOf(count) {
  const pane = document.createElement("div");
  const [root, nothing, number] = [document.createElement("ol"), document.createElement("p"), document.createElement("b")];
  const places = Array.from({ length: count }, (_, index) => ({ id: `c${index}`, start: index * 10, end: index * 10 + 5 }));
  root.append(...places.slice(0, FIRST).map(({ id, start }) => card(line(id, start))));
  pane.append(root, nothing, number);
  document.body.append(pane);
  const list = new ClaimList(root, nothing, number, ({ id, start }) => card(line(id, start)));
  list.expect(places);
  return { list, pane, number };
}

/** @param {HTMLElement} pane */
function shown(pane) {
  return [...pane.querySelectorAll(".claim")].map((found) => found.getAttribute("data-id"));
}

export function claimListTests() {
  test("the next and the previous claim go through all, round the end", () => {
    const { list } = listOf(250);
    equal([list.neighbour(1), list.neighbour(-1)], ["c0", "c249"]);
    list.select("c249");
    equal([list.neighbour(1), list.neighbour(-1)], ["c0", "c248"]);
  });
  test("a card that is asked for is there at once, with its part", () => {
    const { list, pane } = listOf(250);
    equal(list.head("c200")?.textContent, "c200");
    equal(list.card("none"), undefined);
    list.select("c200");
    equal([...pane.querySelectorAll(".is-selected")].map((found) => found.id), ["claim-c200"]);
    list.select(null);
    equal(pane.querySelectorAll(".is-selected, [aria-current]").length, 0);
  });
  test("all cards come in their order, when there is time", async () => {
    const { pane } = listOf(250);
    await until(() => shown(pane).length === 250);
    equal(shown(pane), Array.from({ length: 250 }, (_, index) => `c${index}`));
  });
  test("new, moved and removed cards keep the order, also among those that are no elements yet", async () => {
    const { list, pane, number } = listOf(250);
    list.place(card(line("new", 1_505)));
    list.place(card(line("last", 9_999)));
    list.place(card(line("c1", 1_506)));
    list.remove("c120");
    list.remove("c121");
    equal(number.textContent, "250");
    list.select("new");
    equal([list.neighbour(1), list.neighbour(-1)], ["c1", "c150"]);
    await until(() => shown(pane).length === 250);
    const order = shown(pane);
    equal(order.slice(147, 151), ["c150", "new", "c1", "c151"]);
    equal([order[1], order[119], order.at(-1)], ["c2", "c122", "last"]);
  });
  test("a card that is drawn anew in its place is not moved, and keeps what was put into it", () => {
    const { list } = listOf(4);
    const old = /** @type {HTMLElement} */ (list.card("c2"));
    const field = document.createElement("input");
    old.append(field);
    field.focus();
    let left = false;
    field.addEventListener("blur", () => {
      left = true;
    });
    list.place(card(line("c2", 20).replace('data-version="1"', 'data-version="2"')));
    equal([list.card("c2") === old, old.dataset["version"], document.activeElement === field, left], [true, "2", true, false]);
  });
}
