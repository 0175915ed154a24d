/**
 * Changes on their way to the server: kept in order, sent one after another, repeated until an answer came.
 *
 * For each claim the box knows the newest state that the person wants and the version that the server last
 * acknowledged. Changes made while one is on its way are sent together, after it. Nothing here touches the page.
 */

import { Refused, Unreachable } from "./api.js";
import { claimFrom, sameClaim } from "./claim.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {"saved" | "saving" | "waiting" | "refused" | "signed-out"} State */

/**
 * @typedef {object} Wire how the box reaches the server; each throws Refused or Unreachable
 * @property {(id: string, claim: Claim, version: number | null) => Promise<Record<string, any>>} put
 * @property {(id: string, version: number | null) => Promise<Record<string, any>>} remove
 * @property {(id: string) => Promise<Record<string, any>>} get
 * @property {() => Promise<boolean>} renew asks for a fresh token; false when the same person is not signed in
 */

/**
 * @typedef {object} Entry
 * @property {number | null} version the last one acknowledged; null when the server knows nothing of the claim
 * @property {Claim | null} wanted null: it shall be deleted
 * @property {boolean} open whether `wanted` still has to be sent
 * @property {boolean} held refused: it waits for the person, not for the network
 * @property {(Claim | null)[]} unanswered what was sent without an answer coming back: the server may have it
 */

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;
const NOT_ACKNOWLEDGED = 1;

export class Outbox extends EventTarget {
  /**
   * @param {Wire} wire
   * @param {{pause?: number}} [settings] milliseconds before the first repetition
   */
  constructor(wire, { pause = FIRST_PAUSE } = {}) {
    super();
    this.wire = wire;
    this.firstPause = pause;
    this.pause = pause;
    /** @type {Map<string, Entry>} In the order in which changes were made. */
    this.entries = new Map();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.running = false;
    this.reachable = true;
    this.signedIn = true;
    /** @type {Date | null} */
    this.savedAt = null;
  }

  /**
   * Take note of a claim as the server has it.
   * @param {string} id
   * @param {number} version
   */
  adopt(id, version) {
    this.entries.set(id, { version, wanted: null, open: false, held: false, unanswered: [] });
  }

  /**
   * The person wants the claim to be so; null deletes it.
   * @param {string} id
   * @param {Claim | null} wanted
   */
  set(id, wanted) {
    const known = this.entries.get(id) ?? { version: null, unanswered: [] };
    // To the end of the line: the order of sending is that of the latest changes.
    this.entries.delete(id);
    this.entries.set(id, { ...known, wanted, open: true, held: false });
    this.announce();
    void this.send();
  }

  /**
   * After a conflict: the person's state shall replace the one of this version.
   * @param {string} id
   * @param {number} version
   */
  insist(id, version) {
    const entry = this.entries.get(id);
    if (entry) {
      Object.assign(entry, { version, held: false, unanswered: [] });
      void this.send();
    }
  }

  /**
   * Give up what was not sent of a claim; the server's version stands.
   * @param {string} id
   * @param {number} version
   */
  yield(id, version) {
    this.adopt(id, version);
    this.announce();
  }

  /** @returns {number} how many claims have changes that are not saved */
  get waiting() {
    return [...this.entries.values()].filter((entry) => entry.open).length;
  }

  /** @returns {State} */
  get state() {
    const open = [...this.entries.values()].filter((entry) => entry.open);
    if (open.length === 0) {
      return "saved";
    }
    if (!this.signedIn) {
      return "signed-out";
    }
    if (!this.reachable) {
      return "waiting";
    }
    return open.every((entry) => entry.held) ? "refused" : "saving";
  }

  /** Try again now: the network came back, or the person signed in. */
  retry() {
    clearTimeout(this.timer);
    this.pause = this.firstPause;
    return this.send();
  }

