/**
 * After a save the server draws the touched blocks and the claim's card anew, and they are put in their places.
 *
 * One at a time, in order: an older drawing must never replace a newer one.
 */

import { Refused, Unreachable } from "./api.js";
import { all, parsed } from "./dom.js";

/** @typedef {import("./offsets.js").Span} Span */
/** @typedef {{id: string, stretch: Span | null}} Job */

const PAUSE = 2_000;
const SIGNED_OUT = 401;

export class Redrawing extends EventTarget {
  /**
   * @param {import("./api.js").Session} session
   * @param {string} address of the fragment
   */
  constructor(session, address) {
    super();
    this.session = session;
    this.address = address;
    /** @type {Job[]} */
    this.jobs = [];
    this.running = false;
  }

  /**
   * @param {string} id the claim
   * @param {Span | null} stretch what of the text changed its look; null if nothing did
   */
  async add(id, stretch) {
    this.jobs.push({ id, stretch });
    if (this.running) {
      return;
    }
    this.running = true;
    for (let job = this.jobs[0]; job; job = this.jobs[0]) {
      if (await this.draw(job)) {
        this.jobs.shift();
      } else {
        await new Promise((resolve) => {
          setTimeout(resolve, PAUSE);
        });
      }
    }
    this.running = false;
    this.dispatchEvent(new Event("idle"));
  }

  /**
   * @param {Job} job
   * @returns {Promise<boolean>} false to try again
   */
  async draw({ id, stretch }) {
    const query = new URLSearchParams({ claim: id });
    if (stretch) {
      query.set("start", String(stretch.start));
      query.set("end", String(stretch.end));
    }
    try {
      const answer = parsed(await this.session.html(`${this.address}?${query}`));
      if (answer.getElementById("blocks")?.dataset["person"] !== this.session.person) {
        // Somebody else is signed in in this browser now: these would be their marks.
        return false;
      }
      const blocks = all(answer, "#blocks > [data-start]", HTMLElement);
      const card = all(answer, "#cards > .claim", HTMLElement)[0] ?? null;
      this.dispatchEvent(new CustomEvent("drawn", { detail: { id, blocks, card } }));
      return true;
    } catch (problem) {
      if (problem instanceof Unreachable) {
        return false;
      }
      if (problem instanceof Refused) {
        // Signed out: the page is drawn when the person is back. All else was said at the save already.
        return problem.status !== SIGNED_OUT;
      }
      throw problem;
    }
  }
}
