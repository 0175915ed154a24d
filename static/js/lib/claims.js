/**
 * The claims of this page as the person wants them, with what came before: the one place that undo and redo know.
 *
 * Every change goes through `change`; whoever draws listens to "changed". What was stored elsewhere comes in through
 * `adopt` and is no step: undo never takes back what somebody else, or this person on another device, has done since.
 */

import { sameClaim } from "./claim.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {{id: string, before: Claim | null, after: Claim | null}} Step */
/** @typedef {{done: Step[], undone: Step[]}} Memory */

/** Changes of one claim within this many milliseconds are one step: nobody undoes letter by letter. */
const ONE_STEP = 1_500;
const MOST_STEPS = 300;

/**
 * Events: "changed" (detail: id, before, after), "remembered" when the steps are others, "recalled" when those of an
 * earlier life of the page came back, and "outdated" (detail: id) for a step that does not fit any more.
 */
export class Claims extends EventTarget {
  constructor() {
    super();
    /** @type {Map<string, Claim | null>} null: deleted, and it may come back. */
    this.known = new Map();
    /** @type {Step[]} */
    this.done = [];
    /** @type {Step[]} */
    this.undone = [];
    this.lastChange = 0;
    /** @type {(before: Claim | null, after: Claim | null) => boolean} In a later round only some claims may change. */
    this.permits = () => true;
  }

  /**
   * Whether this change may be made; who waits for words about it listens to "forbidden".
   * @param {Claim | null} before
   * @param {Claim | null} after
   * @returns {boolean}
   */
  allows(before, after) {
    const allowed = this.permits(before, after);
    if (!allowed) {
      this.dispatchEvent(new Event("forbidden"));
    }
    return allowed;
  }

  /**
   * Take note of a claim as the server has it, or as it waits to be sent.
   * @param {string} id
   * @param {Claim | null} claim
   */
  adopt(id, claim) {
    this.known.set(id, claim);
  }

  /**
   * @param {string} id
   * @returns {Claim | null}
   */
  get(id) {
    return this.known.get(id) ?? null;
  }

  /**
   * The claims that cover a place, the innermost first.
   * @param {number} place
   * @returns {string[]}
   */
  at(place) {
    return this.found(({ start, end }) => start <= place && place < end);
  }

  /**
   * The claims that end at a place, the shortest first.
   * @param {number} place
   * @returns {string[]}
   */
  endingAt(place) {
    return this.found(({ end }) => end === place);
  }

  /**
   * @param {(claim: Claim) => boolean} wanted
   * @returns {string[]} their ids, by length
   */
  found(wanted) {
    /** @type {[string, number][]} */
    const found = [];
    for (const [id, claim] of this.known) {
      if (claim !== null && wanted(claim)) {
        found.push([id, claim.end - claim.start]);
      }
    }
    return found.sort(([, one], [, other]) => one - other).map(([id]) => id);
  }

  /**
   * A new claim; its UUID is made here, so that a repeated save cannot make a second one.
   * @param {Claim} claim
   * @returns {string}
   */
  create(claim) {
    const id = newUuid();
    this.change(id, claim);
    return id;
  }

  /**
   * Change a claim; null deletes it. What changes nothing is no change.
   * @param {string} id
   * @param {Claim | null} after
   */
  change(id, after) {
    const before = this.get(id);
    if (sameClaim(before, after) || !this.allows(before, after)) {
      return;
    }
    const last = this.done.at(-1);
    const moment = Date.now();
    if (last && last.id === id && last.before && before && after && moment - this.lastChange < ONE_STEP) {
      last.after = after;
    } else {
      this.done.push({ id, before, after });
      this.done.splice(0, this.done.length - MOST_STEPS);
    }
    this.lastChange = moment;
    this.undone = [];
    this.apply(id, before, after);
  }

  /** @returns {string | null} the claim that came back to an earlier state */
  undo() {
    return this.walk(this.done, this.undone, ({ before, after }) => ({ from: after, to: before }));
  }

  /** @returns {string | null} */
  redo() {
    return this.walk(this.undone, this.done, ({ before, after }) => ({ from: before, to: after }));
  }

  /**
   * @param {Step[]} stack
   * @param {Step[]} other
   * @param {(step: Step) => {from: Claim | null, to: Claim | null}} way
   * @returns {string | null}
   */
  walk(stack, other, way) {
    // The next change is a step of its own, however soon it comes.
    this.lastChange = 0;
    const step = stack.pop();
    if (!step) {
      return null;
    }
    const { from, to } = way(step);
    if (!sameClaim(this.get(step.id), from) || !this.permits(from, to)) {
      this.dispatchEvent(new CustomEvent("outdated", { detail: { id: step.id } }));
      this.dispatchEvent(new Event("remembered"));
      return null;
    }
    other.push(step);
    this.apply(step.id, from, to);
    return step.id;
  }

  /** @returns {Memory} the steps, to be kept while the page is loaded again */
  get memory() {
    return { done: this.done, undone: this.undone };
  }

  /** @param {Memory} memory of this window's earlier life */
  remember({ done, undone }) {
    this.done = [...done, ...this.done].slice(-MOST_STEPS);
    this.undone = this.undone.length > 0 ? this.undone : undone;
    this.dispatchEvent(new Event("recalled"));
  }

  /**
   * @param {string} id
   * @param {Claim | null} before
   * @param {Claim | null} after
   */
  apply(id, before, after) {
    this.known.set(id, after);
    this.dispatchEvent(new CustomEvent("changed", { detail: { id, before, after } }));
    this.dispatchEvent(new Event("remembered"));
  }
}

/**
 * crypto.randomUUID exists only on HTTPS and localhost; a newsroom's own network may have neither.
 * @returns {string}
 */
function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
