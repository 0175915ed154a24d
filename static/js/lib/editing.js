/** Making and changing claims: what the labels, the form and the keys do. What the person is told is in telling.js. */

import { byId } from "./dom.js";
import { LabelBar } from "./labels.js";
import { Telling } from "./telling.js";
import { TextSelection, showPending } from "./text-selection.js";

/** @typedef {import("./article-text.js").Edge} Edge */
/** @typedef {import("./article-text.js").Passage} Passage */
/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./selecting.js").Selecting} Selecting */
/** @typedef {import("../elements/claim-form.js").ClaimForm} ClaimForm */

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
    this.telling = new Telling(desk, selecting, form);
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
    // A press on these must keep the selection that it is about to use.
    this.form.addEventListener("mousedown", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-use-selection], [data-move]")) {
        event.preventDefault();
      }
    });
  }

  listenToDesk() {
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
    this.telling.toast("Claim deleted.", () => {
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
      this.telling.hush();
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
    this.telling.tellState();
  }
}
