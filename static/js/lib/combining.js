/** The boundary of one version with what another says: two rows of buttons, and what comes of them. */

import { all } from "./dom.js";
import { showPending } from "./text-selection.js";

/** @typedef {{annotation: string, claim: any}} Combination the version that the rest is from, and the new claim */

/** @returns {Combination | null} what is chosen; null where the question has nothing to combine */
export function combination() {
  const boundary = chosen("boundary_of");
  const rest = chosen("label_of");
  if (!boundary || !rest) {
    return null;
  }
  const { start, end, exact } = claimOf(boundary);
  return { annotation: rest, claim: { ...claimOf(rest), start, end, exact, origin: undefined } };
}

/**
 * Say what the choice makes, and wash its words in the text once the person has chosen.
 * @param {import("./article-text.js").ArticleText} text
 * @param {boolean} washed
 */
export function showCombination(text, washed) {
  const made = combination();
  const place = document.getElementById("combination-shown");
  if (!made || !place) {
    return;
  }
  const label = document.querySelector(`.version[data-annotation="${made.annotation}"]`);
  const words = label instanceof HTMLElement ? label.dataset["label"] : "";
  place.textContent = `“${made.claim.exact}” – ${words}`;
  if (washed) {
    showPending(text, [made.claim]);
  }
}

/**
 * Go to a row of buttons.
 * @param {"boundary_of" | "label_of"} name
 */
export function focusRow(name) {
  const radios = all(document, `#combination [name="${name}"]`, HTMLInputElement);
  (radios.find((radio) => radio.checked) ?? radios[0])?.focus();
}

/**
 * @param {string} name
 * @returns {string | undefined}
 */
function chosen(name) {
  return all(document, `#combination [name="${name}"]`, HTMLInputElement).find((radio) => radio.checked)?.value;
}

/**
 * @param {string} annotation
 * @returns {any}
 */
function claimOf(annotation) {
  const version = document.querySelector(`.version[data-annotation="${CSS.escape(annotation)}"]`);
  return version instanceof HTMLElement ? JSON.parse(version.dataset["claim"] ?? "{}") : {};
}