  /** Send what is open, in order, until nothing is left or the server cannot be reached. */
  async send() {
    if (this.running) {
      return;
    }
    this.running = true;
    clearTimeout(this.timer);
    try {
      for (let next = this.nextOpen(); next; next = this.nextOpen()) {
        this.announce();
        await this.sendOne(...next);
        this.reachable = true;
        this.signedIn = true;
        this.pause = this.firstPause;
      }
    } catch (problem) {
      this.delay(problem);
    } finally {
      this.running = false;
      this.announce();
    }
  }

  /** @returns {[string, Entry] | undefined} */
  nextOpen() {
    return [...this.entries].find(([, entry]) => entry.open && !entry.held);
  }

  /**
   * @param {string} id
   * @param {Entry} entry
   */
  async sendOne(id, entry) {
    const sent = entry.wanted;
    if (sent === null && entry.version === null && entry.unanswered.length === 0) {
      this.entries.delete(id);
      return;
    }
    let answer;
    try {
      answer = await this.request(id, entry, sent);
    } catch (problem) {
      if (!(problem instanceof Refused)) {
        entry.unanswered.push(sent);
        throw problem;
      }
      await this.settle(id, sent, problem);
      return;
    }
    this.acknowledge(id, sent, answer);
  }

  /**
   * @param {string} id
   * @param {Entry} entry
   * @param {Claim | null} sent
   * @returns {Promise<Record<string, any>>}
   */
  request(id, entry, sent) {
    return sent === null
      ? this.wire.remove(id, entry.version ?? NOT_ACKNOWLEDGED)
      : this.wire.put(id, sent, entry.version);
  }

  /**
   * The server has it. What the person did meanwhile stays open.
   * @param {string} id
   * @param {Claim | null} sent
   * @param {Record<string, any>} answer
   */
  acknowledge(id, sent, answer) {
    const entry = this.entries.get(id);
    if (!entry) {
      return;
    }
    entry.version = Number(answer["version"]);
    entry.unanswered = [];
    if (entry.wanted === sent) {
      entry.open = false;
    }
    this.savedAt = new Date();
    this.dispatchEvent(new CustomEvent("stored", { detail: { id, claim: sent, answer } }));
  }

  /**
   * The server said no. Some of it mends itself; the rest is for the person.
   * @param {string} id
   * @param {Claim | null} sent
   * @param {Refused} problem
   */
  async settle(id, sent, problem) {
    if (problem.status === 401 || problem.status === 400) {
      await this.renew(problem);
      return;
    }
    const entry = this.entries.get(id);
    if (!entry) {
      return;
    }
    if (problem.status === 404 && sent === null) {
      this.entries.delete(id);
      return;
    }
    if (problem.status === 412 || problem.status === 428) {
      const current = /** @type {Record<string, any>} */ (problem.current ?? (await this.wire.get(id)));
      const stored = current["deleted"] ? null : claimFrom(current);
      if ([...entry.unanswered, sent].some((ours) => sameClaim(ours, stored))) {
        // An answer was lost on its way: what stands there is our own.
        entry.version = Number(current["version"]);
        entry.unanswered = [];
        return;
      }
      entry.held = true;
      this.dispatchEvent(new CustomEvent("stale", { detail: { id, current } }));
      return;
    }
    entry.held = true;
    this.dispatchEvent(new CustomEvent("refused", { detail: { id, problem } }));
  }

  /**
   * The token is of an older session, or there is none any more.
   * @param {Refused} problem
   */
  async renew(problem) {
    if (await this.wire.renew()) {
      this.renewals = (this.renewals ?? 0) + 1;
      if (this.renewals <= 2) {
        return;
      }
      this.renewals = 0;
      throw new Unreachable(problem.message);
    }
    this.signedIn = false;
    throw problem;
  }

  /** @param {unknown} problem */
  delay(problem) {
    if (!(problem instanceof Unreachable || problem instanceof Refused)) {
      throw problem;
    }
    this.reachable = !(problem instanceof Unreachable);
    this.timer = setTimeout(() => void this.send(), this.pause);
    this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
  }

  announce() {
    this.dispatchEvent(new Event("state"));
  }
}
