/** Notices over the page about saving: each kind at most once, with what can be done about it. */

import { byId, cloned, one } from "./dom.js";

export class Notices {
  constructor() {
    this.root = byId("saving-notices", HTMLElement);
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
  }

  /**
   * @param {string} kind
   * @param {string} words
   * @param {Record<string, () => void>} [ways] what can be done, by the words of its button
   */
  show(kind, words, ways = { OK: () => undefined }) {
    const present = this.shown.get(kind);
    if (present && one(present, ".notice-said", HTMLElement).textContent === words) {
      // It is read aloud; the same words again would be read again.
      return;
    }
    const notice = cloned(byId("saving-notice", HTMLTemplateElement));
    one(notice, ".notice-said", HTMLElement).textContent = words;
    one(notice, ".cluster", HTMLElement).append(
      ...Object.entries(ways).map(([name, act]) => this.button(kind, name, act)),
    );
    if (present) {
      present.replaceWith(notice);
    } else {
      this.root.append(notice);
    }
    this.shown.set(kind, notice);
  }

  /** @param {string} kind */
  withdraw(kind) {
    this.shown.get(kind)?.remove();
    this.shown.delete(kind);
  }

  /**
   * @param {string} kind
   * @param {string} name
   * @param {() => void} act
   * @returns {HTMLButtonElement}
   */
  button(kind, name, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small";
    button.textContent = name;
    button.addEventListener("click", () => {
      this.withdraw(kind);
      act();
    });
    return button;
  }
}
