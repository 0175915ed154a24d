/**
 * A small list near the text to choose from with the keyboard: the arrows and the first nine digits choose, Esc closes.
 *
 * It is a menu: it takes the focus and reads its own keys. Whoever opens it is told what was chosen, if anything, and
 * takes the focus back.
 */

import { one } from "./dom.js";
import { visible } from "./viewport.js";

/**
 * @typedef {object} Choice
 * @property {string} words
 * @property {string} [tone] the class of a label's colour and line
 * @property {string} [more] said less loudly
 */

/** @typedef {{x: number, top: number, bottom: number}} Place */

export class Choosing {
  constructor() {
    this.list = document.createElement("div");
    this.list.className = "choosing";
    this.list.setAttribute("role", "menu");
    this.list.hidden = true;
    /** @type {(chosen: number | null) => void} */
    this.answer = () => undefined;
    this.list.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => {
      const choice = event.target instanceof Element ? event.target.closest("button") : null;
      if (choice) {
        this.close(this.buttons.indexOf(choice));
      }
    });
    this.list.addEventListener("focusout", (event) => {
      if (!this.list.hidden && !(event.relatedTarget instanceof Node && this.list.contains(event.relatedTarget))) {
        this.close(null);
      }
    });
    one(document, "main", HTMLElement).append(this.list);
  }

  /** @returns {HTMLButtonElement[]} */
  get buttons() {
    return [...this.list.querySelectorAll("button")];
  }

  /**
   * @param {string} name what is chosen here, for who hears it
   * @param {Choice[]} choices
   * @param {Place} place in the window; the list stands below or above it
   * @returns {Promise<number | null>} the number of the choice; null if it was closed
   */
  ask(name, choices, place) {
    this.close(null);
    this.list.setAttribute("aria-label", name);
    this.list.replaceChildren(...choices.map((choice, index) => button(choice, index)));
    this.list.hidden = false;
    this.stand(place);
    this.buttons[0]?.focus({ preventScroll: true });
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  /** @param {Place} place */
  stand({ x, top, bottom }) {
    const { width, height } = this.list.getBoundingClientRect();
    const seen = visible();
    const below = bottom + height <= seen.bottom || top - height < seen.top;
    const left = Math.max(8, Math.min(x, document.documentElement.clientWidth - width - 8));
    this.list.style.left = `${left + scrollX}px`;
    this.list.style.top = `${(below ? bottom + 4 : top - height - 4) + scrollY}px`;
  }

  /** @param {number | null} chosen */
  close(chosen) {
    if (this.list.hidden) {
      return;
    }
    this.list.hidden = true;
    this.answer(chosen);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const { buttons } = this;
    const here = buttons.findIndex((each) => each === document.activeElement);
    const count = buttons.length;
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: (here + 1) % count, ArrowUp: (here + count - 1) % count, Home: 0, End: count - 1 };
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const next = steps[event.key];
    if (next !== undefined) {
      buttons[next]?.focus({ preventScroll: true });
    } else if (/^[1-9]$/u.test(event.key) && Number(event.key) <= count) {
      this.close(Number(event.key) - 1);
    } else if (event.key === "Escape" || event.key === "Tab") {
      this.close(null);
    } else if (event.key === "Enter" || event.key === " ") {
      this.close(here);
    }
    // Nothing that is pressed here acts on the page behind the list.
    event.preventDefault();
    event.stopPropagation();
  }
}

/**
 * @param {Choice} choice
 * @param {number} index
 * @returns {HTMLButtonElement}
 */
function button({ words, tone, more }, index) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `choice ${tone ?? ""}`.trim();
  made.setAttribute("role", "menuitem");
  made.tabIndex = -1;
  made.append(part("kbd", index < 9 ? String(index + 1) : ""), part("span", words));
  made.firstElementChild?.setAttribute("aria-hidden", "true");
  made.lastElementChild?.classList.add("choice-words");
  if (more) {
    const less = part("span", more);
    less.className = "choice-more";
    less.dir = "auto";
    made.append(" ", less);
  }
  return made;
}

/**
 * @param {string} tag
 * @param {string} words
 * @returns {HTMLElement}
 */
function part(tag, words) {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}
