/** The page of one's keys: a field takes the key that is pressed. Without this the name of the key is typed. */

import { all, byId, one } from "./lib/dom.js";
import { keyOf } from "./lib/keys.js";

const MODIFIERS = new Set(["Control", "Alt", "Shift", "Meta", "AltGraph", "CapsLock", "Dead", "Unidentified"]);

const said = byId("keys-said", HTMLElement);

for (const button of all(document, "[data-record]", HTMLButtonElement)) {
  const row = button.closest(".keys-row");
  const field = row && one(row, "input", HTMLInputElement);
  const action = row?.getAttribute("data-action") ?? "";
  if (!field) {
    continue;
  }
  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const waits = button.getAttribute("aria-pressed") !== "true";
    wait(button, waits);
    said.textContent = waits ? `Press the key for “${action}”. Esc leaves it as it is.` : "";
  });
  button.addEventListener("blur", () => wait(button, false));
  button.addEventListener("keydown", (event) => {
    if (button.getAttribute("aria-pressed") !== "true" || MODIFIERS.has(event.key) || event.isComposing) {
      return;
    }
    wait(button, false);
    if (event.key === "Tab") {
      return;
    }
    event.preventDefault();
    if (event.key === "Escape") {
      said.textContent = "It stays as it was.";
      return;
    }
    field.value = keyOf(event);
    said.textContent = `“${action}” will have the key ${field.value}. Save the keys when you are done.`;
  });
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} waits for a key
 */
function wait(button, waits) {
  button.setAttribute("aria-pressed", String(waits));
}
