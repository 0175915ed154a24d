/** Making and changing claims: what the labels, the form and the keys do, and what the person is told about it. */

import { byId, cloned, one } from "./dom.js";
import { LabelBar } from "./labels.js";
import { savedWords } from "./saved-words.js";
import { TextSelection, showPending } from "./text-selection.js";

/** @typedef {import("./article-text.js").Edge} Edge */
/** @typedef {import("./article-text.js").Passage} Passage */
/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./selecting.js").Selecting} Selecting */
/** @typedef {import("../elements/claim-form.js").ClaimForm} ClaimForm */

const TOAST = 12_000;

export class Editing {
  /**
   * @param {Desk} desk
   * @param {Selecting} selecting
   * @param {ClaimForm} form
   * @param {import("./keys.js").Keys} keys
   */
  constructor(desk, selecting, form, keys) {
    this.desk = desk;
    this.claims = desk.claims;
    this.selecting = selecting;
    this.form = form;
    this.keys = keys;
    this.selection = new TextSelection(desk.text);
    this.labels = new LabelBar(byId("labelbar", HTMLElement), byId("hint", HTMLElement), (key) => this.label(key));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.toastTimer = undefined;
  }

  start() {
    this.listenToForm();
    this.listenToDesk();
    this.selection.addEventListener("changed", () => this.refresh());
    this.selection.addEventListener("finished", () => this.finishArmed());
    this.selecting.addEventListener("selected", () => this.refresh());
    this.listenToKeys();
    byId("undo", HTMLElement).addEventListener("click", () => this.undo());
    byId("redo", HTMLElement).addEventListener("click", () => this.redo());
    document.getElementById("read")?.addEventListener("submit", (event) => void this.read(event));
    addEventListener("online", () => void this.desk.outbox.retry());
    addEventListener("focus", () => void this.desk.outbox.retry());
    addEventListener("beforeunload", (event) => {
      this.form.flush();
      if (this.desk.outbox.waiting > 0) {
        event.preventDefault();
      }
    });
    this.refresh();
  }

  listenToKeys() {
    for (let number = 1; number <= 9; number += 1) {
      this.keys.on(`label-${number}`, () => {
        const label = this.labels.labelOf(String(number));
        return label ? this.label(label) : false;
      });
    }
    this.keys.on("undo", () => this.undo());
    this.keys.on("redo", () => this.redo());
    this.keys.on("end-later", () => this.move("end", 1));
    this.keys.on("end-earlier", () => this.move("end", -1));
    this.keys.on("start-later", () => this.move("start", 1));
    this.keys.on("start-earlier", () => this.move("start", -1));
    this.keys.on("delete", () => this.remove());
    this.keys.on("leave", () => this.escape(), { typing: true });
  }

