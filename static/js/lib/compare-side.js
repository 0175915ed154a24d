/** One of the two articles that are compared: its claims in order, where one is, and which claim is picked. */

import { ArticleText } from "./article-text.js";
import { bisect } from "./bisect.js";
import { all, one } from "./dom.js";
import { highlight } from "./highlights.js";

/** @typedef {{id: string, start: number, end: number, label: number}} ComparedClaim its label by its number */

export class CompareSide {
  /**
   * @param {"left" | "right"} name
   * @param {HTMLElement} root
   * @param {[string, number, number, number][]} told the claims by position
   */
  constructor(name, root, told) {
    this.name = name;
    this.root = root;
    this.text = new ArticleText(one(root, ".article-text", HTMLElement));
    /** @type {ComparedClaim[]} */
    this.claims = told.map(([id, start, end, label]) => ({ id, start, end, label }));
    this.places = new Map(this.claims.map((claim, place) => [claim.id, place]));
    /** Where the keyboard is in the claims; -1 before the first step. */
    this.here = -1;
    /** @type {string | null} */
    this.picked = null;
  }

  /** @returns {ComparedClaim | undefined} */
  get current() {
    return this.claims[this.here];
  }

  /**
   * @param {string | null} id
   * @returns {ComparedClaim | undefined}
   */
  claim(id) {
    return id === null ? undefined : this.claims[this.places.get(id) ?? -1];
  }

  /**
   * To the next claim or the one before, round the end; the first step goes to what is on the screen.
   * @param {1 | -1} direction
   */
  step(direction) {
    const { length } = this.claims;
    if (length > 0) {
      const first = direction > 0 ? this.firstInSight() : length - 1;
      this.goTo(this.here < 0 ? first : (this.here + direction + length) % length);
    }
  }

  /** @param {number} place */
  goTo(place) {
    this.paint("is-here", this.current, false);
    this.here = place;
    this.paint("is-here", this.current, true);
    this.reveal(this.current);
  }

  /** @param {string | null} id */
  pick(id) {
    this.paint("is-picked", this.claim(this.picked), false);
    this.picked = id !== null && this.places.has(id) ? id : null;
    const claim = this.claim(this.picked);
    this.paint("is-picked", claim, true);
    const undrawn = claim && this.text.undrawn(claim.id, claim);
    highlight(`picked-${this.name}`, undrawn ? [undrawn] : []);
    if (claim) {
      this.here = this.places.get(claim.id) ?? -1;
    }
  }

  /** @param {ComparedClaim | undefined} claim */
  reveal(claim) {
    if (claim) {
      const place = this.text.marks(claim.id, claim)[0] ?? this.text.touching(claim.start, claim.end)[0];
      place?.scrollIntoView({ block: "center" });
    }
  }

  /**
   * The claim that a mark on the page belongs to, the innermost where several lie over each other.
   * @param {Element} mark
   * @returns {string | null}
   */
  claimAt(mark) {
    return mark.closest("[data-annotation]")?.getAttribute("data-annotation") ?? null;
  }

  /**
   * The numbers of the links at the ends of their claims, and beside the blocks.
   * @param {Map<string, string>} numbers "1 3", by claim
   */
  number(numbers) {
    for (const mark of all(this.text.root, ".mark.ends", HTMLElement)) {
      set(mark, "letter", numbers.get(mark.dataset["annotation"] ?? "") ?? "");
    }
    for (const block of this.text.blocks) {
      const marks = all(block, "[data-annotation]", HTMLElement);
      const found = marks.map((mark) => numbers.get(mark.dataset["annotation"] ?? "") ?? "");
      set(block, "letters", [...new Set(found.filter(Boolean))].join(" "));
    }
  }

  /** @returns {number} the first claim that is not above what is on the screen */
  firstInSight() {
    const top = this.root.getBoundingClientRect().top;
    const block = this.text.blocks.find((each) => each.getBoundingClientRect().bottom > Math.max(top, 0));
    const start = Number(block?.dataset["start"] ?? 0);
    const place = bisect(this.claims.length, (number) => (this.claims[number]?.start ?? 0) >= start);
    return place % this.claims.length;
  }

  /**
   * @param {string} name
   * @param {ComparedClaim | undefined} claim
   * @param {boolean} on
   */
  paint(name, claim, on) {
    for (const mark of claim ? this.text.marks(claim.id, claim) : []) {
      mark.classList.toggle(name, on);
    }
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} words
 */
function set(element, name, words) {
  if (words) {
    element.dataset[name] = words;
  } else {
    delete element.dataset[name];
  }
}
