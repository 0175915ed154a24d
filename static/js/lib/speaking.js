/**
 * What the cursor comes to, for those who hear the page: the character, the word or the line, what is selected, and
 * the claim that begins or ends there. Screen readers read a cursor of a field aloud by themselves, but not this one.
 */

import { startOf } from "./blocks.js";
import { slicePoints, toPoints } from "./offsets.js";
import { characterEdges, stepped } from "./steps.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./cursor.js").Cursor} Cursor */
/** @typedef {"character" | "word" | "line" | "all"} Amount */

/** Quick steps are not read one by one. */
const PAUSE = 120;
const LONGEST = 300;
const NAMES = new Map([
  [" ", "space"], ["\u00a0", "space"], ["\n", "line break"], ["\r\n", "line break"], ["\r", "line break"],
  ["\t", "tab"], [",", "comma"], [".", "full stop"], [";", "semicolon"], [":", "colon"], ["!", "exclamation mark"],
  ["?", "question mark"], ["-", "hyphen"], ["–", "dash"], ["—", "dash"], ["'", "apostrophe"], ["’", "apostrophe"],
  ['"', "quotation mark"], ["“", "opening quotation mark"], ["”", "closing quotation mark"], ["(", "opening bracket"],
  [")", "closing bracket"],
]);

export class Speaking {
  /**
   * @param {Cursor} cursor
   * @param {(place: number) => string[]} claimsAt how the claims at a place are called
   */
  constructor(cursor, claimsAt) {
    this.cursor = cursor;
    this.claimsAt = claimsAt;
    this.before = { place: cursor.place, span: cursor.span };
    /** @type {string[]} */
    this.claims = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.region = document.createElement("p");
    this.region.id = "spoken";
    this.region.className = "visually-hidden";
    this.region.setAttribute("aria-live", "assertive");
    cursor.text.root.after(this.region);
    cursor.addEventListener("moved", () => this.moved());
  }

  moved() {
    clearTimeout(this.timer);
    if (this.cursor.focused) {
      this.timer = setTimeout(() => this.say(this.words()), PAUSE);
    }
  }

  /** @param {string} words */
  say(words) {
    clearTimeout(this.timer);
    this.region.textContent = words;
  }

  /** @returns {string} */
  words() {
    const { cursor, before } = this;
    const { place, span } = cursor;
    this.before = { place, span };
    const claims = this.claimsAt(place);
    const entered = claims.filter((name) => !this.claims.includes(name));
    const left = this.claims.length > 0 && claims.length === 0 ? ["out of the claim"] : [];
    this.claims = claims;
    return [...left, ...entered, this.passed(before.place, span)].filter(Boolean).join(", ");
  }

  /**
   * @param {number} from where the cursor was
   * @param {import("./offsets.js").Span} span what is selected now
   * @returns {string}
   */
  passed(from, { start, end }) {
    const { text, place } = this.cursor;
    if (start !== end) {
      return `${shortened(text.slice(start, end))} selected`;
    }
    const { lines, spot } = this.cursor.spot();
    const near = [stepped(text, from, 1, "character"), stepped(text, from, -1, "character")].includes(place);
    if (near) {
      return this.characterAt(place);
    }
    if (place === stepped(text, from, 1, "word")) {
      return text.slice(from, place).trim();
    }
    if (place === stepped(text, from, -1, "word")) {
      return text.slice(place, from).trim();
    }
    return shortened(lines.lineWords(spot));
  }

  /**
   * @param {number} place
   * @returns {string}
   */
  characterAt(place) {
    const { lines, spot } = this.cursor.spot(place, false);
    const next = characterEdges(lines.block).find((edge) => edge > spot.units);
    if (next === undefined) {
      return "end of the paragraph";
    }
    const from = startOf(lines.block);
    const sign = slicePoints(lines.words, place - from, toPoints(lines.words, next));
    return NAMES.get(sign) ?? sign;
  }
}

/**
 * @param {string} words
 * @returns {string}
 */
function shortened(words) {
  if (words.length <= LONGEST) {
    return words;
  }
  return `${words.slice(0, LONGEST / 2)} … ${words.slice(-LONGEST / 2)}`;
}
