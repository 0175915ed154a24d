/** What the browser keeps of unsaved work: in which words, for whom, and what becomes of it later. */

import { Kept, entryOf, waiting } from "../../static/js/lib/kept.js";
import { Windows } from "../../static/js/lib/windows.js";
import { equal, test, until } from "./testing.js";

/** @typedef {import("../../static/js/lib/claim.js").Claim} Claim */
/** @typedef {import("../../static/js/lib/outbox.js").Entry} Entry */

const TEXT = "It was calm on Sunday.";

/** @type {Claim} */
const CALM = { start: 7, end: 11, exact: "calm", label: "sourced" };

/** @type {Claim} */
const RICH = {
  ...CALM,
  note: "SECRET note",
  speaker: { name: "SECRET speaker" },
  claim_text: "SECRET words",
  evidence: [{ stance: "supports", quote: "SECRET quote", url: "https://secret.example" }],
};

/**
 * @param {Claim | null} wanted
 * @param {Partial<Entry>} [more]
 * @returns {Entry}
 */
const entry = (wanted, more = {}) => ({
  version: null,
  stored: null,
  wanted,
  open: true,
  held: false,
  sent: null,
  ...more,
});

/** A storage of its own, so that cases do not see each other's. */
class Shelf {
  constructor() {
    /** @type {Map<string, string>} */
    this.map = new Map();
    this.full = false;
  }

  get length() {
    return this.map.size;
  }

  /** @param {number} number */
  key(number) {
    return [...this.map.keys()][number] ?? null;
  }

  /** @param {string} key */
  getItem(key) {
    return this.map.get(key) ?? null;
  }

  /**
   * @param {string} key
   * @param {string} value
   */
  setItem(key, value) {
    if (this.full) {
      throw new Error("full");
    }
    this.map.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.map.delete(key);
  }

  clear() {
    this.map.clear();
  }
}

/** @param {number} start @param {number} end */
const cut = (start, end) => TEXT.slice(start, end);

/** A browser with windows; `open` opens one. */
class Browser {
  constructor() {
    this.local = new Shelf();
    this.article = crypto.randomUUID();
  }

  /**
   * @param {string} person
   * @param {{session?: Shelf, locks?: LockManager | null}} [more]
   */
  open(person, { session = new Shelf(), locks = navigator.locks } = {}) {
    const kept = new Kept(person, this.article, { session, local: this.local });
    const windows = new Windows(person, this.article, kept, { locks, grace: 0 });
    return { kept, windows, session };
  }
}

/**
 * Locks that can be given back, as when a window is closed.
 * @returns {{locks: LockManager, close: () => void}}
 */
function closable() {
  /** @type {(() => void)[]} */
  const ends = [];
  const locks = /** @type {LockManager} */ (
    /** @type {unknown} */ ({
      /** @type {(name: string, options: LockOptions, act: (lock: Lock | null) => Promise<unknown>) => Promise<unknown>} */
      request: (name, options, act) =>
        navigator.locks.request(name, options, (lock) =>
          Promise.race([act(lock), new Promise((resolve) => ends.push(() => resolve(undefined)))]),
        ),
    })
  );
  return { locks, close: () => ends.forEach((end) => end()) };
}

