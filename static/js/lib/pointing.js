/** What a pointer or a finger does to claims: the handles of the selected one, words chosen by taps, and cancelling. */

import { byId } from "./dom.js";
import { Handles } from "./handles.js";
import { Tapping } from "./tapping.js";
import { showPending } from "./text-selection.js";

/** @typedef {import("./article-text.js").Passage} Passage */
/** @typedef {import("./editing.js").Editing} Editing */

export class Pointing {
  /**
   * @param {Editing} editing
   * @param {import("./keys.js").Keys} keys
   */
  constructor(editing, keys) {
    this.editing = editing;
    this.desk = editing.desk;
    this.handles = new Handles(this.desk.text, keys);
    this.tapping = new Tapping(this.desk.text, editing.selection, editing.labels);
    this.cancel = byId("cancel-selection", HTMLButtonElement);
    this.listen();
    this.show();
  }

  listen() {
    const { editing, handles, tapping } = this;
    editing.selecting.addEventListener("selected", () => this.show());
    this.desk.addEventListener("changed", () => this.show());
    this.desk.addEventListener("drawn", () => this.show());
    editing.selection.addEventListener("changed", () => this.show());
    handles.addEventListener("dragged", (event) => this.preview(/** @type {CustomEvent} */ (event).detail));
    handles.addEventListener("dropped", (event) => editing.span(/** @type {CustomEvent} */ (event).detail));
    tapping.addEventListener("tapped", (event) => this.tapped(/** @type {CustomEvent} */ (event).detail));
    byId("labelbar", HTMLElement).addEventListener("click", () => this.show());
    this.cancel.addEventListener("click", () => {
      editing.labels.arm(null);
      editing.selection.clear();
      editing.refresh();
      this.show();
    });
  }

  /** The handles stand at the selected claim, unless other words are about to be marked. */
  show() {
    const { selected } = this.editing.selecting;
    const { passage } = this.editing.selection;
    this.handles.show(selected !== null && !passage ? this.desk.claims.get(selected) : null);
    this.cancel.hidden = !passage && this.editing.labels.armed === null;
  }

  /** @param {Passage | null} passage what the claim would cover */
  preview(passage) {
    if (passage) {
      showPending(this.desk.text, [...this.desk.unsaved, passage]);
    } else {
      this.editing.refresh();
    }
  }

  /** @param {boolean} complete whether the last word is chosen, too */
  tapped(complete) {
    if (complete && this.editing.labels.armed) {
      this.editing.finishArmed();
    } else if (!complete) {
      const { armed } = this.editing.labels;
      this.editing.labels.say(armed ? "Tap the last word." : "Tap the last word, or press a label.");
    }
  }
}
