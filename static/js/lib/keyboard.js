/**
 * What the keyboard does to claims, from the place of the cursor: choosing a label, finding the claim that is meant,
 * going to its form and back. Labels and boundaries themselves are changed in editing.js.
 */

import { Choosing } from "./choosing.js";
import { toneOf } from "./labels.js";
import { fieldToFill } from "./needed.js";
import { Speaking } from "./speaking.js";

/** @typedef {import("./cursor.js").Cursor} Cursor */
/** @typedef {import("./editing.js").Editing} Editing */
/** @typedef {import("./keys.js").Keys} Keys */
/** @typedef {import("./selecting.js").Selecting} Selecting */
/** @typedef {import("../elements/claim-form.js").ClaimForm} ClaimForm */

export class Keyboard {
  /**
   * @param {Selecting} selecting
   * @param {Cursor} cursor
   * @param {Keys} keys
   * @param {Editing | null} editing null where claims can only be read
   */
  constructor(selecting, cursor, keys, editing) {
    this.selecting = selecting;
    this.desk = selecting.desk;
    this.form = selecting.form;
    this.cursor = cursor;
    this.editing = editing;
    this.choosing = new Choosing();
    this.speaking = new Speaking(cursor, (place) => this.claimsAt(place).map((id) => this.called(id)));
    this.desk.addEventListener("drawing", () => cursor.follow());
    this.desk.addEventListener("drawn", () => cursor.redrawn());
    this.listen(keys);
  }

  /** @param {Keys} keys */
  listen(keys) {
    const within = this.cursor.text.root;
    keys.on("choose-label", () => void this.enter(), { within });
    keys.on("select-claim", () => void this.selectHere(), { within });
    keys.on("next-claim", () => this.step(1));
    keys.on("previous-claim", () => this.step(-1));
    keys.on("go-to-text", () => {
      this.cursor.focus();
      this.cursor.reveal();
    });
    keys.on("to-form", () => this.toForm());
    keys.on("add-evidence", () => this.addEvidence());
    keys.on("unsure", () => (this.selecting.selected && this.editing ? this.form.turnUnsure() : false));
    keys.on("leave", () => this.leave(), { typing: true });
  }

  /** Label what is selected; without a selection open the form of the claim at the cursor. */
  async enter() {
    const { editing } = this;
    editing?.selection.read();
    const passage = editing?.selection.passage;
    if (editing && passage) {
      const label = editing.labels.armed ?? (await this.askLabel());
      if (label) {
        editing.create(passage, label);
      }
      return;
    }
    const here = this.claimsAt(this.cursor.place);
    const id = here.find((each) => each === this.selecting.selected) ?? here[0];
    if (id) {
      this.selecting.select(id);
      this.toForm();
    } else if (editing) {
      editing.labels.say("Select words first: hold Shift and press the arrow keys.");
    }
  }

  /** @returns {Promise<string | null>} the key of the label */
  async askLabel() {
    const labels = this.editing?.labels.buttons ?? [];
    const choices = labels.map((label) => ({
      words: label.querySelector(".label-name")?.textContent ?? "",
      tone: toneOf(label),
    }));
    const chosen = await this.choosing.ask("Label the selected text", choices, this.cursor.caret());
    this.cursor.focus();
    return chosen === null ? null : (labels[chosen]?.dataset["label"] ?? null);
  }

  /** Select the claim at the cursor; where several overlap, ask which. */
  async selectHere() {
    const here = this.claimsAt(this.cursor.place);
    if (here.length > 1) {
      const choices = here.map((id) => ({
        words: this.labelName(id),
        tone: toneOf(this.desk.list.card(id)),
        more: this.desk.claims.get(id)?.exact ?? "",
      }));
      const chosen = await this.choosing.ask("Claims here, the innermost first", choices, this.cursor.caret());
      this.cursor.focus();
      this.pick(chosen === null ? undefined : here[chosen]);
    } else {
      this.pick(here[0]);
    }
  }

  /** @param {string | undefined} id */
  pick(id) {
    if (id) {
      this.selecting.select(id);
      this.speaking.say(`${this.called(id)} selected`);
    }
  }

  /**
   * The claims that a place is in, the innermost first; where it is in none, those that end there.
   * @param {number} place
   * @returns {string[]}
   */
  claimsAt(place) {
    const around = this.desk.claims.at(place);
    return around.length > 0 ? around : this.desk.claims.endingAt(place);
  }

  /**
   * The next claim, or the one before; the cursor goes there too. Without a selected claim it is that after the cursor.
   * @param {1 | -1} direction
   */
  step(direction) {
    const id = this.selecting.selected === null && this.cursor.focused ? this.desk.list.beyond(this.cursor.place, direction) : null;
    const next = id ?? this.desk.list.neighbour(direction);
    const claim = next && this.desk.claims.get(next);
    if (!claim) {
      return;
    }
    const inText = this.cursor.focused;
    this.selecting.select(next, { scroll: !inText });
    if (inText) {
      this.cursor.moveTo(claim.start);
    } else {
      this.cursor.set(claim.start);
      this.desk.list.head(next)?.focus({ preventScroll: true });
    }
    this.speaking.say(`${this.called(next)} selected`);
  }

  /** @returns {boolean | void} */
  toForm() {
    const { selected, panel } = this.selecting;
    if (!selected) {
      return false;
    }
    if (panel.narrow) {
      panel.open();
    }
    this.selecting.place();
    fieldToFill(this.form)?.focus();
  }

  /** @returns {boolean | void} */
  addEvidence() {
    const { selected, panel } = this.selecting;
    if (!selected || !this.editing) {
      return false;
    }
    if (panel.narrow) {
      panel.open();
    }
    this.selecting.place();
    this.form.addEvidence();
  }

  /**
   * Leave what one is in, from the inside out: the form for the text, the armed label, the selection, the claim. The
   * cursor comes to the end of the words that were meant.
   */
  leave() {
    const { cursor, editing, selecting } = this;
    const { selected, panel } = selecting;
    const claim = selected ? this.desk.claims.get(selected) : null;
    const passage = editing?.selection.passage;
    if (claim && this.inPanel) {
      this.form.flush();
      panel.close();
      cursor.moveTo(claim.end);
    } else if (editing?.labels.armed) {
      editing.labels.arm(null);
      editing.refresh();
    } else if (editing && passage) {
      editing.selection.clear();
      cursor.set(passage.end);
    } else {
      if (claim) {
        cursor.set(claim.end);
      }
      selecting.select(null);
      panel.close();
    }
  }

  /** @returns {boolean} whether the focus is in the list of claims or the form */
  get inPanel() {
    return document.activeElement?.closest(".panel") !== null;
  }

  /**
   * @param {string} id
   * @returns {string} for who hears it
   */
  called(id) {
    return `${this.labelName(id)} claim: ${this.desk.claims.get(id)?.exact ?? ""}`;
  }

  /**
   * @param {string} id
   * @returns {string}
   */
  labelName(id) {
    const key = this.desk.claims.get(id)?.label;
    return this.form.labels?.find((label) => label.key === key)?.name ?? key ?? "";
  }
}
