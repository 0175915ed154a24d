/**
 * Changes on their way to the server: kept in order, sent one after another, repeated until an answer came.
 *
 * For each claim the box knows the newest state that the person wants, what the server last acknowledged, and the one
 * request whose fate is unknown. That one is repeated before anything else is sent of the claim: a copy of it may
 * still be on its way, and only when the server has answered it can no late copy change anything any more.
 * Nothing here touches the page or the browser's storage.
 */

import { Refused, Unreachable } from "./api.js";
import { addsNothing, claimFrom, sameClaim } from "./claim.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {"same" | "nobody" | "someone-else"} Who who is signed in, seen from the person whose page this is */
/** @typedef {"saved" | "saving" | "waiting" | "refused" | "closed" | "signed-out" | "someone-else"} State */

/**
 * @typedef {object} Wire how the box reaches the server; each throws Refused or Unreachable
 * @property {(id: string, claim: Claim, version: number | null) => Promise<Record<string, any>>} put
 * @property {(id: string, version: number | null) => Promise<Record<string, any>>} remove
 * @property {() => Promise<Who>} renew asks for a fresh token, which only the same person gets
 */

/** @typedef {{claim: Claim | null, version: number | null}} Request null: a deletion, or no version known */

/**
 * @typedef {object} Entry
 * @property {number | null} version the last one acknowledged; null when the server acknowledged nothing of the claim
 * @property {Claim | null} stored what that version says; null when it is deleted or not known
 * @property {Claim | null} wanted null: it shall be deleted
 * @property {boolean} open whether `wanted` still has to be sent
 * @property {boolean} held refused: it waits for the person, not for the network
 * @property {Request | null} sent without an answer having come: the server may have it or may yet get it
 */

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;
/** No claim has this version: whoever names it is told the present one. */
const ANY_OTHER = 0;
/** The article is closed, or no longer this person's. */
const CLOSED = new Set([403, 404, 409]);

