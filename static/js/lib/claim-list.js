/**
 * The list of claims beside the text: its cards, their order, and which one is selected.
 *
 * It alone adds and removes cards, and knows their order without asking the page. Of a long list the server sends the
 * first cards. The others are made part by part while the browser has nothing else to do, so that search and screen
 * readers find them all, or at once where one of them is asked for. Each part is an <ol> of its own, which the browser
 * leaves undrawn as long as it is out of sight.
 */

import { bisect } from "./bisect.js";
import { all, one } from "./dom.js";

/** @typedef {{id: string, start: number, end: number}} Place where a claim stands in the list */

/** So many cards become elements together: a few milliseconds of work. */
const PART = 40;
const COPIED = ["data-version", "data-start", "data-end"];

export class ClaimList {
  /**
   * @param {HTMLElement} first the <ol>; those of further parts stand behind it
   * @param {HTMLElement} nothing what is shown while there is no claim
   * @param {HTMLElement} count
   * @param {(place: Place) => HTMLElement} make a card
   */
  constructor(first, nothing, count, make) {
    this.make = make;
    this.first = first;
    this.last = first;
    /** What holds all parts. */
    this.root = first.parentElement ?? first;
    this.nothing = nothing;
    this.count = count;
    /** @type {string | null} */
    this.selected = null;
    const cards = all(first, ":scope > .claim", HTMLElement);
    /** @type {Place[]} Every claim, by position. */
    this.order = cards.map(placeOf);
    /** @type {Map<string, HTMLElement>} Those that are elements. */
    this.cards = new Map(cards.map((card) => [idOf(card), card]));
    /** @type {Map<string, HTMLElement>} The part of each of the others. */
    this.parts = new Map();
    /** @type {Map<HTMLElement, Place[]>} What will stand in a part that is still empty. */
    this.expected = new Map();
  }

  /**
   * The card of the claim, as an element from now on.
   * @param {string} id
   * @returns {HTMLElement | undefined}
   */
  card(id) {
    const part = this.parts.get(id);
    if (part) {
      this.draw(part);
    }
    return this.cards.get(id);
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
    const id = idOf(fresh);
    const present = this.card(id);
    // It is found by the position that it had until now.
    const before = present ? this.indexOf(placeOf(present)) : -1;
    if (present) {
      this.order.splice(before, 1);
      this.renew(present, fresh);
    }
    const card = present ?? fresh;
    const index = this.indexOf(placeOf(card));
    const following = this.order[index];
    this.order.splice(index, 0, placeOf(card));
    this.cards.set(id, card);
    if (index !== before) {
      const focused = document.activeElement;
      const next = following && this.card(following.id);
      if (next) {
        next.before(card);
      } else {
        this.draw(this.last);
        this.last.append(card);
      }
      if (focused instanceof HTMLElement && card.contains(focused)) {
        focused.focus();
      }
    }
    this.recount();
  }

  /** @param {string} id */
  remove(id) {
    const card = this.cards.get(id);
    const expected = this.expected.get(this.parts.get(id) ?? this.root) ?? [];
    const place = expected.find((each) => each.id === id);
    if (place) {
      expected.splice(expected.indexOf(place), 1);
      this.parts.delete(id);
      this.order.splice(this.indexOf(place), 1);
      this.recount();
    } else if (card) {
      this.order.splice(this.indexOf(placeOf(card)), 1);
      this.cards.delete(id);
      card.remove();
      this.recount();
    }
  }

  /**
   * Mark one card as selected; null selects none.
   * @param {string | null} id
   */
  select(id) {
    for (const other of [this.selected, id]) {
      const card = other === null ? undefined : this.card(other);
      card?.classList.toggle("is-selected", other === id);
      const head = card && one(card, ".claim-head", HTMLElement);
      if (other === id) {
        head?.setAttribute("aria-current", "true");
      } else {
        head?.removeAttribute("aria-current");
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
    const { length } = this.order;
    const selected = this.selected === null ? undefined : this.card(this.selected);
    const here = selected ? this.indexOf(placeOf(selected)) : -1;
    const there = here < 0 && step < 0 ? length - 1 : (here + step + length) % length;
    return this.order[there]?.id ?? null;
  }

  /**
   * The first claim that begins at a place of the text or after it, or the last that begins before it.
   * @param {number} place
   * @param {1 | -1} direction
   * @returns {string | null}
   */
  beyond(place, direction) {
    const after = this.indexOf({ id: "", start: place, end: 0 });
    return this.order[direction > 0 ? after : after - 1]?.id ?? null;
  }

  /**
   * How many of the claims precede this place: its own index if it is in the list, else that where it belongs.
   * @param {Place} place
   * @returns {number}
   */
  indexOf(place) {
    return bisect(this.order.length, (number) => !precedes(/** @type {Place} */ (this.order[number]), place));
  }

  /**
   * The claims that stand over exactly this stretch of the text.
   * @param {{start: number, end: number}} stretch
   * @returns {string[]}
   */
  over({ start, end }) {
    const [from, until] = [end, end + 1].map((each) => this.indexOf({ id: "", start, end: each }));
    return this.order.slice(from, until).map(({ id }) => id);
  }

  /**
   * Take note of all claims of a list whose first cards are there, and make the other cards when there is time.
   * @param {Place[]} places in order
   */
  expect(places) {
    const further = places.filter(({ id }) => !this.cards.has(id));
    for (let at = 0; at < further.length; at += PART) {
      const part = document.createElement("ol");
      part.className = "claims claims-part";
      part.hidden = true;
      part.setAttribute("start", String(this.order.length + 1));
      const expected = further.slice(at, at + PART).map(({ id, start, end }) => ({ id, start, end }));
      this.expected.set(part, expected);
      for (const place of expected) {
        this.order.push(place);
        this.parts.set(place.id, part);
      }
      this.last.after(part);
      this.last = part;
    }
    this.drawWhenIdle();
  }

  drawWhenIdle() {
    if (this.expected.size === 0) {
      return;
    }
    // Safari does not tell when it is idle.
    const later = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ work) => setTimeout(work, 50));
    later(() => {
      const [part] = this.expected.keys();
      if (part) {
        this.draw(part);
      }
      this.drawWhenIdle();
    });
  }

  /**
   * Put the cards of a part into it, unless they are there already.
   * @param {HTMLElement} part
   */
  draw(part) {
    const expected = this.expected.get(part);
    if (!expected) {
      return;
    }
    this.expected.delete(part);
    for (const place of expected) {
      this.parts.delete(place.id);
      this.cards.set(place.id, this.make(place));
    }
    part.replaceChildren(...expected.flatMap(({ id }) => this.cards.get(id) ?? []));
    part.hidden = false;
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
    const { length } = this.order;
    this.count.textContent = String(length);
    this.nothing.hidden = length > 0;
  }
}

/**
 * @param {HTMLElement} card
 * @returns {string}
 */
function idOf(card) {
  return card.dataset["id"] ?? "";
}

/**
 * @param {HTMLElement} card
 * @returns {Place}
 */
function placeOf(card) {
  return { id: idOf(card), start: Number(card.dataset["start"]), end: Number(card.dataset["end"]) };
}

/**
 * @param {Place} one
 * @param {Place} other
 * @returns {boolean}
 */
function precedes(one, other) {
  const [start, end] = [one.start - other.start, one.end - other.end];
  return start !== 0 ? start < 0 : end !== 0 ? end < 0 : one.id < other.id;
}
