/** What is said for a while over the text, with the way back. What is said about saving is in saving.js. */

import { byId } from "./dom.js";

const TOAST = 12_000;

export class Telling {
  constructor() {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * @param {string} words
   * @param {() => void} undo
   */
  toast(words, undo) {
    const toast = byId("toast", HTMLElement);
    byId("toast-words", HTMLElement).textContent = words;
    byId("toast-undo", HTMLButtonElement).onclick = () => {
      this.hush();
      undo();
    };
    toast.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hush(), TOAST);
  }

  hush() {
    byId("toast", HTMLElement).hidden = true;
  }
}
