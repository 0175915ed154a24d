/**
 * How far the person reads and how long they work: shown to them, and told to the server every half minute and on
 * leaving. Nothing waits for it and nothing is said when it fails; the next report carries what this one did not.
 */

import { ActiveTime } from "./active-time.js";
import { Refused } from "./api.js";
import { bisect } from "./bisect.js";
import { dialogIsOpen } from "./dialogs.js";
import { byId } from "./dom.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {{from: number, until: number}} Stretch what of the text is on the screen, in code points */

const TICK = 1_000;
const REPORT = 30_000;
const IDLE = 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "scroll", "wheel"];
/** The session is over or its token is old: the person may sign in again, and what was counted is kept until then. */
const PASSING = new Set([400, 401]);

export class Reading {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.address = `/articles/${desk.article}/reading`;
    const { until, length } = byId("reading", HTMLElement).dataset;
    this.until = Number(until);
    this.length = Number(length);
    this.told = this.until;
    this.time = new ActiveTime(IDLE);
    /** Seconds that were sent, or are on their way. */
    this.sent = 0;
    this.closed = false;
    this.reported = performance.now();
    /** @type {Stretch | null} What was on the screen a moment ago. */
    this.before = null;
  }

  start() {
    for (const sign of SIGNS) {
      addEventListener(sign, () => this.time.touch(performance.now()), { capture: true, passive: true });
    }
    for (const change of ["focus", "blur"]) {
      addEventListener(change, () => this.attend());
    }
    document.addEventListener("visibilitychange", () => {
      this.attend();
      if (document.visibilityState === "hidden") {
        void this.report();
      }
    });
    addEventListener("pagehide", () => void this.report());
    document.getElementById("read")?.addEventListener("submit", (event) => void this.declare(event));
    this.desk.addEventListener("changed", () => this.name());
    this.attend();
    setInterval(() => this.tick(), TICK);
  }

  attend() {
    this.time.attend(document.visibilityState === "visible" && document.hasFocus(), performance.now());
  }

  tick() {
    this.attend();
    this.look();
    if (performance.now() - this.reported >= REPORT) {
      void this.report();
    }
  }

  /**
   * What stood on the screen for a moment was read. A scrollbar pulled to the end and back reads nothing: the last
   * words of one look must still be there at the next.
   */
  look() {
    // A dialog covers the text.
    const seen = document.visibilityState === "visible" && !dialogIsOpen() ? this.onScreen() : null;
    if (seen && this.before && this.before.until > seen.from) {
      this.reach(Math.min(this.before.until, seen.until));
    }
    this.before = seen;
  }

  /**
   * The part of the text on the screen. An IntersectionObserver would have to be told of every block anew whenever a
   * save swaps it, and of thousands in a long article; two searches a second over sorted blocks measure a few.
   * @returns {Stretch | null}
   */
  onScreen() {
    const { blocks } = this.desk.text;
    const box = (/** @type {number} */ number) => /** @type {HTMLElement} */ (blocks[number]).getBoundingClientRect();
    const first = blocks[bisect(blocks.length, (number) => box(number).bottom > 0)];
    const last = blocks[bisect(blocks.length, (number) => box(number).top >= innerHeight) - 1];
    if (!first || !last || Number(first.dataset["start"]) > Number(last.dataset["start"])) {
      return null;
    }
    const { top, height } = last.getBoundingClientRect();
    const [start, end] = [Number(last.dataset["start"]), Number(last.dataset["end"])];
    const part = height > 0 ? Math.min(1, (innerHeight - top) / height) : 1;
    const whole = part === 1 && last === blocks.at(-1);
    return { from: Number(first.dataset["start"]), until: whole ? this.length : start + Math.floor((end - start) * part) };
  }

  /** @param {number} until */
  reach(until) {
    if (until <= this.until) {
      return;
    }
    this.until = until;
    const percent = Math.min(100, Math.floor((100 * until) / this.length));
    const line = byId("reading-line", HTMLProgressElement);
    if (line.value !== percent) {
      line.value = percent;
      byId("reading-percent", HTMLElement).textContent = `${percent}\u00a0% read`;
    }
  }

  /** The button at the end says what it says of an article with claims, or without one. */
  name() {
    const words = document.getElementById("read-words");
    const some = this.desk.list.order.length > 0;
    if (words) {
      words.textContent = words.dataset[some ? "some" : "none"] ?? "";
    }
  }

  /** Tell the server what it does not know yet. */
  async report() {
    const at = performance.now();
    this.time.count(at);
    this.reported = at;
    const seconds = Math.floor(this.time.total / 1_000) - this.sent;
    const { until } = this;
    if (this.closed || (seconds < 1 && until === this.told)) {
      return;
    }
    this.sent += seconds;
    try {
      const noted = await this.desk.session.form(this.address, { until: String(until), seconds: String(seconds) });
      this.told = until;
      byId("reading-time", HTMLElement).textContent = noted.time;
    } catch (problem) {
      // The server adds no more than has passed, so what it had in spite of a lost answer is hardly counted twice.
      this.sent -= seconds;
      this.closed = problem instanceof Refused && !PASSING.has(problem.status);
    }
  }

  /**
   * The person says that they have read to the end, which scrolling there does not.
   * @param {SubmitEvent} event
   */
  async declare(event) {
    const place = event.target;
    if (!(place instanceof HTMLFormElement)) {
      return;
    }
    event.preventDefault();
    try {
      await this.desk.session.post(place.action);
    } catch {
      byId("read-problem", HTMLElement).hidden = false;
      return;
    }
    this.reach(this.length);
    place.hidden = true;
    const done = byId("read-done", HTMLElement);
    done.hidden = false;
    done.focus();
  }
}
