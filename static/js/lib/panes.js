/** On a narrow screen one pane at a time; where there is room for all of them this changes nothing to be seen. */

import { all, one } from "./dom.js";

/** Event "shown": another pane is on the screen. */
export class Panes extends EventTarget {
  /**
   * @param {HTMLElement} root
   * @param {string} first the pane to begin with
   */
  constructor(root, first = "questions") {
    super();
    this.root = root;
    this.buttons = all(root, "[data-show]", HTMLButtonElement);
    one(root, ".pane-switch, .compare-switch", HTMLElement).hidden = false;
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.show(button.dataset["show"] ?? ""));
    }
    this.show(first);
  }

  /** @param {string} name as the buttons have it: "questions", "text", "left" */
  show(name) {
    if (this.root.dataset["view"] === name) {
      return;
    }
    this.root.dataset["view"] = name;
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.dataset["show"] === name));
    }
    this.dispatchEvent(new Event("shown"));
  }
}