export function keptTests() {
  test("beyond the tab no words are kept, and in it everything is", () => {
    const { kept, session } = new Browser().open("ada");
    const sent = { claim: RICH, version: 1 };
    kept.keep("w", [["a", entry(RICH, { version: 1, stored: CALM, sent })]]);
    const beyond = JSON.stringify([...(/** @type {any} */ (kept.local).map)]);
    equal(/SECRET|secret|calm/.test(beyond), false);
    equal(beyond.includes("sourced"), true);
    equal(kept.changes(), [["a", { version: 1, stored: CALM, wanted: RICH, sent, open: true, held: false }]]);
    kept.keep("w", []);
    equal([session.length, kept.local.length], [0, 0]);
  });
  test("another person's changes, and another article's, are not seen", () => {
    const browser = new Browser();
    const session = new Shelf();
    browser.open("ada", { session }).kept.keep("w", [["a", entry(CALM)]]);
    const ben = browser.open("ben", { session }).kept;
    equal([ben.changes(), ben.letters()], [[], []]);
    const elsewhere = new Kept("ada", "another article", { session, local: browser.local });
    equal([elsewhere.changes(), elsewhere.letters()], [[], []]);
  });
  test("a browser that keeps nothing is told of, and nothing old is left", () => {
    const { kept, session } = new Browser().open("ada");
    kept.keep("w", [["a", entry(CALM)]]);
    session.full = true;
    kept.keep("w", [["a", entry(RICH)]]);
    equal([kept.refused, kept.changes()], [true, []]);
    session.full = false;
    kept.keep("w", [["a", entry(RICH)]]);
    equal([kept.refused, kept.changes().length], [false, 1]);
  });
  test("what another version or a vandal wrote is left alone", () => {
    const { kept } = new Browser().open("ada");
    for (const nonsense of ["{", "[]", "7", '{"form":99,"changes":[{}]}', '{"form":1,"changes":7}']) {
      kept.local.setItem(`${kept.waitingKey}w`, nonsense);
      equal(kept.letters().flatMap(({ changes }) => changes), []);
    }
    kept.session.setItem(kept.changesKey, "{");
    equal(kept.changes(), []);
  });
  test("a change found again is the words of the article at its place, over what the server has", () => {
    const change = waiting("a", entry({ ...RICH, label: "disputed", end: 18, exact: "calm on Sun" }, { version: 2, stored: RICH }));
    const found = entryOf(change, { version: 2, claim: RICH }, cut);
    equal(found?.wanted, { ...RICH, label: "disputed", end: 18, exact: "calm on Sun" });
    equal([found?.version, change.more], [2, false]);
    equal(waiting("a", entry(RICH, { stored: CALM })).more, true);
  });
  test("a change that arrived before its window died is done", () => {
    const sent = { claim: CALM, version: null };
    equal(entryOf(waiting("a", entry(CALM, { sent })), { version: 1, claim: CALM }, cut), null);
    equal(entryOf(waiting("a", entry(null, { version: 1 })), null, cut), null);
  });
  test("a request that arrived unanswered is known as the window's own", () => {
    const change = waiting("a", entry({ ...CALM, label: "disputed" }, { sent: { claim: CALM, version: null } }));
    equal(entryOf(change, { version: 1, claim: CALM }, cut)?.version, 1);
    const stranger = { version: 4, claim: { ...CALM, label: "unverified" } };
    equal(entryOf(change, stranger, cut)?.version, null);
  });
  test("places outside of the article are no changes", () => {
    const change = waiting("a", entry({ ...CALM, start: 900, end: 910 }));
    equal(entryOf(change, null, cut), null);
  });
  test("the steps of undo are kept within bounds", () => {
    const { kept } = new Browser().open("ada");
    const note = "n".repeat(20_000);
    const done = Array.from({ length: 300 }, (_, number) => ({ id: `${number}`, before: null, after: { ...CALM, note } }));
    kept.keepSteps({ done, undone: [], deleted: [] });
    const steps = kept.steps();
    equal(steps?.done.at(-1)?.id, "299");
    equal((kept.session.getItem(kept.stepsKey) ?? "").length < 2_000_000, true);
  });
  for (const locking of [true, false]) {
    const means = locking ? "locks" : "heartbeats";
    test(`the changes of a closed window are collected once, those of a living one are not (${means})`, async () => {
      const browser = new Browser();
      const { locks, close } = closable();
      const first = browser.open("ada", { locks: locking ? locks : null });
      await first.windows.enter();
      first.kept.keep(first.windows.own, [["a", entry(CALM)]]);
      const others = [1, 2].map(() => browser.open("ada", locking ? {} : { locks: null }));
      await Promise.all(others.map(({ windows }) => windows.enter()));
      /** @type {string[]} */
      const taken = [];
      const collect = () =>
        Promise.all(others.map(({ windows }) => windows.collect(({ changes }) => taken.push(...changes.map(({ id }) => id)))));
      await collect();
      equal(taken, []);
      first.kept.keep(first.windows.own, [["a", entry(CALM)]], { left: Date.now() - 1 });
      close();
      for (let tries = 0; taken.length === 0 && tries < 200; tries += 1) {
        // The browser gives a lock back a moment after its window has gone.
        await collect();
      }
      await collect();
      equal(taken, ["a"]);
      equal(browser.local.length, 0);
    });
  }
  test("a window that says it lives is not robbed while its page is loaded again", async () => {
    const browser = new Browser();
    const first = browser.open("ada");
    first.kept.keep(first.windows.own, [["a", entry(CALM)]], { left: Date.now() });
    const other = browser.open("ada");
    other.windows.grace = 60_000;
    /** @type {string[]} */
    const taken = [];
    const again = await other.windows.collect(({ window }) => taken.push(window));
    equal([taken, again], [[], true]);
  });
  test("a duplicated window takes a name of its own and leaves the changes to the first", async () => {
    const browser = new Browser();
    const session = new Shelf();
    const first = browser.open("ada", { session });
    equal(await first.windows.enter(), true);
    const copy = new Shelf();
    copy.map = new Map(session.map);
    const second = browser.open("ada", { session: copy });
    equal(await second.windows.enter(), false);
    equal(second.windows.own === first.windows.own, false);
  });
  test("a window loaded again keeps its name", async () => {
    const browser = new Browser();
    const session = new Shelf();
    const { locks, close } = closable();
    const first = browser.open("ada", { session, locks });
    await first.windows.enter();
    close();
    const second = browser.open("ada", { session });
    equal([await second.windows.enter(), second.windows.own], [true, first.windows.own]);
  });
  test("a window loaded again keeps its name however late the one before gives it back", async () => {
    const browser = new Browser();
    const session = new Shelf();
    await browser.open("ada", { session }).windows.enter();
    const before = session.getItem("annotator:window");
    let asked = 0;
    const locks = /** @type {LockManager} */ (
      /** @type {unknown} */ ({
        /** @type {(name: string, options: LockOptions, act: (lock: Lock | null) => Promise<unknown>) => Promise<unknown>} */
        request: (name, options, act) => {
          asked += 1;
          return asked < 4 ? act(null) : navigator.locks.request(`${name}, given back`, options, act);
        },
      })
    );
    const { windows } = browser.open("ada", { session, locks });
    equal([await windows.enter(), windows.own], [true, before]);
  });
  test("windows of the same person and article hear what was saved, others do not", async () => {
    const browser = new Browser();
    const [one, two, ben] = [browser.open("ada"), browser.open("ada"), browser.open("ben")];
    /** @type {any[]} */
    const heard = [];
    two.windows.addEventListener("news", (event) => heard.push(/** @type {CustomEvent} */ (event).detail));
    ben.windows.addEventListener("news", () => heard.push("ben heard"));
    one.windows.tell({ id: "a", version: 2, claim: CALM });
    await until(() => heard.length > 0);
    equal(heard, [{ id: "a", version: 2, claim: CALM }]);
  });
}
