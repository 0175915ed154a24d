/** Two articles that are compared: picking a claim on either side, linking the two, and taking a link back. */

import { Refused } from "./api.js";
import { numbersOf, redraw, tellUnknown } from "./compared-parts.js";
import { all, byId, one, parsed } from "./dom.js";
import { showKnown } from "./known-pick.js";
import { Telling } from "./telling.js";

/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./compare-side.js").CompareSide} CompareSide */
/** @typedef {"left" | "right"} Name */
/** @typedef {{a: string, b: string, relation: string, aspect: string | null, note: string}} Link */

/** What the server sends anew after a pick; after a link, the list of links as well. */
const OF_PICKS = ["picks", "pair", "candidate-links"];
const OF_LINKS = "links";

/** Who goes to and fro between windows has the links looked at again no more often than this, in ms. */
const LOOK_EVERY = 10_000;

/** Event "picked": another claim is picked on one of the sides. */
export class Comparing extends EventTarget {
  /**
   * @param {Session} session
   * @param {Record<Name, CompareSide>} sides
   * @param {{project: string, page: string, panel: string, left: string, right: string, linkable: boolean}} place
   * @param {import("./known-pick.js").Badge[]} labels
   */
  constructor(session, sides, place, labels) {
    super();
    this.session = session;
    this.sides = sides;
    this.place = place;
    this.labels = labels;
    this.telling = new Telling();
    /** @type {(() => Promise<void>)[]} How to take back what was done, the last at the end. */
    this.done = [];
    /** @type {Promise<void>} The parts on the page are those of the last pick when this is fulfilled. */
    this.fresh = Promise.resolve();
    /** @type {Promise<unknown>} What was asked for so far has been done, or refused, when this is fulfilled. */
    this.turn = Promise.resolve();
    /** The numbers of the links at each claim, which the server has drawn already. */
    this.numbers = numbersOf(all(document, ".link-line", HTMLElement));
    /** How often the list of links was asked for: an answer that was overtaken is not drawn. */
    this.lists = 0;
    /** When somebody's coming back was last a reason to ask again, and the timer of the next time. */
    this.looked = -LOOK_EVERY;
    this.looks = 0;
    /** The link whose form is open. */
    this.changing = new URLSearchParams(location.search).get("change") ?? "";
  }

  /**
   * Pick a claim, or let go what was picked.
   * @param {Name} name
   * @param {string | null} id
   */
  pick(name, id) {
    const side = this.sides[name];
    side.pick(side.picked === id ? null : id);
    this.picked([side]);
    this.refuse("");
  }

  /**
   * Pick both claims of a link and show them.
   * @param {string} one
   * @param {string} other
   */
  show(one, other) {
    const [left, right] = this.sides.left.claim(one) ? [one, other] : [other, one];
    this.sides.left.pick(left);
    this.sides.right.pick(right);
    for (const side of Object.values(this.sides)) {
      side.reveal(side.claim(side.picked));
    }
    this.picked(Object.values(this.sides));
  }

  /**
   * Show at once what the page knows of the picked claims, and ask for the rest.
   * @param {CompareSide[]} sides where another claim is picked
   */
  picked(sides) {
    for (const side of sides) {
      showKnown(side, this.labels);
    }
    byId("pair", HTMLElement).ariaBusy = "true";
    this.dispatchEvent(new Event("picked"));
    this.fresh = this.refresh({ links: false });
  }

  /** @returns {string} what names the articles and the picked claims in an address */
  query() {
    const { left, right } = this.sides;
    const query = new URLSearchParams({ left: this.place.left, right: this.place.right });
    if (left.picked !== null || right.picked !== null) {
      query.set("claim", left.picked ?? "");
      query.set("with", right.picked ?? "");
    }
    return query.toString();
  }

  /**
   * Draw anew what the server knows of the picked claims, and of the links.
   * @param {{links?: boolean}} [wanted] no links after a pick, which changes none
   */
  async refresh({ links = true } = {}) {
    const query = this.query();
    history.replaceState(null, "", `${this.place.page}?${query}`);
    this.lists += Number(links);
    const list = this.lists;
    let html;
    try {
      const more = links ? `&list=yes${this.changing ? `&change=${encodeURIComponent(this.changing)}` : ""}` : "";
      html = await this.session.html(`${this.place.panel}?${query}${more}`);
    } catch {
      this.say("There is no connection: what stands beside the text may be old.");
      tellUnknown(byId("pair", HTMLElement));
      return;
    }
    // What is picked may have changed meanwhile, but not the links.
    const parts = [...(query === this.query() ? OF_PICKS : []), ...(links && list === this.lists ? [OF_LINKS] : [])];
    const page = parsed(html);
    for (const id of parts) {
      redraw(byId(id, HTMLElement), one(page, `#${id}`, HTMLElement));
    }
    if (parts.includes(OF_LINKS)) {
      this.number();
    }
  }

  /** Somebody came back: other tabs make links, too. Right after the last time it waits until it is worth asking. */
  cameBack() {
    clearTimeout(this.looks);
    this.looks = setTimeout(() => this.lookAgain(), Math.max(0, this.looked + LOOK_EVERY - performance.now()));
  }

