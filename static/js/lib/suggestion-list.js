/** The suggestions in the panel: one row each, and what can be done with the one that is looked at. */

import { byId, cloned, one } from "./dom.js";

/** @typedef {import("./text-cues.js").Suggestion} Suggestion */
/** @typedef {"accept" | "adjust" | "dismiss"} Act */

/** Events: "chosen" (detail: the suggestion, or null) and "acted" (detail: {act, suggestion}). */
export class SuggestionList extends EventTarget {
  constructor() {
    super();
    this.root = byId("suggestions", HTMLElement);
    this.none = byId("no-suggestions", HTMLElement);
    this.count = byId("suggestions-count", HTMLElement);
    // One set of buttons for all rows: a long article has a thousand of them.
    this.acts = cloned(byId("suggestion-acts", HTMLTemplateElement));
    /** @type {Map<Suggestion, HTMLElement>} */
    this.rows = new Map();
    /** @type {Suggestion | null} */
    this.current = null;
    this.root.addEventListener("click", (event) => this.clicked(event));
    // A press must not take the selection away, nor the focus out of the text.
    this.root.addEventListener("mousedown", (event) => event.preventDefault());
  }

  /**
   * @param {Suggestion[]} suggestions in the order of the text
   * @param {(suggestion: Suggestion) => string} words
   */
  fill(suggestions, words) {
    this.rows = new Map(suggestions.map((each) => [each, row(each, words(each))]));
    this.current = null;
    this.root.replaceChildren(...this.rows.values());
  }

  /**
   * Show those that are still open. Rows stay where they are, so that the focus does.
   * @param {Set<Suggestion>} open
   * @param {boolean} on whether suggestions are wanted at all
   */
  refresh(open, on) {
    for (const [each, element] of this.rows) {
      element.hidden = !open.has(each);
    }
    this.count.textContent = String(open.size);
    this.count.hidden = !on;
    this.none.hidden = !on || open.size > 0;
  }

  /** @param {Suggestion | null} suggestion */
  choose(suggestion) {
    if (suggestion !== this.current) {
      this.acts.remove();
      this.mark(this.current, false);
      this.mark(suggestion, true);
      this.current = suggestion;
    }
    if (suggestion && !this.root.closest("[hidden]")) {
      this.rows.get(suggestion)?.scrollIntoView({ block: "nearest" });
    }
  }

  /**
   * @param {Suggestion | null} suggestion
   * @param {boolean} chosen
   */
  mark(suggestion, chosen) {
    const element = suggestion && this.rows.get(suggestion);
    if (!element) {
      return;
    }
    element.classList.toggle("is-current", chosen);
    one(element, ".suggestion-head", HTMLElement).setAttribute("aria-expanded", String(chosen));
    if (chosen) {
      element.append(this.acts);
    }
  }

  /** Put the focus on the row of the suggestion that is looked at. */
  focus() {
    const current = this.current && this.rows.get(this.current);
    current?.querySelector("button")?.focus({ preventScroll: true });
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const row = button?.closest("li") ?? null;
    const [suggestion] = [...this.rows].find(([, element]) => element === row) ?? [];
    if (!button || !suggestion) {
      return;
    }
    const act = button.dataset["act"];
    if (act) {
      this.dispatchEvent(new CustomEvent("acted", { detail: { act, suggestion } }));
    } else {
      this.dispatchEvent(new CustomEvent("chosen", { detail: suggestion === this.current ? null : suggestion }));
    }
  }
}

/**
 * Why a passage is suggested, in words.
 * @param {Suggestion} suggestion
 * @returns {string}
 */
export function whyOf({ why }) {
  return why.join(", ");
}

/**
 * @param {Suggestion} suggestion
 * @param {string} words
 * @returns {HTMLElement}
 */
function row(suggestion, words) {
  const made = cloned(byId("suggestion-row", HTMLTemplateElement));
  one(made, ".suggestion-quote", HTMLElement).textContent = words;
  one(made, ".suggestion-why", HTMLElement).textContent = whyOf(suggestion);
  return made;
}
