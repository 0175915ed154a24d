/**
 * Passages that are worth a look: a faint line under them, a list in the panel, and what the person does with one.
 *
 * The line is a highlight of the browser's, so the text stays as it is. A suggestion never becomes a claim by itself:
 * whoever accepts one chooses its label.
 */

import { Refused, Unreachable } from "./api.js";
import { touches, union } from "./covering.js";
import { all, byId } from "./dom.js";
import { beyond } from "./jumping.js";
import { SuggestionLines } from "./suggestion-lines.js";
import { SuggestionList, whyOf } from "./suggestion-list.js";

/** @typedef {import("./offsets.js").Span} Span */
/** @typedef {import("./text-cues.js").Suggestion} Suggestion */
/** @typedef {import("./suggestion-list.js").Act} Act */

/**
 * @typedef {object} Parts
 * @property {import("./text-cues.js").TextCues} cues
 * @property {import("./editing.js").Editing} editing
 * @property {import("./keyboard.js").Keyboard} keyboard
 * @property {import("./keys.js").Keys} keys
 * @property {(words: string) => void} say
 */

export class Suggestions {
  /** @param {Parts} parts */
  constructor({ cues, editing, keyboard, keys, say }) {
    this.cues = cues;
    this.editing = editing;
    this.keyboard = keyboard;
    this.say = say;
    this.desk = editing.desk;
    this.cursor = editing.cursor;
    this.panel = editing.selecting.panel;
    this.address = `/articles/${this.desk.article}`;
    this.list = new SuggestionList();
    /** What can be switched: passages worth a look where the project has them, one's own marks where there are copies. */
    this.boxes = all(byId("suggestions-pane", HTMLElement), "[data-switch]", HTMLInputElement);
    /** @type {Suggestion[]} Those that the server told of, in order. */
    this.all = [];
    /** @type {Set<Suggestion>} */
    this.dismissed = new Set();
    /** @type {Suggestion[]} Those that are neither dismissed nor marked, in order. */
    this.open = [];
    this.lines = new SuggestionLines(this.desk.text);
    /** @type {Span | null} What was accepted or adjusted last, until it is labelled. */
    this.taken = null;
    /** @type {Map<string, string>} Where the claims stood when the server was asked: it left out what they touch. */
    this.marked = new Map();
    this.listen(keys);
  }

  /** @param {import("./keys.js").Keys} keys */
  listen(keys) {
    keys.on("next-suggestion", (event) => this.step(event.shiftKey ? -1 : 1));
    /** @type {const} */ (["accept", "adjust", "dismiss"]).forEach((act) => {
      keys.on(`${act}-suggestion`, () => this.act(act));
    });
    for (const box of this.boxes) {
      box.addEventListener("change", () => void this.switch(box));
    }
    this.list.addEventListener("chosen", (event) => this.choose(/** @type {CustomEvent} */ (event).detail));
    this.list.addEventListener("acted", (event) => {
      const { act, suggestion } = /** @type {CustomEvent} */ (event).detail;
      this.list.choose(suggestion);
      this.act(act);
    });
    this.desk.addEventListener("changed", () => this.refresh());
    this.desk.addEventListener("drawn", () => this.redrawn());
    this.editing.originOf = (passage) => this.originOf(passage);
    const forget = () => {
      this.taken = null;
      return false;
    };
    // Whoever leaves the selection, or turns to a claim, has not taken the suggestion. Selecting anew is no leaving.
    keys.on("leave", forget, { within: document.body, typing: true });
    this.editing.selecting.addEventListener("selected", forget);
  }

  /** Show them, if this person wants them. */
  start() {
    byId("suggestions-tab", HTMLElement).hidden = false;
    if (this.on) {
      void this.load();
    }
  }

  /** @returns {boolean} whether the person wants any */
  get on() {
    return this.boxes.some((box) => box.checked);
  }

  /** @param {HTMLInputElement} box */
  async switch(box) {
    try {
      await this.desk.session.post(`${this.address}/${box.dataset["switch"]}/${box.checked ? "on" : "off"}`);
    } catch (problem) {
      box.checked = !box.checked;
      this.tell(problem, "That was not saved");
      return;
    }
    if (this.on) {
      await this.load();
    } else {
      this.take([]);
    }
  }

  async load() {
    try {
      const suggestions = await this.cues.suggestions();
      this.marked = this.places();
      this.take(suggestions);
    } catch (problem) {
      this.tell(problem, "The suggestions could not be fetched");
    }
  }

  /** @param {Suggestion[]} suggestions */
  take(suggestions) {
    const { text } = this.desk;
    const before = this.list.current;
    this.all = suggestions;
    this.dismissed.clear();
    this.lines.forget();
    this.list.fill(suggestions, ({ start, end }) => text.slice(start, end));
    this.refresh();
    this.list.choose(this.open.find(({ start, end }) => start === before?.start && end === before.end) ?? null);
    this.draw();
  }

  /** Leave out what is dismissed or marked by now. */
  refresh() {
    const spans = [...this.desk.claims.known.values()].filter((claim) => claim !== null);
    const covered = union(spans);
    this.open = this.all.filter((each) => !this.dismissed.has(each) && !touches(covered, each));
    this.list.refresh(new Set(this.open), this.on);
    if (this.list.current && !this.open.includes(this.list.current)) {
      this.list.choose(null);
    }
    this.draw();
  }

  redrawn() {
    this.draw();
    const now = this.places();
    const moved = [...this.marked].some(([id, place]) => now.get(id) !== place);
    if (moved && this.on && this.desk.outbox.waiting === 0) {
      // What the server left out because of a claim may be open again.
      this.marked = now;
      void this.load();
    }
  }