/** Events: "state"; "stored" (detail: id, claim, answer); "stale" (id, current, entry); "refused" (id, problem). */
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
    /** @type {Set<string>} Those that are open, in this order: among thousands of saved claims nobody has to look for them. */
    this.unsent = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.running = false;
    this.reachable = true;
    /** @type {Who} */
    this.who = "same";
    /** @type {Refused | null} */
    this.closed = null;
    this.renewals = 0;
    /** @type {Date | null} */
    this.savedAt = null;
  }

  /**
   * Take note of a claim as the server has it; what was not sent of it is given up.
   * @param {string} id
   * @param {number} version
   * @param {Claim | null} stored
   */
  adopt(id, version, stored) {
    const given = this.isOpen(id);
    this.entries.set(id, { version, stored, wanted: stored, open: false, held: false, sent: null });
    this.unsent.delete(id);
    if (given) {
      this.announce();
    }
  }

  /**
   * The person wants the claim to be so; null deletes it.
   * @param {string} id
   * @param {Claim | null} wanted
   */
  set(id, wanted) {
    const known = this.entries.get(id) ?? { version: null, stored: null, sent: null };
    // To the end of the line: the order of sending is that of the latest changes.
    this.forget(id);
    this.entries.set(id, { ...known, wanted, open: true, held: false });
    this.unsent.add(id);
    this.announce();
    void this.send();
  }

  /**
   * Changes that were kept somewhere else take their places before those made here; what was changed here stands.
   * @param {[string, Entry][]} kept in order
   */
  restore(kept) {
    const restored = kept.filter(([id]) => !this.isOpen(id));
    const here = [...this.entries].filter(([id]) => !restored.some(([other]) => other === id));
    this.entries = new Map([...restored, ...here]);
    this.unsent = new Set([...this.entries].flatMap(([id, { open }]) => (open ? [id] : [])));
    this.announce();
    void this.send();
  }

  /**
   * After a conflict: the person's state shall replace the one of this version.
   * @param {string} id
   * @param {number} version
   * @param {Claim | null} theirs
   */
  insist(id, version, theirs) {
    const entry = this.entries.get(id);
    if (entry) {
      Object.assign(entry, { version, stored: theirs, held: false, sent: null });
      this.announce();
      void this.send();
    }
  }

  /**
   * @param {string} id
   * @returns {boolean} whether something of the claim is not saved yet
   */
  isOpen(id) {
    return this.entries.get(id)?.open ?? false;
  }

  /** @returns {[string, Entry][]} what is not saved yet, in order */
  get open() {
    return [...this.unsent].flatMap((id) => {
      const entry = this.entries.get(id);
      return entry ? [/** @type {[string, Entry]} */ ([id, entry])] : [];
    });
  }

  /** @returns {number} how many claims have changes that are not saved */
  get waiting() {
    return this.unsent.size;
  }

  /** @returns {State} */
  get state() {
    const { open } = this;
    if (open.length === 0) {
      return "saved";
    }
    if (this.who !== "same") {
      return this.who === "nobody" ? "signed-out" : "someone-else";
    }
    if (this.closed) {
      return "closed";
    }
    if (!this.reachable) {
      return "waiting";
    }
    return open.every(([, entry]) => entry.held) ? "refused" : "saving";
  }

  /** Try again now: the network came back, or the person signed in or reopened the article. */
  retry() {
    clearTimeout(this.timer);
    this.pause = this.firstPause;
    this.closed = null;
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
        await this.sendOne(next[0], next[1]);
        this.reachable = true;
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
    return this.closed ? undefined : this.open.find(([, entry]) => !entry.held);
  }

  /**
   * @param {string} id
   * @param {Entry} entry
   */
  async sendOne(id, entry) {
    if (entry.wanted === null && entry.version === null && !entry.sent) {
      // Made and deleted before anything was sent: nobody has to know.
      this.forget(id);
      return;
    }
    const request = entry.sent ?? { claim: entry.wanted, version: entry.version };
    entry.sent = request;
    this.announce();
    let answer;
    try {
      answer = await (request.claim === null
        ? this.wire.remove(id, request.version)
        : this.wire.put(id, request.claim, request.version));
    } catch (problem) {
      if (!(problem instanceof Refused)) {
        throw problem;
      }
      await this.settle(id, request, problem);
      return;
    }
    this.who = "same";
    this.acknowledge(id, request.claim, answer);
  }

  /**
   * The server has it. What the person did meanwhile stays open.
   * @param {string} id
   * @param {Claim | null} claim
   * @param {Record<string, any>} answer
   */
  acknowledge(id, claim, answer) {
    const entry = this.entries.get(id);
    if (!entry) {
      return;
    }
    const open = !sameClaim(entry.wanted, claim);
    Object.assign(entry, { version: Number(answer["version"]), stored: claim, sent: null, open });
    if (!open) {
      this.unsent.delete(id);
    }
    this.renewals = 0;
    this.savedAt = new Date();
    this.dispatchEvent(new CustomEvent("stored", { detail: { id, claim, answer } }));
  }

  /**
   * The server said no. Some of it mends itself; the rest is for the person.
   * @param {string} id
   * @param {Request} request
   * @param {Refused} problem
   */
  async settle(id, request, problem) {
    if (problem.status === 401 || problem.status === 400) {
      await this.renew(problem);
      return;
    }
    this.who = "same";
    const entry = this.entries.get(id);
    if (!entry) {
      return;
    }
    if (problem.status === 428) {
      entry.sent = { ...request, version: ANY_OTHER };
    } else if (problem.status === 412) {
      this.compare(id, entry, /** @type {Record<string, any>} */ (problem.current ?? {}));
    } else if (CLOSED.has(problem.status)) {
      this.closed = problem;
    } else {
      entry.sent = null;
      // What was refused may have been an older state than the one that is wanted by now.
      entry.held = sameClaim(entry.wanted, request.claim);
      if (entry.held) {
        this.dispatchEvent(new CustomEvent("refused", { detail: { id, problem } }));
      }
    }
  }

  /**
   * Something else is stored than this box knew.
   * @param {string} id
   * @param {Entry} entry
   * @param {Record<string, any>} current
   */
  compare(id, entry, current) {
    const theirs = current["deleted"] ? null : claimFrom(current);
    const version = Number(current["version"]);
    entry.sent = null;
    if (addsNothing(theirs, entry.stored, entry.wanted)) {
      // Nobody else's work is in it: another window of this browser sent a part of the same changes.
      Object.assign(entry, { version, stored: theirs });
      return;
    }
    entry.held = true;
    this.dispatchEvent(new CustomEvent("stale", { detail: { id, current, entry } }));
  }

  /**
   * The token is of an older session, or there is none any more.
   * @param {Refused} problem
   */
  async renew(problem) {
    this.who = await this.wire.renew();
    if (this.who !== "same") {
      throw problem;
    }
    this.renewals += 1;
    if (this.renewals > 2) {
      this.renewals = 0;
      throw new Unreachable(problem.message);
    }
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

  /** The person lets go of everything that is not saved. */
  giveUp() {
    this.entries.clear();
    this.unsent.clear();
    this.announce();
  }

  /** @param {string} id */
  forget(id) {
    this.entries.delete(id);
    this.unsent.delete(id);
  }

  announce() {
    this.dispatchEvent(new Event("state"));
  }
}
