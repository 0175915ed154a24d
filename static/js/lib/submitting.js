/** Submitting: what is still missing is shown over the text; the button in it is an ordinary form. */

import { byId, cloned, one, parsed } from "./dom.js";

/** @typedef {import("../elements/claim-form.js").ClaimForm} ClaimForm */
/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("./selecting.js").Selecting} Selecting */

export class Submitting {
  /**
   * @param {Selecting} selecting
   * @param {ClaimForm} form
   * @param {Reading} reading
   */
  constructor(selecting, form, reading) {
    this.desk = selecting.desk;
    this.selecting = selecting;
    this.form = form;
    this.reading = reading;
    this.link = byId("submit", HTMLAnchorElement);
    this.dialog = byId("review-dialog", HTMLDialogElement);
    this.place = byId("review-place", HTMLElement);
    /** Whether the review waits for changes to be saved. */
    this.waits = false;
  }

  /** Open the review in the dialog when Submit is pressed, and lead from there to what it names. */
  start() {
    this.link.addEventListener("click", (event) => {
      event.preventDefault();
      this.place.textContent = "Looking at what is missing …";
      this.dialog.showModal();
      void this.show();
    });
    this.place.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (link instanceof HTMLAnchorElement) {
        this.follow(link, event);
      }
    });
    this.desk.outbox.addEventListener("state", () => {
      if (this.waits && this.dialog.open && this.desk.outbox.waiting === 0) {
        void this.show();
      }
    });
  }

  /** Everything is saved first, since the review is made from what the server has. */
  async show() {
    this.form.flush();
    const { outbox } = this.desk;
    this.waits = false;
    await Promise.all([outbox.send(), this.reading.report()]);
    this.waits = outbox.waiting > 0;
    if (this.waits) {
      const changes = outbox.waiting === 1 ? "1 change is" : `${outbox.waiting} changes are`;
      this.delay(`${changes} not saved yet. The article can be submitted when everything is.`);
      return;
    }
    try {
      const review = one(parsed(await this.desk.session.html(this.link.href)), "#review", HTMLElement);
      this.place.replaceChildren(document.adoptNode(review));
    } catch {
      this.delay("The server did not answer. Nothing was submitted.");
    }
  }

  /** @param {string} words why there is no review yet */
  delay(words) {
    const notice = cloned(byId("review-delayed", HTMLTemplateElement));
    one(notice, ".review-delay", HTMLElement).textContent = words;
    one(notice, "button", HTMLButtonElement).addEventListener("click", () => {
      void this.desk.outbox.retry();
      void this.show();
    });
    this.place.replaceChildren(notice);
  }

  /**
   * To the claim, the sentence or the place in the text behind the dialog.
   * @param {HTMLAnchorElement} link
   * @param {Event} event
   */
  follow(link, event) {
    const { claim, passage } = link.dataset;
    this.dialog.close();
    if (claim !== undefined) {
      event.preventDefault();
      this.selecting.select(claim, { scroll: true, sheet: true });
      this.desk.list.head(claim)?.focus({ preventScroll: true });
    } else if (passage !== undefined) {
      event.preventDefault();
      this.choose(passage);
    }
  }

  /**
   * Select the sentence, so that the key of a label marks it, or what the person makes of it.
   * @param {string} passage "start end", in code points
   */
  choose(passage) {
    const [start, end] = passage.split(" ").map(Number);
    const range = this.desk.text.rangeOf(start ?? 0, end ?? 0);
    if (range) {
      range.startContainer.parentElement?.scrollIntoView({ block: "center" });
      document.getSelection()?.setBaseAndExtent(
        range.startContainer,
        range.startOffset,
        range.endContainer,
        range.endOffset,
      );
    }
  }
}
