/** Whether a dialog lies over the page. */

import { all } from "./dom.js";

/**
 * Every dialog stands in the page from its beginning (templates/macros/ui.html). So the page is searched for them once
 * and not at each key: in a long article with thousands of claims that took longer than what the key does.
 */
const dialogs = all(document, "dialog", HTMLDialogElement);

/** @returns {boolean} */
export function dialogIsOpen() {
  return dialogs.some(({ open }) => open);
}
