/** Whether a dialog lies over the page. */

import { all } from "./dom.js";

/** @type {HTMLDialogElement[] | null} */
let dialogs = null;

/**
 * Every dialog stands in the page from its beginning (templates/macros/ui.html). So the page is searched for them once
 * and not at each key: in a long article with thousands of claims that took longer than what the key does.
 * @returns {boolean}
 */
export function dialogIsOpen() {
  dialogs ??= all(document, "dialog", HTMLDialogElement);
  return dialogs.some(({ open }) => open);
}
