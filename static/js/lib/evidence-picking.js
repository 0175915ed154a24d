/**
 * Evidence out of the article itself: the person selects words, and they become evidence of the selected claim.
 *
 * Words that are selected already are taken at once (E, or the button). Otherwise the page waits for them, says so in a
 * bar, and takes them when the mouse is let go, or with Enter or the bar's button for who selects without a mouse.
 */

import { byId } from "./dom.js";

/** @typedef {import("./article-text.js").Passage} Passage */
/** @typedef {import("./editing.js").Editing} Editing */
/** @typedef {import("./keys.js").Keys} Keys */

export class EvidencePicking {
  /**
   * @param {Editing} editing
   * @param {Keys} keys
   */
  constructor(editing, keys) {
    this.editing = editing;
    this.selecting = editing.selecting;
    this.form = editing.form;
    this.text = editing.desk.text;
    this.bar = byId("picking", HTMLElement);
    /** @type {string | null} the claim that waits for evidence */
    this.waiting = null;
    this.form.addEventListener("evidence-wanted", () => this.wanted());
    this.form.addEventListener("evidence-removed", (event) => this.offerBack(/** @type {CustomEvent} */ (event).detail));
    this.form.addEventListener("place-wanted", (event) => this.show(/** @type {CustomEvent} */ (event).detail));
    this.form.addEventListener("mousedown", keepSelection);
    this.bar.addEventListener("mousedown", (event) => event.preventDefault());
    byId("picking-take", HTMLElement).addEventListener("click", () => this.take());
    byId("picking-cancel", HTMLElement).addEventListener("click", () => this.stop());
    this.editing.selection.addEventListener("changed", () => this.allow());
    document.addEventListener("pointerup", (event) => this.letGo(event));
    // While the page waits for words, these keys are for that; so this listens before everybody else.
    const within = document.body;
    keys.on("add-evidence", () => this.takeOr(() => false), { within });
    keys.on("leave", () => (this.waiting === null ? false : this.stop()), { within, typing: true });
    keys.on("choose-label", () => (this.waiting === null ? false : this.take()), { within });
    this.selecting.addEventListener("selected", () => this.waiting !== this.selecting.selected && this.stop());
  }

  /** The button was pressed: take what is selected, or wait for it. */
  wanted() {
    this.takeOr(() => this.wait());
  }

  /**
   * @param {() => boolean | void} otherwise
   * @returns {boolean | void}
   */
  takeOr(otherwise) {
    this.editing.selection.read();
    if (!this.editing.selection.passage || !this.selecting.selected) {
      return otherwise();
    }
    this.waiting = this.selecting.selected;
    this.take();
  }

  wait() {
    this.waiting = this.selecting.selected;
    this.bar.hidden = false;
    this.editing.labels.arm(null);
    // On a narrow screen the form lies over the text.
    this.selecting.panel.close();
    this.editing.cursor.focus();
    this.allow();
  }

  stop() {
    this.waiting = null;
    this.bar.hidden = true;
  }

  allow() {
    byId("picking-take", HTMLButtonElement).disabled = this.editing.selection.passage === null;
  }

  /** @param {PointerEvent} event */
  letGo(event) {
    if (this.waiting !== null && event.pointerType === "mouse") {
      // The browser sets the selection of a click after this event.
      setTimeout(() => this.waiting !== null && this.editing.selection.passage && this.take(), 0);
    }
  }

  /** The selected words become evidence of the claim that waits. */
  take() {
    this.editing.selection.read();
    const { passage } = this.editing.selection;
    const id = this.waiting;
    if (!passage || id === null) {
      return;
    }
    this.stop();
    this.editing.selection.clear();
    this.selecting.select(id, { sheet: this.selecting.panel.narrow });
    this.editing.selecting.place();
    this.form.addEvidence(evidenceFrom(passage, this.editing.desk.article));
  }

  /** @param {{before: import("./claim.js").Claim}} removed */
  offerBack({ before }) {
    const id = this.selecting.selected;
    if (id === null) {
      return;
    }
    this.editing.telling.toast("Evidence removed.", () => {
      const claim = this.editing.claims.get(id);
      if (claim) {
        this.selecting.select(id);
        this.editing.change({ ...claim, evidence: before.evidence ?? [] });
      }
    });
  }

  /**
   * Go to a passage of the article, with the words selected: that is where they stand.
   * @param {import("./offsets.js").Span} place
   */
  show({ start, end }) {
    this.selecting.panel.close();
    this.editing.cursor.moveTo(start, end);
  }
}

/**
 * @param {Passage} passage
 * @param {string} article
 * @returns {Partial<import("./claim.js").Evidence>}
 */
function evidenceFrom({ start, end, exact }, article) {
  return { article, start, end, quote: exact };
}

/** @param {MouseEvent} event a press on the button must keep the selection that it is about to use */
function keepSelection(event) {
  if (event.target instanceof Element && event.target.closest("[data-send='evidence-wanted']")) {
    event.preventDefault();
  }
}
