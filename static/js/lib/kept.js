/**
 * What the browser keeps of unsaved work, keyed by person and article: nobody else's page looks at it.
 *
 * In the tab's session (sessionStorage) the whole change stands, and the steps that undo knows. Beyond the tab
 * (localStorage) only ids, versions, offsets and the fixed words of the label scheme: no text of the article, no notes,
 * no quotes, no speakers. This file knows the two forms and the storages, not when which is used.
 */

import { differing, given } from "./claim.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {import("./claims.js").Memory & {deleted: [string, number][]}} Steps with the versions of deleted claims */

/**
 * @typedef {object} Place a claim without its words
 * @property {number} start
 * @property {number} end
 * @property {string} label
 * @property {string} [target]
 * @property {string} [reason]
 * @property {string} [origin]
 */

/**
 * @typedef {object} Waiting one change as it stands beyond the tab
 * @property {string} id
 * @property {number | null} version
 * @property {Place | null} wanted null: deleted
 * @property {{place: Place | null, version: number | null} | null} sent the request whose fate is unknown
 * @property {boolean} more whether the change had words too, which are not here
 */

/** @typedef {{key: string, window: string, changes: Waiting[], left: number, beat: number}} Letter of a window */

const FORM = 1;
/** In characters; a tab's session holds about five million. */
const LARGEST_MEMORY = 1_500_000;
const PLACE = /** @type {const} */ (["start", "end", "label", "target", "reason", "origin"]);
const WORDLESS = new Set([...PLACE, "exact"]);

export class Kept {
  /**
   * @param {string} person
   * @param {string} article
   * @param {{session?: Storage, local?: Storage}} [storages]
   */
  constructor(person, article, { session = sessionStorage, local = localStorage } = {}) {
    this.session = session;
    this.local = local;
    this.changesKey = `annotator:changes:${person}:${article}`;
    this.stepsKey = `annotator:steps:${person}:${article}`;
    this.waitingKey = `annotator:waiting:${person}:${article}:`;
    /** The browser refused to keep something: then only this page has it. */
    this.refused = false;
  }

  /** @returns {[string, Entry][]} what this tab had not saved when it was left, in order */
  changes() {
    const told = read(this.session, this.changesKey);
    return Array.isArray(told) ? told.map(([id, entry]) => [id, { ...entry, open: true, held: false }]) : [];
  }

  /** @returns {Steps | null} */
  steps() {
    return /** @type {Steps | null} */ (read(this.session, this.stepsKey));
  }

  /** @param {Steps} steps */
  keepSteps(steps) {
    let { done } = steps;
    while (JSON.stringify(done).length > LARGEST_MEMORY) {
      done = done.slice(Math.ceil(done.length / 2));
    }
    this.write(this.session, this.stepsKey, done.length + steps.undone.length > 0 ? { ...steps, done } : null);
  }

  /**
   * Keep what is open in both storages, or forget what is not any more.
   * @param {string} window
   * @param {[string, Entry][]} open
   * @param {{left?: number}} [more] `left`: when the window was left; 0 while it lives
   */
  keep(window, open, { left = 0 } = {}) {
    this.refused = false;
    const told = open.map(([id, { version, stored, wanted, sent }]) => [id, { version, stored, wanted, sent }]);
    const changes = open.map(([id, entry]) => waiting(id, entry));
    const letter = { form: FORM, changes, left, beat: Date.now() };
    this.write(this.session, this.changesKey, open.length > 0 ? told : null);
    this.write(this.local, this.waitingKey + window, open.length > 0 ? letter : null);
  }

  /** @returns {Letter[]} what all windows of this person have waiting for this article, the oldest first */
  letters() {
    const keys = Array.from({ length: this.local.length }, (_, number) => this.local.key(number) ?? "");
    const letters = keys
      .filter((key) => key.startsWith(this.waitingKey))
      .map((key) => ({ key, window: key.slice(this.waitingKey.length), ...readLetter(read(this.local, key)) }));
    return letters.sort((one, other) => one.beat - other.beat);
  }

  /** @param {string} key of a letter that was read and is taken care of */
  forget(key) {
    this.write(this.local, key, null);
  }

  /** The person gave up what was not saved, in this window and in those that are gone. */
  forgetAll() {
    this.write(this.session, this.changesKey, null);
    for (const { key } of this.letters()) {
      this.forget(key);
    }
  }

  /**
   * @param {Storage} storage
   * @param {string} key
   * @param {unknown} value null removes it
   */
  write(storage, key, value) {
    try {
      if (value === null) {
        storage.removeItem(key);
      } else {
        storage.setItem(key, JSON.stringify(value));
      }
    } catch {
      // Full, or switched off. What stood there before is older than what the person sees.
      storage.removeItem(key);
      this.refused = true;
    }
  }
}

/**
 * @param {string} id
 * @param {Entry} entry
 * @returns {Waiting}
 */
export function waiting(id, { version, stored, wanted, sent }) {
  return {
    id,
    version,
    wanted: wanted && placeOf(wanted),
    sent: sent && { place: sent.claim && placeOf(sent.claim), version: sent.version },
    more: wanted !== null && differing(wanted, stored).some((field) => !WORDLESS.has(field)),
  };
}

/**
 * What a change that another window left behind means beside what the server has now; null: it is done already.
 * @param {Waiting} change
 * @param {{version: number, claim: Claim} | null} present as this page got it from the server
 * @param {(start: number, end: number) => string} cut the article's text
 * @returns {Entry | null}
 */
export function entryOf({ version, wanted, sent }, present, cut) {
  const stored = present?.claim ?? null;
  // The window died before it heard of its last request: what stands there may be its own.
  const known = sent?.place && stored && samePlace(placeOf(stored), sent.place) ? present?.version : version;
  const rest = { stored, open: true, held: false, sent: null };
  if (wanted === null) {
    return present ? { ...rest, version: known ?? 0, wanted } : null;
  }
  const exact = cut(wanted.start, wanted.end);
  const kind = Object.fromEntries(PLACE.map((field) => [field, wanted[field]]));
  const claim = /** @type {Claim} */ (given({ ...stored, ...kind, exact }));
  if (exact === "" || (stored && differing(stored, claim).length === 0)) {
    return null;
  }
  return { ...rest, version: known ?? null, wanted: claim };
}

/**
 * @param {Claim} claim
 * @returns {Place}
 */
function placeOf(claim) {
  return /** @type {Place} */ (given(Object.fromEntries(PLACE.map((field) => [field, claim[field]]))));
}

/**
 * @param {Place} one
 * @param {Place} other
 * @returns {boolean}
 */
function samePlace(one, other) {
  const words = { exact: "" };
  return differing({ ...one, ...words }, { ...other, ...words }).length === 0;
}

/**
 * @param {Storage} storage
 * @param {string} key
 * @returns {unknown} null for what is missing or cannot be read
 */
function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {unknown} told
 * @returns {{changes: Waiting[], left: number, beat: number}} no changes for what another version wrote
 */
function readLetter(told) {
  const { form, changes, left, beat } = /** @type {Record<string, any>} */ (told ?? {});
  return form === FORM && Array.isArray(changes)
    ? { changes, left: Number(left), beat: Number(beat) }
    : { changes: [], left: 0, beat: 0 };
}
