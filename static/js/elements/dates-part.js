/** When it happened, in the claim's form: a day or a range, and the days that the text speaks of for one click. */

import { one } from "../lib/dom.js";
import { inWords } from "../lib/calendar.js";
import { offeredDates } from "../lib/event-dates.js";
import { valueOf, write } from "../lib/fields.js";

/** @typedef {import("../lib/claim.js").Claim} Claim */
/** @typedef {import("../lib/event-dates.js").EventDate} EventDate */

export class DatesPart {
  /**
   * @param {HTMLElement} root the form
   * @param {{published: string, language: string, around: (claim: Claim) => string[]}} article
   */
  constructor(root, { published, language, around }) {
    this.root = root;
    this.published = published;
    this.language = language;
    this.around = around;
    this.place = one(root, ".date-offers", HTMLElement);
  }

  /** @param {Claim} claim */
  show(claim) {
    write(this.root, "event_start", claim.event_start);
    write(this.root, "event_end", claim.event_end);
    this.offer(claim);
  }

  /** @returns {{event_start: string, event_end: string}} what can be kept of what is written */
  read() {
    const [event_start, event_end] = [valueOf(this.root, "event_start"), valueOf(this.root, "event_end")];
    return { event_start, event_end: this.problems().length > 0 ? "" : event_end };
  }

  /** @returns {import("../lib/api.js").FieldError[]} */
  problems() {
    const [start, end] = [valueOf(this.root, "event_start"), valueOf(this.root, "event_end")];
    if (end !== "" && start === "") {
      return [{ field: "event_start", message: "A range of dates needs its first day; until then the last is not kept." }];
    }
    return end !== "" && end < start
      ? [{ field: "event_end", message: "This is before the first day, so it is not kept." }]
      : [];
  }

  /** @param {Claim} claim */
  offer(claim) {
    const dates = offeredDates(this.around(claim), this.published, this.language);
    this.place.hidden = dates.length === 0;
    const buttons = dates.map((date) => this.button(date));
    const focused = [...this.place.children].indexOf(/** @type {Element} */ (document.activeElement));
    this.place.replaceChildren(...buttons);
    buttons[focused]?.focus();
  }

  /**
   * @param {EventDate} date
   * @returns {HTMLButtonElement}
   */
  button(date) {
    const chosen = valueOf(this.root, "event_start") === date.start && valueOf(this.root, "event_end") === (date.end ?? "");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "date-offer";
    button.setAttribute("aria-pressed", String(chosen));
    const [words, phrase] = [document.createElement("span"), document.createElement("span")];
    words.textContent = inWords(date);
    phrase.className = "date-offer-phrase";
    phrase.textContent = `“${date.phrase}”`;
    button.append(words, " ", phrase);
    button.addEventListener("click", () => {
      write(this.root, "event_start", chosen ? "" : date.start);
      write(this.root, "event_end", chosen ? "" : date.end);
      this.place.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
  }
}
