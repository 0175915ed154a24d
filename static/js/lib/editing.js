/** Making and changing claims: what the labels, the form and the keys do. What the person is told is in telling.js. */

import { withSpan } from "./claim.js";
import { byId } from "./dom.js";
import { showFresh } from "./fresh-marks.js";
import { LabelBar } from "./labels.js";
import { OncePerFrame } from "./once-per-frame.js";
import { stepped } from "./steps.js";
import { Telling } from "./telling.js";
import { TextSelection, showPending } from "./text-selection.js";

/** @typedef {import("./article-text.js").Edge} Edge */
/** @typedef {import("./article-text.js").Passage} Passage */
/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./selecting.js").Selecting} Selecting */
/** @typedef {import("./steps.js").Measure} Measure */

export class Editing {
  /**
   * @param {Selecting} selecting
   * @param {import("./cursor.js").Cursor} cursor
   * @param {import("./keys.js").Keys} keys
   */
  constructor(selecting, cursor, keys) {
    this.selecting = selecting;
    this.desk = selecting.desk;
    this.form = selecting.form;
    this.claims = this.desk.claims;
    this.cursor = cursor;
    this.keys = keys;
    this.selection = new TextSelection(this.desk.text);
    this.labels = new LabelBar(byId("labelbar", HTMLElement), byId("hint", HTMLElement), (key) => this.label(key));
    this.telling = new Telling();
    this.highlights = new OncePerFrame(() => this.highlight());
    /** Until when undo waits. */
    this.recalled = Promise.resolve();
    /** @type {(passage: Passage) => string | undefined} How a new claim came to be, where it was not by hand. */
    this.originOf = () => undefined;
  }

  start() {
    this.listenToForm();
    this.listenToDesk();
    this.selection.addEventListener("changed", () => this.refresh());
    this.selection.addEventListener("finished", () => this.finishArmed());
    this.selecting.addEventListener("selected", () => this.refresh());
    this.listenToKeys();
    byId("undo", HTMLElement).addEventListener("click", () => void this.undo());
    byId("redo", HTMLElement).addEventListener("click", () => void this.redo());
    this.refresh();
  }

  listenToKeys() {
    for (let number = 1; number <= 9; number += 1) {
      this.keys.on(`label-${number}`, () => {
        const label = this.labels.labelOf(String(number));
        return label ? this.label(label) : false;
      });
    }
    this.keys.on("undo", () => void this.undo());
    this.keys.on("redo", () => void this.redo());
    for (const edge of /** @type {const} */ (["start", "end"])) {
      this.keys.on(`${edge}-later`, () => this.move(edge, 1));
      this.keys.on(`${edge}-earlier`, () => this.move(edge, -1));
      this.keys.on(`${edge}-later-by-one`, () => this.move(edge, 1, "character"));
      this.keys.on(`${edge}-earlier-by-one`, () => this.move(edge, -1, "character"));
    }
    this.keys.on("delete", () => this.remove());
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
    this.claims.addEventListener("recalled", () => this.refresh());
    this.claims.addEventListener("outdated", () => this.refresh());
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
    const origin = this.originOf(passage);
    if (!this.claims.allows(null, { ...passage, label })) {
      return;
    }
    this.selection.clear();
    const same = this.desk.list.over(passage).find((id) => this.claims.get(id)?.label === label);
    this.selecting.select(same ?? this.claims.create({ ...(origin ? { origin } : {}), ...passage, label }));
    this.cursor.set(passage.end);
  }

  finishArmed() {
    // Who selects with keys stops to think; the label is applied with Enter or its own key.
    if (this.labels.armed && this.selection.passage && !this.cursor.selects) {
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
      this.change(withSpan(claim, passage));
    }
  }

  /**
   * @param {Edge} edge
   * @param {1 | -1} direction
   * @param {Measure} [measure]
   */
  move(edge, direction, measure = "word") {
    const claim = this.current;
    const passage = claim && this.moved(claim, edge, { direction, measure });
    if (passage) {
      this.span(passage);
      if (this.cursor.focused) {
        this.cursor.moveTo(passage[edge]);
      }
    }
  }

  /**
   * @param {Claim} claim
   * @param {Edge} edge
   * @param {{direction: 1 | -1, measure: Measure}} step
   * @returns {Passage | null} null where it cannot go
   */
  moved(claim, edge, { direction, measure }) {
    const { text } = this.desk;
    if (measure === "word") {
      return text.moved(claim, edge, direction);
    }
    const span = { start: claim.start, end: claim.end, [edge]: stepped(text, claim[edge], direction, measure) };
    return span.start < span.end ? text.passage(span.start, span.end) : null;
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
    if (this.cursor.focused) {
      this.cursor.moveTo(claim.start);
    } else if (next && next !== id) {
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

  /** Steps of before the page was loaded again come back a moment after it: who presses before that means them. */
  async undo() {
    this.form.flush();
    await this.recalled;
    this.goBack(this.claims.undo());
  }

  async redo() {
    this.form.flush();
    await this.recalled;
    this.goBack(this.claims.redo());
  }

  /** Say what the next press does, and show what is selected or not saved yet. */
  refresh() {
    const { passage } = this.selection;
    this.labels.explain(passage, this.selecting.selected !== null);
    this.highlights.ask();
    byId("undo", HTMLButtonElement).disabled = this.claims.done.length === 0;
    byId("redo", HTMLButtonElement).disabled = this.claims.undone.length === 0;
  }

  /** The wash over what is selected or not saved yet, and the lines of the claims that the server has not drawn. */
  highlight() {
    const { passage } = this.selection;
    const { text, unsaved } = this.desk;
    showPending(text, [...unsaved, ...(passage ? [passage] : [])]);
    showFresh(text, unsaved);
  }
}
