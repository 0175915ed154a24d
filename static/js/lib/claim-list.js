/** The list of claims beside the text: its cards, their order, and which one is selected. */

import { all, one } from "./dom.js";

/** @typedef {import("./claim.js").Claim} Claim */

const COPIED = ["data-version", "data-start", "data-end"];

export class ClaimList {
  /**
   * @param {HTMLElement} root the <ol>
   * @param {HTMLElement} nothing what is shown while there is no claim
   * @param {HTMLElement} count
   */
  constructor(root, nothing, count) {
    this.root = root;
    this.nothing = nothing;
    this.count = count;
    /** @type {string | null} */
    this.selected = null;
  }

  /** @returns {HTMLElement[]} */
  get cards() {
    return all(this.root, ":scope > .claim", HTMLElement);
  }

  /**
   * @param {string} id
   * @returns {HTMLElement | undefined}
   */
  card(id) {
    return this.cards.find((card) => card.dataset["id"] === id);
  }

  /**
   * The link that stands for the card.
   * @param {string} id
   * @returns {HTMLElement | null}
   */
  head(id) {
    const card = this.card(id);
    return card ? one(card, ".claim-head", HTMLElement) : null;
  }

  /**
   * Put a card where it belongs by position. One that is there already keeps its form and the focus in it.
   * @param {HTMLElement} fresh
   */
  place(fresh) {
    const id = fresh.dataset["id"] ?? "";
    const present = this.card(id);
    const card = present ?? fresh;
    if (present) {
      this.renew(present, fresh);
    }
    const following = this.cards.find((other) => other !== card && precedes(card, other)) ?? null;
    if (!present || card.nextElementSibling !== following) {
      const focused = document.activeElement;
      this.root.insertBefore(card, following);
      if (focused instanceof HTMLElement && card.contains(focused)) {
        focused.focus();
      }
    }
    this.recount();
  }

  /** @param {string} id */
  remove(id) {
    this.card(id)?.remove();
    this.recount();
  }

  /**
   * Mark one card as selected; null selects none.
   * @param {string | null} id
   */
  select(id) {
    for (const card of this.cards) {
      const chosen = card.dataset["id"] === id;
      card.classList.toggle("is-selected", chosen);
      const head = one(card, ".claim-head", HTMLElement);
      if (chosen) {
        head.setAttribute("aria-current", "true");
      } else {
        head.removeAttribute("aria-current");
      }
    }
    this.selected = id;
  }

  /**
   * The claim after (or before) the selected one, round the end.
   * @param {1 | -1} step
   * @returns {string | null}
   */
  neighbour(step) {
    const ids = this.cards.map((card) => card.dataset["id"] ?? "");
    if (ids.length === 0) {
      return null;
    }
    const here = this.selected === null ? -1 : ids.indexOf(this.selected);
    const there = here < 0 && step < 0 ? ids.length - 1 : (here + step + ids.length) % ids.length;
    return ids[there] ?? null;
  }

  /**
   * @param {HTMLElement} present
   * @param {HTMLElement} fresh
   */
  renew(present, fresh) {
    const selected = present.classList.contains("is-selected");
    present.className = fresh.className;
    present.classList.toggle("is-selected", selected);
    for (const name of COPIED) {
      present.setAttribute(name, fresh.getAttribute(name) ?? "");
    }
    const [old, head] = [one(present, ".claim-head", HTMLElement), one(fresh, ".claim-head", HTMLElement)];
    const focused = old === document.activeElement;
    if (selected) {
      head.setAttribute("aria-current", "true");
    }
    old.replaceWith(head);
    if (focused) {
      head.focus();
    }
  }

  recount() {
    const { length } = this.cards;
    this.count.textContent = String(length);
    this.nothing.hidden = length > 0;
  }
}

/**
 * @param {HTMLElement} one
 * @param {HTMLElement} other
 * @returns {boolean}
 */
function precedes(one, other) {
  /** @param {HTMLElement} card */
  const key = (card) => [Number(card.dataset["start"]), Number(card.dataset["end"])];
  const [mine, theirs] = [key(one), key(other)];
  const [start, end] = [Number(mine[0]) - Number(theirs[0]), Number(mine[1]) - Number(theirs[1])];
  return start !== 0 ? start < 0 : end !== 0 ? end < 0 : (one.dataset["id"] ?? "") < (other.dataset["id"] ?? "");
}