  listenToForm() {
    this.form.addEventListener("claim-edited", (event) => {
      const { selected } = this.selecting;
      if (selected) {
        this.claims.change(selected, /** @type {CustomEvent} */ (event).detail);
      }
    });
    this.form.addEventListener("boundary-moved", (event) => {
      const { edge, direction } = /** @type {CustomEvent} */ (event).detail;
      this.move(edge, direction);
    });
    this.form.addEventListener("selection-wanted", () => {
      if (this.selection.passage) {
        this.span(this.selection.passage);
        this.selection.clear();
      } else {
        this.labels.say("Select the new words in the text first, then press “Use selection”.");
      }
    });
    this.form.addEventListener("claim-deleted", () => this.remove());
    this.form.addEventListener("input", () => this.tellState());
    // A press on these must keep the selection that it is about to use.
    this.form.addEventListener("mousedown", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-use-selection], [data-move]")) {
        event.preventDefault();
      }
    });
  }

  listenToDesk() {
    const { outbox } = this.desk;
    outbox.addEventListener("state", () => this.tellState());
    outbox.addEventListener("refused", (event) => {
      const { id, problem } = /** @type {CustomEvent} */ (event).detail;
      this.selecting.select(id);
      this.form.refuse(problem.message, problem.errors);
    });
    outbox.addEventListener("stale", (event) => {
      const { id, current } = /** @type {CustomEvent} */ (event).detail;
      this.askAbout(id, current);
    });
    this.desk.addEventListener("changed", () => this.refresh());
    this.desk.addEventListener("drawn", () => this.refresh());
  }

  /**
   * A label was pressed: it marks the selected text, else changes the selected claim, else is armed.
   * @param {string} key
   */
  label(key) {
    // The event that tells of a selection may still be on its way when the key arrives.
    this.selection.read();
    const claim = this.current;
    if (this.selection.passage) {
      this.create(this.selection.passage, key);
    } else if (claim) {
      this.change({ ...claim, label: key, ...(claim.label === key ? {} : { reason: "" }) });
    } else {
      this.labels.arm(this.labels.armed === key ? null : key);
      this.refresh();
    }
  }

  /**
   * @param {Passage} passage
   * @param {string} label
   */
  create(passage, label) {
    this.selection.clear();
    const same = [...this.claims.known].find(
      ([, claim]) => claim?.start === passage.start && claim.end === passage.end && claim.label === label,
    );
    this.selecting.select(same ? same[0] : this.claims.create({ ...passage, label }));
  }

  finishArmed() {
    if (this.labels.armed && this.selection.passage) {
      this.create(this.selection.passage, this.labels.armed);
    }
  }

  /** @returns {Claim | null} the selected one, with what was typed in its form */
  get current() {
    this.form.flush();
    return this.selecting.selected ? this.claims.get(this.selecting.selected) : null;
  }

  /**
   * Change the selected claim from outside of its form.
   * @param {Claim} claim
   */
  change(claim) {
    const { selected } = this.selecting;
    if (selected) {
      this.claims.change(selected, claim);
      this.form.show(claim);
    }
  }

  /** @param {Passage} passage */
  span(passage) {
    const claim = this.current;
    if (claim) {
      this.change({ ...claim, ...passage });
    }
  }

  /**
   * @param {Edge} edge
   * @param {1 | -1} direction
   */
  move(edge, direction) {
    const claim = this.current;
    const passage = claim && this.desk.text.moved(claim, edge, direction);
    if (passage) {
      this.span(passage);
    }
  }

  remove() {
    const [id, claim] = [this.selecting.selected, this.current];
    if (!id || !claim) {
      return;
    }
    const next = this.desk.list.neighbour(1);
    this.selecting.select(null);
    this.claims.change(id, null);
    this.toast("Claim deleted.", () => {
      this.claims.change(id, claim);
      this.selecting.select(id, { scroll: true });
    });
    if (next && next !== id) {
      this.desk.list.head(next)?.focus({ preventScroll: true });
    }
  }

  /** @param {string | null} id of the claim that undo or redo changed */
  goBack(id) {
    if (id) {
      const claim = this.claims.get(id);
      this.selecting.select(claim ? id : null, { scroll: true });
      byId("toast", HTMLElement).hidden = true;
    }
  }

  undo() {
    this.form.flush();
    this.goBack(this.claims.undo());
  }

  redo() {
    this.form.flush();
    this.goBack(this.claims.redo());
  }

  escape() {
    const focused = document.activeElement;
    const { selected } = this.selecting;
    if (selected && focused && this.form.contains(focused)) {
      this.form.flush();
      this.desk.list.head(selected)?.focus({ preventScroll: true });
    } else if (this.labels.armed) {
      this.labels.arm(null);
      this.refresh();
    } else if (this.selection.passage) {
      this.selection.clear();
    } else {
      this.selecting.select(null);
      this.selecting.panel.close();
    }
  }

  /** Say what the next press does, and show what is selected or not saved yet. */
  refresh() {
    const { passage } = this.selection;
    this.labels.explain(passage, this.selecting.selected !== null);
    showPending(this.desk.text, [...this.desk.unsaved, ...(passage ? [passage] : [])]);
    byId("undo", HTMLButtonElement).disabled = this.claims.done.length === 0;
    byId("redo", HTMLButtonElement).disabled = this.claims.undone.length === 0;
    this.tellState();
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
        this.selecting.select(this.claims.get(id) ? id : null);
      }
    });
    card?.querySelector(".claim-head")?.after(notice);
    one(notice, "[data-keep]", HTMLElement).focus();
  }

  /**
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
    this.toastTimer = setTimeout(() => {
      toast.hidden = true;
    }, TOAST);
  }

  /** @param {SubmitEvent} event */
  async read(event) {
    if (!(event.target instanceof HTMLFormElement)) {
      return;
    }
    event.preventDefault();
    const place = event.target;
    try {
      await this.desk.session.post(place.action);
    } catch {
      this.labels.say("That was not saved: the server did not take it. Try again.");
      return;
    }
    place.hidden = true;
    byId("read-done", HTMLElement).hidden = false;
  }
}