  /** @returns {Map<string, string>} where the claims stand */
  places() {
    const live = [...this.desk.claims.known].filter(([, claim]) => claim !== null);
    return new Map(live.map(([id, claim]) => [id, `${claim?.start}-${claim?.end}`]));
  }

  draw() {
    this.lines.draw(this.open, this.list.current);
  }

  /**
   * Go to the next open suggestion, or the one before.
   * @param {1 | -1} direction
   * @returns {boolean | void}
   */
  step(direction) {
    if (!this.on) {
      return false;
    }
    const { current } = this.list;
    const from = current && this.cursor.place === current.start ? current : this.cursor.span;
    const next = beyond(this.open, from, direction);
    if (next) {
      this.choose(next);
      this.cursor.moveTo(next.start);
      this.tellOf(next);
    } else {
      this.say(this.open.length > 0 ? `No suggestion ${direction > 0 ? "after" : "before"} this place.` : "No suggestion is left.");
    }
  }

  /** @param {Suggestion | null} suggestion */
  choose(suggestion) {
    this.list.choose(suggestion);
    this.draw();
    if (suggestion && !this.cursor.focused) {
      this.cursor.set(suggestion.start);
      this.cursor.reveal();
    }
  }

  /** @param {Suggestion} suggestion */
  tellOf(suggestion) {
    const { start, end } = suggestion;
    this.say(`Suggestion (${whyOf(suggestion)}): ${this.desk.text.slice(start, end)}`);
  }

  /**
   * @param {Act} act
   * @returns {boolean | void}
   */
  act(act) {
    const { current } = this.list;
    if (!current) {
      return false;
    }
    if (act === "dismiss") {
      void this.dismiss(current);
    } else if (act === "adjust") {
      this.adjust(current);
    } else {
      void this.accept(current);
    }
  }

  /**
   * Choose the label of a suggestion.
   * @param {Suggestion} suggestion
   */
  async accept(suggestion) {
    const { start, end } = suggestion;
    this.select(suggestion);
    const label = await this.keyboard.askLabel();
    if (label) {
      this.editing.create(this.desk.text.passage(start, end), label);
    } else {
      this.say("Not marked. Press a label to mark the selected text, or Esc to leave it.");
    }
  }

  /**
   * Select a suggestion, so that its ends can be moved before it is labelled.
   * @param {Suggestion} suggestion
   */
  adjust(suggestion) {
    this.select(suggestion);
    this.say("Hold Shift and press the arrow keys, or select anew; then press a label.");
  }

  /** @param {Suggestion} suggestion */
  select({ start, end, own }) {
    this.panel.close();
    this.cursor.moveTo(start, end);
    this.editing.selection.read();
    // What the person marked themselves in a copy is no suggestion of the program's.
    this.taken = own ? null : { start, end };
  }

  /**
   * Put one aside and go on to the next.
   * @param {Suggestion} suggestion
   */
  async dismiss(suggestion) {
    const inList = this.list.root.contains(document.activeElement);
    const place = this.open.indexOf(suggestion);
    this.dismissed.add(suggestion);
    this.refresh();
    const next = this.open[place] ?? this.open.at(-1) ?? null;
    this.goOn(next, inList);
    if (!(await this.put(suggestion, "dismiss"))) {
      return;
    }
    this.editing.telling.toast("Suggestion dismissed.", () => void this.restore(suggestion));
  }

  /**
   * @param {Suggestion | null} next
   * @param {boolean} inList
   */
  goOn(next, inList) {
    this.choose(next);
    if (next && inList) {
      this.list.focus();
    } else if (next && this.cursor.focused) {
      this.cursor.moveTo(next.start);
      this.tellOf(next);
    } else if (!next) {
      this.say("No suggestion is left.");
      if (inList) {
        byId("suggestions-tab", HTMLElement).focus();
      }
    }
  }

  /** @param {Suggestion} suggestion */
  async restore(suggestion) {
    this.dismissed.delete(suggestion);
    this.refresh();
    this.choose(suggestion);
    await this.put(suggestion, "restore");
  }

  /**
   * @param {Suggestion} suggestion
   * @param {"dismiss" | "restore"} what
   * @returns {Promise<boolean>} whether the server has it
   */
  async put(suggestion, what) {
    try {
      await this.desk.session.post(`${this.address}/suggestions/${suggestion.start}-${suggestion.end}/${what}`);
      return true;
    } catch (problem) {
      this.dismissed[what === "dismiss" ? "delete" : "add"](suggestion);
      this.refresh();
      this.tell(problem, "That was not saved");
      return false;
    }
  }

  /**
   * How a claim over `passage` came to be: the accepted suggestion, a part of it or more than it, or neither.
   * @param {Span} passage
   * @returns {string | undefined}
   */
  originOf(passage) {
    const { taken } = this;
    this.taken = null;
    if (!taken || passage.start >= taken.end || passage.end <= taken.start) {
      return undefined;
    }
    const same = passage.start === taken.start && passage.end === taken.end;
    return same ? "suggestion-accepted" : "suggestion-edited";
  }

  /**
   * @param {unknown} problem
   * @param {string} words
   */
  tell(problem, words) {
    if (problem instanceof Unreachable) {
      this.say(`${words}: no connection. Try again.`);
    } else if (problem instanceof Refused) {
      this.say(`${words}: the server refused it. Open the page again.`);
    } else {
      throw problem;
    }
  }
}
