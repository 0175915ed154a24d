/**
 * The card of a claim in the list beside the text: the same as annotator/domain/cards.py draws.
 *
 * The server draws the first ones, and each anew after a save. The rest of a long list is made here from what the page
 * knows of its claims: five thousand cards would be half of all that is sent before the text can be marked.
 */

import { isUnsure } from "./claim.js";
import { cloned, one } from "./dom.js";
import { lacking } from "./lacking.js";

/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./claim-list.js").Place} Place */
/** @typedef {import("./lacking.js").Requirement & {key: string, name: string, letter: string, tone: number, retired: boolean}} Label */

/** So many code points stand around the words of a claim. */
const CONTEXT = 28;
const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export class ClaimCards {
  /**
   * @param {HTMLTemplateElement} template
   * @param {ArticleText} text
   * @param {Label[]} labels all of the project, retired ones too
   */
  constructor(template, text, labels) {
    this.template = template;
    this.text = text;
    this.labels = new Map(labels.map((label) => [label.key, label]));
  }

  /**
   * The card of a claim that the server has not seen yet.
   * @param {string} id
   * @param {Claim} claim
   * @returns {HTMLElement}
   */
  waiting(id, claim) {
    const card = cloned(this.template);
    const label = this.labels.get(claim.label);
    const name = label?.name ?? claim.label;
    const tone = `tone-${label?.tone ?? 1}`;
    card.id = `claim-${id}`;
    Object.assign(card.dataset, { id, start: String(claim.start), end: String(claim.end), version: "0" });
    card.classList.add(tone);
    one(card, ".badge", HTMLElement).classList.add(tone);
    one(card, ".claim-head", HTMLAnchorElement).href = `#claim-${id}`;
    one(card, ".claim-exact", HTMLElement).textContent = claim.exact;
    one(card, ".badge-letter", HTMLElement).textContent = label?.letter ?? name.slice(0, 1).toUpperCase();
    one(card, ".badge-word", HTMLElement).textContent = name;
    return card;
  }

  /**
   * The card of a claim that is stored.
   * @param {Place} place where it stands in the list
   * @param {Claim} claim
   * @param {{version: number, reviewer?: string | undefined}} told `reviewer`: whose it is, if that is told
   * @returns {HTMLElement}
   */
  stored(place, claim, { version, reviewer }) {
    const card = this.waiting(place.id, claim);
    const label = this.labels.get(claim.label);
    const quote = one(card, ".claim-quote", HTMLElement);
    const [before, after] = contextOf(this.text, claim);
    Object.assign(card.dataset, { start: String(place.start), end: String(place.end), version: String(version) });
    one(card, ".badge", HTMLElement).classList.toggle("is-retired", label?.retired ?? false);
    if (before) {
      quote.prepend(context(`…${before}`));
    }
    if (after) {
      quote.append(context(`${after}…`));
    }
    const state = one(card, ".claim-state", HTMLElement);
    const lacks = Object.entries(lacking(claim, label)).flatMap(([part, words]) => (words ? [part] : []));
    const unsure = isUnsure(claim.confidence) ? ", unsure" : "";
    if (reviewer) {
      [state.dataset["state"], state.textContent] = ["by", reviewer];
    } else if (lacks.length > 0) {
      [state.dataset["state"], state.textContent] = ["lacks", `lacks ${lacks.join(", ")}${unsure}`];
    } else {
      [state.dataset["state"], state.textContent] = ["complete", `complete${unsure}`];
    }
    return card;
  }
}

/**
 * A little of the text around a claim, on either side cut between words or, where there are none, between characters.
 * @param {ArticleText} text
 * @param {Claim} claim
 * @returns {[string, string]}
 */
function contextOf(text, { start, end }) {
  const before = text.slice(Math.max(0, start - CONTEXT), start);
  const after = text.slice(end, end + CONTEXT);
  const [first, last] = [before.indexOf(" "), after.lastIndexOf(" ")];
  return [
    first < 0 ? withoutCutStart(before, text.slice(Math.max(0, start - 2 * CONTEXT), start)) : before.slice(first + 1),
    last < 0 ? withoutCutEnd(after, text.slice(end, end + 2 * CONTEXT)) : after.slice(0, last),
  ];
}

/**
 * @param {string} words
 * @param {string} wider the same words with some before them
 * @returns {string} the words less what of a character that began before them is in them
 */
function withoutCutStart(words, wider) {
  const at = wider.length - words.length;
  const character = GRAPHEMES.segment(wider).containing(at);
  return character && character.index < at ? wider.slice(character.index + character.segment.length) : words;
}

/**
 * @param {string} words
 * @param {string} wider the same words with some behind them
 * @returns {string} the words less what of a character that ends behind them is in them
 */
function withoutCutEnd(words, wider) {
  const character = GRAPHEMES.segment(wider).containing(words.length);
  return character && character.index < words.length ? wider.slice(0, character.index) : words;
}

/**
 * @param {string} words
 * @returns {HTMLElement}
 */
function context(words) {
  const element = document.createElement("span");
  element.className = "claim-context";
  element.textContent = words;
  return element;
}
