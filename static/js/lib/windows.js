/**
 * The windows of one browser that show the same article to the same person: which of them live, and what they tell
 * each other.
 *
 * A window holds a lock for as long as it lives; the browser gives the lock back even when the window crashes. Where
 * there are no locks (a page without HTTPS on a newsroom's own network) a window says from time to time that it lives.
 */

/** @typedef {import("./kept.js").Kept} Kept */
/** @typedef {import("./kept.js").Letter} Letter */
/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {{id: string, version: number, claim: Claim | null}} News what one window saved; never written anywhere */

const TAB = "annotator:window";
const BEAT = 5_000;
/** A browser may let a window in the background speak only once a minute. */
const SILENCE = 150_000;
/** A page that is being loaded again is between two lives for a moment. */
const GRACE = 3_000;
/** How often a window asks for the name that it had, and how long it waits between. */
const TRIES = 15;
const PAUSE = 100;

/** Events: "news" (detail: News). */
export class Windows extends EventTarget {
  /**
   * @param {string} person
   * @param {string} article
   * @param {Kept} kept
   * @param {{locks?: LockManager | null, grace?: number}} [settings]
   */
  constructor(person, article, kept, { locks = navigator.locks ?? null, grace = GRACE } = {}) {
    super();
    this.scope = `annotator:${person}:${article}`;
    this.kept = kept;
    /** @type {LockManager | null} Missing where the page did not come over HTTPS. */
    this.locks = locks;
    this.grace = grace;
    this.own = kept.session.getItem(TAB) ?? newName();
    this.channel = new BroadcastChannel(this.scope);
    this.channel.addEventListener("message", (event) =>
      this.dispatchEvent(new CustomEvent("news", { detail: event.data })),
    );
  }

  /**
   * Take the name that this window had before it was loaded again. A duplicated window has a copy of the session: it
   * takes a new name, and the other one goes on with its changes.
   * @returns {Promise<boolean>} whether the session's changes are this window's own
   */
  async enter() {
    const own = await this.takeName();
    if (!own) {
      this.own = newName();
      await this.takeName();
    }
    this.kept.session.setItem(TAB, this.own);
    return own;
  }

  /** @returns {Promise<boolean>} false when another window has the name */
  async takeName() {
    if (!this.locks) {
      const mine = this.kept.letters().find((letter) => letter.window === this.own);
      return !mine || mine.left > 0 || Date.now() - mine.beat > BEAT * 2;
    }
    // The browser says each time whether somebody has it. To wait for so many milliseconds would mean less on a slow
    // machine, and the window would lose its changes to a name that nobody has.
    for (let tries = 1; !(await this.lock(this.locks)); tries += 1) {
      if (tries === TRIES) {
        return false;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE);
      });
    }
    return true;
  }

  /**
   * Hold the lock of the own name, if nobody has it, for as long as the window lives.
   * @param {LockManager} locks
   * @returns {Promise<boolean>}
   */
  lock(locks) {
    return new Promise((resolve) => {
      const hold = (/** @type {Lock | null} */ lock) => {
        resolve(lock !== null);
        return lock ? new Promise(() => undefined) : Promise.resolve();
      };
      locks.request(this.lockName(this.own), { ifAvailable: true }, hold).catch(() => resolve(false));
    });
  }

  /**
   * The letters of windows that are gone are given to `take` and removed; a window that may be about to come back
   * is left alone.
   * @param {(letter: Letter) => void} take
   * @returns {Promise<boolean>} whether to look again in a moment
   */
  async collect(take) {
    let again = false;
    for (const letter of this.kept.letters().filter(({ window }) => window !== this.own)) {
      const age = Date.now() - (letter.left || letter.beat);
      if (age < this.grace) {
        again ||= letter.left > 0 || this.locks !== null;
        continue;
      }
      await this.ifGone(letter, () => {
        // Another window may have collected it while this one asked for the lock.
        if (this.kept.letters().some(({ key, beat }) => key === letter.key && beat === letter.beat)) {
          take(letter);
          this.kept.forget(letter.key);
        }
      });
    }
    return again;
  }

  /**
   * @param {Letter} letter
   * @param {() => void} act
   */
  async ifGone(letter, act) {
    if (!this.locks) {
      if (letter.left > 0 || Date.now() - letter.beat > SILENCE) {
        act();
      }
      return;
    }
    await this.locks.request(this.lockName(letter.window), { ifAvailable: true }, (lock) => {
      if (lock) {
        act();
      }
      return Promise.resolve();
    });
  }

  /** @param {News} news */
  tell(news) {
    this.channel.postMessage(news);
  }

  /**
   * @param {string} name
   * @returns {string}
   */
  lockName(name) {
    return `${this.scope}:${name}`;
  }
}

/** @returns {string} */
function newName() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export { BEAT };
