/** What the person is told about their work: whether it is saved, what was refused, and what can be taken back. */

import { byId, cloned, one } from "./dom.js";
import { savedWords } from "./saved-words.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./selecting.js").Selecting} Selecting */
/** @typedef {import("../elements/claim-form.js").ClaimForm} ClaimForm */

const TOAST = 12_000;

export class Telling {
  /**
   * @param {Desk} desk
   * @param {Selecting} selecting
   * @param {ClaimForm} form
   */
  constructor(desk, selecting, form) {
    this.desk = desk;
    this.selecting = selecting;
    this.form = form;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.toastTimer = undefined;
    const { outbox } = desk;
    outbox.addEventListener("state", () => this.tellState());
    outbox.addEventListener("refused", (event) => {
      const { id, problem } = /** @type {CustomEvent} */ (event).detail;
      selecting.select(id);
      form.refuse(problem.message, problem.errors);
    });
    outbox.addEventListener("stale", (event) => {
      const { id, current } = /** @type {CustomEvent} */ (event).detail;
      this.askAbout(id, current);
    });
    form.addEventListener("input", () => this.tellState());
  }

  tellState() {
    const { outbox } = this.desk;
    const state = outbox.state === "saved" && this.form.pending ? "saving" : outbox.state;
    byId("saved", HTMLElement).dataset["state"] = state === "signed-out" ? "waiting" : state;
    const place = byId("saved-words", HTMLElement);
    const words = savedWords(state, outbox);
    if (place.textContent !== words) {
      // It is read aloud; the same words again would be read again.
      place.textContent = words;
    }
    byId("sign-in-again", HTMLElement).hidden = outbox.state !== "signed-out";
  }

  /**
   * Another window changed the claim: show it and let the person choose.
   * @param {string} id
   * @param {Record<string, any>} current
   */
  askAbout(id, current) {
    this.selecting.select(id);
    const card = this.desk.list.card(id);
    card?.querySelector(".stale")?.remove();
    const notice = cloned(byId("stale-notice", HTMLTemplateElement));
    const theirs = current["deleted"] ? "There it is deleted." : `There it is “${current["exact"]}”, ${current["label"]}.`;
    one(notice, ".stale-words", HTMLElement).textContent = theirs;
    notice.addEventListener("click", (event) => {
      const choice = event.target instanceof Element ? event.target.closest("[data-keep]") : null;
      if (!choice) {
        return;
      }
      notice.remove();
      if (choice.getAttribute("data-keep") === "mine") {
        this.desk.outbox.insist(id, Number(current["version"]));
      } else {
        this.desk.takeTheirs(id, current);
        this.form.claim = null;
        this.selecting.select(this.desk.claims.get(id) ? id : null);
      }
    });
    card?.querySelector(".claim-head")?.after(notice);
    one(notice, "[data-keep]", HTMLElement).focus();
  }

  /**
   * Say something for a while, with the way back.
   * @param {string} words
   * @param {() => void} undo
   */
  toast(words, undo) {
    const toast = byId("toast", HTMLElement);
    byId("toast-words", HTMLElement).textContent = words;
    byId("toast-undo", HTMLButtonElement).onclick = () => {
      toast.hidden = true;
      undo();
    };
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => this.hush(), TOAST);
  }

  hush() {
    byId("toast", HTMLElement).hidden = true;
  }
}
