/** Submitting: what is still missing is shown over the text; the button in it is an ordinary form. */

import { byId, one, parsed } from "./dom.js";

/** @typedef {import("../elements/claim-form.js").ClaimForm} ClaimForm */
/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./outbox.js").Outbox} Outbox */

/**
 * Open the review in a dialog; where it cannot be fetched the link leads to it as a page.
 * @param {Session} session
 * @param {Outbox} outbox
 * @param {ClaimForm} form
 */
export function submitInDialog(session, outbox, form) {
  const link = byId("submit", HTMLAnchorElement);
  const dialog = byId("review-dialog", HTMLDialogElement);
  const place = byId("review-place", HTMLElement);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    form.flush();
    void show();
  });
  // What is named there leads to its place in the text behind the dialog.
  place.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a[href]")) {
      dialog.close();
    }
  });

  async function show() {
    await outbox.send();
    if (outbox.waiting > 0) {
      place.textContent = "Some changes are not saved yet, so the article cannot be submitted now. See the top of the page.";
      dialog.showModal();
      return;
    }
    try {
      place.replaceChildren(document.adoptNode(one(parsed(await session.html(link.href)), "#review", HTMLElement)));
    } catch {
      place.textContent = "The server did not answer. Nothing was submitted; try again in a moment.";
    }
    dialog.showModal();
  }
}
