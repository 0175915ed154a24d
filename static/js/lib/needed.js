/** Which field of a claim's form to go to: that which cures the first thing that its label lacks, else the first. */

import { all } from "./dom.js";

const CONTROLS =
  "input:not([type=hidden]):not(:disabled), select:not(:disabled), textarea:not(:disabled), button:not(:disabled)";

/**
 * @param {HTMLElement} form
 * @returns {HTMLElement | null}
 */
export function fieldToFill(form) {
  for (const words of all(form, "[data-lacks]:not([hidden])", HTMLElement)) {
    const cure = form.querySelector(`[data-cures="${words.dataset["lacks"]}"]`);
    if (cure instanceof HTMLElement && cure.matches(CONTROLS) && cure.checkVisibility()) {
      return cure;
    }
  }
  const shown = all(form, CONTROLS, HTMLElement).filter((control) => control.checkVisibility());
  // Of radio buttons that belong together the chosen one is where the keyboard goes.
  return shown.find((control) => !(control instanceof HTMLInputElement && control.type === "radio" && !control.checked)) ?? null;
}
