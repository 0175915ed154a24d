/** The page of one claim: its address can be copied. */

import { all, byId } from "./lib/dom.js";

const said = byId("copied", HTMLElement);

for (const button of all(document, "[data-copy-link]", HTMLButtonElement)) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

/**
 * Copy the address of the page; where the browser does not let a page do that, show it to be copied.
 * @param {HTMLButtonElement} button
 */
async function copy(button) {
  const address = location.origin + location.pathname;
  try {
    await navigator.clipboard.writeText(address);
    said.textContent = "The link is copied.";
    button.querySelector("span")?.replaceChildren("Copied");
  } catch {
    const field = document.createElement("input");
    field.className = "input";
    field.readOnly = true;
    field.value = address;
    field.setAttribute("aria-label", "Address of this claim");
    button.replaceWith(field);
    field.select();
  }
}
