/** The history of the selected claim, over the page, with the way back to an earlier state; and the claim's own address. */

import { Refused } from "./api.js";
import { claimFrom } from "./claim.js";
import { all, byId, one, parsed } from "./dom.js";

/** @typedef {import("./editing.js").Editing} Editing */
/** @typedef {import("./selecting.js").Selecting} Selecting */

const COPIED = 4_000;

export class ClaimHistory {
  /**
   * @param {Selecting} selecting
   * @param {Editing | null} editing null where claims can only be read
   */
  constructor(selecting, editing) {
    this.selecting = selecting;
    this.editing = editing;
    /** @type {string | undefined} what the button for the link says */
    this.words = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.dialog = byId("history-dialog", HTMLDialogElement);
    this.place = byId("history-place", HTMLElement);
    selecting.form.addEventListener("history-wanted", () => void this.open());
    selecting.form.addEventListener("link-wanted", () => void this.copy());
    selecting.form.addEventListener("compare-wanted", () => void this.compare());
    this.place.addEventListener("click", (event) => this.clicked(event));
  }

  async open() {
    const { selected, desk } = this.selecting;
    if (!selected) {
      return;
    }
    await desk.outbox.send();
    this.place.replaceChildren(await this.fetch(selected));
    for (const button of all(this.place, "[data-take]", HTMLButtonElement)) {
      button.hidden = this.editing === null;
    }
    this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }

  /** Set the claim against another article, once it is saved. */
  async compare() {
    const { selected, desk } = this.selecting;
    const page = byId("settings", HTMLElement).dataset["compare"];
    if (selected && page) {
      await desk.outbox.send();
      location.assign(`${page}?claim=${selected}`);
    }
  }

  /**
   * @param {string} id
   * @returns {Promise<Node | string>}
   */
  async fetch(id) {
    try {
      const page = parsed(await this.selecting.desk.session.html(`/claims/${id}/history`));
      return document.adoptNode(one(page, "#history", HTMLElement));
    } catch (problem) {
      return problem instanceof Refused && problem.status === 404
        ? "This claim is not saved yet. Its history begins when it is."
        : "The server did not answer, so the history cannot be shown now. Try again in a moment.";
    }
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-take]") : null;
    const claim = this.editing?.current;
    if (!button || !claim || !this.editing) {
      return;
    }
    this.dialog.close();
    this.editing.change(claimFrom(JSON.parse(button.getAttribute("data-take") ?? "{}")));
    this.editing.telling.toast("The claim is as it was then.", () => this.editing?.undo());
  }

  /** Copy the claim's address; where the browser does not let a page do that, show it to be copied. */
  async copy() {
    const { selected, form } = this.selecting;
    if (!selected) {
      return;
    }
    const address = new URL(`/claims/${selected}`, location.href).href;
    const button = one(form, "[data-send='link-wanted']", HTMLButtonElement);
    try {
      await navigator.clipboard.writeText(address);
      this.copied(button);
    } catch {
      const field = document.createElement("input");
      field.className = "input";
      field.readOnly = true;
      field.value = address;
      field.setAttribute("aria-label", "Address of this claim");
      button.replaceWith(field);
      field.select();
      field.addEventListener("blur", () => field.replaceWith(button), { once: true });
    }
  }

  /** @param {HTMLElement} button */
  copied(button) {
    const shown = one(button, "span", HTMLElement);
    const heard = one(this.selecting.form, ".claim-foot > [role='status']", HTMLElement);
    this.words ??= shown.textContent;
    shown.textContent = "Copied";
    heard.textContent = "The link is copied.";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      shown.textContent = this.words ?? "";
      heard.textContent = "";
    }, COPIED);
  }
}
