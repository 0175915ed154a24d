/**
 * Unsaved work outlives the page: each change is written down while it waits, taken up again when the page is loaded
 * anew, and taken over from windows that are gone. What another window saves is shown here at once.
 */

import { entryOf } from "./kept.js";
import { BEAT } from "./windows.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./kept.js").Kept} Kept */
/** @typedef {import("./kept.js").Letter} Letter */
/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {import("./windows.js").Windows} Windows */

const STEPS_PAUSE = 300;
/** Longer than a page takes to be replaced by the next; whoever stays on it is back at work by then. */
const LEAVING = 10_000;

/**
 * Events: "recalled" when what this window had before is back; "found" (detail: ids of changes from earlier windows, and
 * how many of them had words that are lost).
 */
export class Keeping extends EventTarget {
  /**
   * @param {Desk} desk
   * @param {Kept} kept
   * @param {Windows} windows
   */
  constructor(desk, kept, windows) {
    super();
    this.desk = desk;
    this.kept = kept;
    this.windows = windows;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.stepsTimer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.collectTimer = undefined;
    /** @type {[string, Entry][]} What was open when the page began to be left. */
    this.leaving = [];
    /** Settled when what this window had before it was loaded again is back. */
    this.recalled = Promise.resolve();
  }

  /** Take up what was left, then write down whatever changes. */
  async start() {
    const { desk, windows } = this;
    this.recalled = this.recall();
    await this.recalled;
    desk.outbox.addEventListener("state", () => this.keep());
    desk.outbox.addEventListener("stored", (event) => this.tell(/** @type {CustomEvent} */ (event).detail));
    desk.claims.addEventListener("remembered", () => this.keepStepsSoon());
    windows.addEventListener("news", (event) => desk.storedElsewhere(/** @type {CustomEvent} */ (event).detail));
    addEventListener("beforeunload", () => this.beginToLeave());
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", () => this.keep());
    addEventListener("focus", () => void this.collect());
    document.addEventListener("visibilitychange", () => void this.collect());
    if (!windows.locks) {
      setInterval(() => this.keep(), BEAT);
    }
    this.keep();
    this.dispatchEvent(new Event("recalled"));
    await this.collect();
  }

  async recall() {
    if (await this.windows.enter()) {
      this.rememberSteps();
      this.desk.restore(this.kept.changes());
    }
  }

  keep() {
    this.kept.keep(this.windows.own, this.unsure);
  }

  /** @returns {[string, Entry][]} what is open, and what the next page may not know although it is saved by now */
  get unsure() {
    const { outbox } = this.desk;
    return [...this.leaving.filter(([id]) => !outbox.isOpen(id)), ...outbox.open];
  }

  /** The server may draw the next page before it stores what is under way. Sending that once more does no harm. */
  beginToLeave() {
    this.leaving = this.desk.outbox.open.map(([id, entry]) => [id, { ...entry }]);
    setTimeout(() => {
      this.leaving = [];
      this.keep();
    }, LEAVING);
  }

  leave() {
    clearTimeout(this.stepsTimer);
    this.keepSteps();
    this.kept.keep(this.windows.own, this.unsure, { left: Date.now() });
  }

  /** @param {{id: string, claim: import("./claim.js").Claim | null, answer: Record<string, any>}} saved */
  tell({ id, claim, answer }) {
    this.windows.tell({ id, version: Number(answer["version"]), claim });
  }

  keepStepsSoon() {
    clearTimeout(this.stepsTimer);
    this.stepsTimer = setTimeout(() => this.keepSteps(), STEPS_PAUSE);
  }

  keepSteps() {
    const { claims, outbox } = this.desk;
    const ids = new Set([...claims.memory.done, ...claims.memory.undone].map(({ id }) => id));
    /** @type {[string, number][]} */
    const deleted = [];
    for (const id of ids) {
      const entry = outbox.entries.get(id);
      if (entry && !entry.open && entry.wanted === null && entry.version !== null) {
        deleted.push([id, entry.version]);
      }
    }
    this.kept.keepSteps({ ...claims.memory, deleted });
  }

  /** The server shows no deleted claims; to bring one back, its last version has to be known. */
  rememberSteps() {
    const { claims, outbox } = this.desk;
    const steps = this.kept.steps();
    if (!steps) {
      return;
    }
    for (const [id, version] of steps.deleted) {
      if (!claims.known.has(id)) {
        claims.adopt(id, null);
        outbox.adopt(id, version, null);
      }
    }
    claims.remember(steps);
  }

  async collect() {
    clearTimeout(this.collectTimer);
    if (document.visibilityState === "hidden") {
      return;
    }
    if (await this.windows.collect((letter) => this.takeOver(letter))) {
      this.collectTimer = setTimeout(() => void this.collect(), this.windows.grace);
    }
  }

  /** @param {Letter} letter of a window that is gone */
  takeOver({ changes }) {
    const { outbox, text } = this.desk;
    /** @type {[string, Entry][]} */
    const found = [];
    let lost = 0;
    for (const change of changes) {
      const known = outbox.entries.get(change.id);
      if (known?.open) {
        // This window has changed the claim as well; what the person sees here is what counts.
        continue;
      }
      const present = known?.stored && known.version !== null ? { version: known.version, claim: known.stored } : null;
      const entry = entryOf(change, present, (start, end) => text.slice(start, end));
      lost += change.more ? 1 : 0;
      if (entry) {
        found.push([change.id, entry]);
      }
    }
    this.desk.restore(found);
    if (found.length + lost > 0) {
      this.dispatchEvent(new CustomEvent("found", { detail: { ids: found.map(([id]) => id), lost } }));
    }
  }
}
