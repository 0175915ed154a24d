/** What the page knows of a picked claim, its words and its label, until the server has said the rest. */

import { byId, one } from "./dom.js";

/** @typedef {[name: string, letter: string, tone: number]} Badge */

const MOST = 400;

/**
 * @param {import("./compare-side.js").CompareSide} side
 * @param {Badge[]} labels
 */
export function showKnown(side, labels) {
  const place = one(byId("picks", HTMLElement), `[data-side="${side.name}"]`, HTMLElement);
  const claim = side.claim(side.picked);
  const known = claim ? drawn(side.text.slice(claim.start, claim.end), labels[claim.label]) : [nothing()];
  place.replaceChildren(one(place, ".pick-title", HTMLElement), ...known);
}

/**
 * @param {string} words
 * @param {Badge | undefined} label
 * @returns {HTMLElement[]}
 */
function drawn(words, [name, letter, tone] = ["", "", 0]) {
  const quote = made("blockquote", "pick-quote", words.length > MOST ? `${words.slice(0, MOST - 1)}…` : words);
  quote.dir = "auto";
  const sign = made("span", "badge-letter", letter);
  sign.ariaHidden = "true";
  const badge = made("span", `badge tone-${tone}`);
  badge.append(sign, made("span", "badge-word", name));
  const facts = made("p", "pick-facts");
  facts.append(badge);
  return [quote, facts];
}

/** @returns {HTMLElement} */
function nothing() {
  return made("p", "muted small", "No claim picked.");
}

/**
 * @param {string} tag
 * @param {string} name of its class
 * @param {string} [words]
 * @returns {HTMLElement}
 */
function made(tag, name, words = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = words;
  return element;
}