  /** Ask again for what may have changed while nobody looked. A form that is open stays. */
  lookAgain() {
    this.looked = performance.now();
    this.fresh = this.refresh({ links: document.getElementById("changing") === null });
  }

  /**
   * Link the two picked claims.
   * @param {string} relation
   * @param {{aspect: string, note: string}} more
   * @returns {Promise<boolean>} whether they are linked
   */
  async link(relation, { aspect, note }) {
    const { left, right } = this.sides;
    if (left.picked === null || right.picked === null) {
      this.refuse("Pick a claim on the left and one on the right first.");
      return false;
    }
    await this.fresh;
    const from = byId("picks", HTMLElement).dataset["from"];
    const [a, b] = from === right.picked && from !== left.picked ? [right, left] : [left, right];
    const link = { a: a.picked ?? "", b: b.picked ?? "", relation, aspect: aspect || null, note };
    return this.attempt(async () => {
      const made = await this.make(link);
      this.done.push(() => this.remove(made.id));
      await this.refresh();
      const number = document.querySelector(`#link-${CSS.escape(made.id)}`)?.getAttribute("data-number");
      this.say(`Link ${number ?? ""} saved: ${relation.replaceAll("_", " ")}`);
    });
  }

  /**
   * Delete a link of one's own, with the way back.
   * @param {HTMLElement} line its entry in the list
   */
  async delete(line) {
    const { a = "", b = "", relation = "", aspect, note = "" } = line.dataset;
    const link = { a, b, relation, aspect: aspect || null, note };
    const back = async () => void (await this.make(link));
    await this.attempt(async () => {
      // Whoever clicked twice means the same link.
      if (!document.getElementById(line.id)) {
        return;
      }
      await this.remove(line.id.replace("link-", ""));
      this.done.push(back);
      await this.refresh();
      this.say("Link deleted");
      this.telling.toast("The link is deleted.", () => void this.undo());
      byId("links", HTMLElement).focus();
    });
  }

  /** Take back the last link that was made, or bring back the one that was deleted; also one that is on its way yet. */
  async undo() {
    /** @type {(() => Promise<void>) | undefined} */
    let step;
    const undone = await this.attempt(async () => {
      step = this.done.pop();
      if (!step) {
        this.say("Nothing to undo");
        return;
      }
      this.telling.hush();
      await step();
      await this.refresh();
      this.say("Undone");
    });
    if (!undone && step) {
      this.done.push(step);
    }
  }

  /**
   * @param {Link} link
   * @returns {Promise<any>}
   */
  make(link) {
    return this.session.json("POST", `/api/v1/projects/${this.place.project}/links`, { body: link });
  }

  /** @param {string} id */
  async remove(id) {
    await this.session.json("DELETE", `/api/v1/links/${id}`);
  }

  /**
   * One thing after the other, in the order in which they were asked for; what is refused is told beside the relations.
   * @param {() => Promise<void>} work
   * @returns {Promise<boolean>} whether it was done
   */
  attempt(work) {
    const done = this.turn.then(() => this.tried(work));
    this.turn = done;
    return done;
  }

  /**
   * @param {() => Promise<void>} work
   * @returns {Promise<boolean>}
   */
  async tried(work) {
    this.refuse("");
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof Refused) {
        this.refuse(error.errors.map(({ message }) => message).join(" ") || error.message);
      } else {
        this.refuse("Not saved: there is no connection to the server. Try again.");
      }
      return false;
    }
  }

  /** The numbers of the links at their claims, as the list has them now. */
  number() {
    const lines = all(document, ".link-line", HTMLElement);
    const numbers = numbersOf(lines);
    byId("links-count", HTMLElement).textContent = String(lines.length);
    if (JSON.stringify([...numbers]) !== JSON.stringify([...this.numbers])) {
      this.numbers = numbers;
      this.sides.left.number(numbers);
      this.sides.right.number(numbers);
    }
  }

  /**
   * List the passages of other articles that may speak of the same as a claim.
   * @param {string} page where they stand
   */
  async candidates(page) {
    const place = byId("candidates", HTMLElement);
    place.hidden = false;
    try {
      const found = parsed(await this.session.html(`${page}/list`));
      byId("candidates-found", HTMLElement).replaceChildren(
        document.adoptNode(one(found, "#counterparts", HTMLElement)),
      );
    } catch {
      byId("candidates-found", HTMLElement).textContent = "The passages cannot be shown now. Try again in a moment.";
    }
    const [first] = all(place, "a", HTMLElement);
    (first ?? place).focus();
  }

  /**
   * Open the form of a link.
   * @param {string} id
   */
  async change(id) {
    this.changing = id;
    await this.refresh();
    document.getElementById("changing")?.querySelector("select")?.focus();
  }

  /** @param {string} words for who hears it */
  say(words) {
    byId("said-words", HTMLElement).textContent = words;
  }

  /** @param {string} words why something was not done; empty when all is well */
  refuse(words) {
    const place = document.getElementById("link-problem");
    if (place) {
      place.textContent = words;
      place.hidden = words === "";
    }
    if (words) {
      this.say("Not linked");
      place?.scrollIntoView({ block: "nearest" });
    }
  }
}
