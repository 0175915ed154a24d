/** The menu "Aa" of the text: each choice shows at once and is kept for every article and device of the person. */

import { byId, one } from "./dom.js";
import { applyChoices, keepingPlace } from "./preferences.js";

const READ_FROM = 120;

export class ReadingMenu {
  /**
   * @param {import("./api.js").Session} session
   * @param {import("./article-text.js").ArticleText} text
   * @param {import("./keys.js").Keys} keys
   */
  constructor(session, text, keys) {
    this.session = session;
    this.text = text;
    this.menu = byId("preferences-menu", HTMLDetailsElement);
    this.form = byId("preferences", HTMLFormElement);
    this.state = byId("preferences-state", HTMLElement);
    /** @type {Promise<void>} Kept one after the other: the last choice must be the last to arrive. */
    this.kept = Promise.resolve();
    one(this.form, "[data-without-script]", HTMLElement).hidden = true;
    this.form.addEventListener("change", () => this.choose());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose();
    });
    document.addEventListener("pointerdown", (event) => {
      if (event.target instanceof Node && !this.menu.contains(event.target)) {
        this.menu.open = false;
      }
    });
    keys.on("leave", () => this.close(), { within: this.menu, typing: true });
  }

  choose() {
    keepingPlace(this.text.blocks, READ_FROM, () => applyChoices(this.form));
    this.kept = this.kept.then(() => this.keep());
  }

  async keep() {
    this.state.hidden = false;
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": this.session.token },
        body: this.chosen(),
      });
      this.state.textContent = answer.ok ? "Kept for all articles." : "Not kept: the server refused it. Sign in again.";
    } catch {
      this.state.textContent = "Not kept: there is no connection. It holds until you leave this page.";
    }
  }

  /** @returns {FormData} without the form's own token, which may be of an older session than the header's */
  chosen() {
    const chosen = new FormData(this.form);
    chosen.delete("csrf_token");
    return chosen;
  }

  /** @returns {boolean} */
  close() {
    if (!this.menu.open) {
      return false;
    }
    this.menu.open = false;
    one(this.menu, "summary", HTMLElement).focus();
    return true;
  }
}
