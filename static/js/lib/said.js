/** What the bar of the adjudicate page says of the last decision. */

import { byId } from "./dom.js";

const PICTURES = { saved: "check", saving: "loader", refused: "triangle-alert" };

/**
 * @param {string} words
 * @param {"saved" | "saving" | "refused"} state
 */
export function say(words, state) {
  const said = byId("said", HTMLElement);
  said.dataset["state"] = state;
  const picture = said.querySelector("use");
  picture?.setAttribute("href", (picture.getAttribute("href") ?? "").replace(/#.*/, `#${PICTURES[state]}`));
  byId("said-words", HTMLElement).textContent = words;
}

/**
 * Say something more, once, beside what is said already.
 * @param {string} words
 */
export function sayBesides(words) {
  const said = byId("said-words", HTMLElement);
  if (!said.textContent?.endsWith(words)) {
    said.textContent = `${said.textContent} ${words}`.trim();
  }
}

/** @returns {string} 14:03:22, in the person's own time */
export function clock() {
  return new Date().toLocaleTimeString("en-GB");
}
