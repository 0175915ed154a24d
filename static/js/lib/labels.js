/**
 * The row of labels over the text: which one is armed, and what the next press of one will do, in words.
 *
 * Selecting never creates anything, unless a label is armed, and then the row shows it.
 */

import { all } from "./dom.js";

export class LabelBar {
  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} hint
   * @param {(key: string) => void} press
   */
  constructor(root, hint, press) {
    this.hint = hint;
    this.buttons = all(root, "[data-label]", HTMLButtonElement);
    /** @type {string | null} */
    this.armed = null;
    root.hidden = false;
    for (const button of this.buttons) {
      // A press must not take the selection away that it is about to label.
      button.addEventListener("pointerdown", (event) => event.preventDefault());
      button.addEventListener("mousedown", (event) => event.preventDefault());
      button.addEventListener("click", () => press(button.dataset["label"] ?? ""));
    }
  }

  /**
   * The label of a number key, if there is one.
   * @param {string} key
   * @returns {string | undefined}
   */
  labelOf(key) {
    return /^[1-9]$/u.test(key) ? this.buttons[Number(key) - 1]?.dataset["label"] : undefined;
  }

  /** @param {string | null} label */
  arm(label) {
    this.armed = label;
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.dataset["label"] === label));
    }
  }

  /**
   * @param {{exact: string} | null} passage what is selected in the text
   * @param {boolean} claim whether a claim is selected
   */
  explain(passage, claim) {
    const name = this.buttons.find((button) => button.dataset["label"] === this.armed)?.querySelector(".label-name");
    if (name) {
      this.say(`Armed: ${name.textContent}. Whatever you select is marked; Esc ends it.`);
    } else if (passage) {
      this.say("Press a label to mark the selected text.");
    } else if (claim) {
      this.say("Press a label to change the selected claim.");
    } else {
      this.say("Select text, then press a label.", true);
    }
  }

  /**
   * @param {string} words
   * @param {boolean} [idle]
   */
  say(words, idle = false) {
    this.hint.textContent = words;
    this.hint.classList.toggle("is-idle", idle);
  }
}

/**
 * The button of a label, on pages that have them.
 * @param {string} key
 * @returns {Element | null}
 */
export function labelButton(key) {
  return document.getElementById("labelbar")?.querySelector(`[data-label="${CSS.escape(key)}"]`) ?? null;
}

/**
 * The class of the tone that a label's button has, or a card; that of the first tone where it has none.
 * @param {Element | null | undefined} element
 * @returns {string}
 */
export function toneOf(element) {
  return [...(element?.classList ?? [])].find((name) => /^tone-\d$/u.test(name)) ?? "tone-1";
}
