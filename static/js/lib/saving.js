/**
 * What the person is told about saving, and what they are asked: the bar's words, which of two states of a claim to
 * keep, what to do about a closed article, and who is signed in.
 */

import { claimFrom } from "./claim.js";
import { differences } from "./differences.js";
import { byId, cloned, one } from "./dom.js";
import { Notices } from "./notices.js";
import { counted, savedWords } from "./saved-words.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./keeping.js").Keeping} Keeping */
/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {import("./selecting.js").Selecting} Selecting */
/** @typedef {import("./signing-in.js").SigningIn} SigningIn */
/** @typedef {import("../elements/claim-form.js").ClaimForm} ClaimForm */

export class Saving {
  /**
   * @param {{desk: Desk, selecting: Selecting, form: ClaimForm, keeping: Keeping, signingIn: SigningIn}} parts
   */
  constructor({ desk, selecting, form, keeping, signingIn }) {
    this.desk = desk;
    this.selecting = selecting;
    this.form = form;
    this.keeping = keeping;
    this.signingIn = signingIn;
    this.bar = byId("saved", HTMLElement);
    this.words = byId("saved-words", HTMLElement);
    this.notices = new Notices();
    /** @type {{ids: Set<string>, lost: number, count: number} | null} Changes of earlier windows on their way. */
    this.found = null;
    /** The person has seen that they are signed out; the bar goes on saying it. */
    this.later = false;
  }

  start() {
    const { outbox } = this.desk;
    outbox.addEventListener("state", () => this.tell());
    this.form.addEventListener("input", () => this.tell());
    this.form.addEventListener("claim-edited", () => this.tell());
    outbox.addEventListener("refused", (event) => this.refuse(/** @type {CustomEvent} */ (event).detail));
    outbox.addEventListener("stale", (event) => this.ask(/** @type {CustomEvent} */ (event).detail));
    this.desk.addEventListener("elsewhere", (event) => this.flush(/** @type {CustomEvent} */ (event).detail));
    this.desk.addEventListener("replaced", (event) => this.replaced(/** @type {CustomEvent} */ (event).detail));
    this.desk.claims.addEventListener("outdated", () => this.notices.show("outdated", OUTDATED));
    // Until the browser was asked for it nobody knows what waits from before the page was loaded again.
    this.bar.setAttribute("aria-busy", "true");
    this.keeping.addEventListener("recalled", () => this.bar.removeAttribute("aria-busy"));
    this.keeping.addEventListener("found", (event) => this.tellFound(/** @type {CustomEvent} */ (event).detail));
    this.signingIn.addEventListener("signed-in", () => void outbox.retry());
    byId("sign-in-again", HTMLButtonElement).addEventListener("click", () => this.signingIn.open());
    addEventListener("online", () => void outbox.retry());
    addEventListener("focus", () => void outbox.retry());
    addEventListener("beforeunload", (event) => {
      this.form.flush();
      if (outbox.waiting > 0) {
        event.preventDefault();
      }
    });
    this.tell();
  }

  /** Say in the bar what became of the last change. */
  tell() {
    const { outbox } = this.desk;
    const state = outbox.state === "saved" && this.form.pending ? "saving" : outbox.state;
    this.bar.dataset["state"] = SHADES[state];
    const words = savedWords(state, outbox, { kept: !this.keeping.kept.refused });
    if (this.words.textContent !== words) {
      // It is read aloud; the same words again would be read again.
      this.words.textContent = words;
    }
    this.tellAway(state);
    if (state === "closed" && outbox.closed) {
      this.tellClosed(outbox.closed);
    } else {
      this.notices.withdraw("closed");
    }
    this.tellProgress();
  }

  /** @param {import("./outbox.js").State} state */
  tellAway(state) {
    const away = state === "signed-out" || state === "someone-else";
    byId("sign-in-again", HTMLElement).hidden = !away;
    if (!away) {
      this.later = false;
      this.notices.withdraw("away");
      this.signingIn.close();
      return;
    }
    const changes = counted(this.desk.outbox.waiting);
    const words =
      state === "signed-out"
        ? `Your session has ended. Go on working: ${changes} will be saved as soon as you have signed in again.`
        : `Somebody else is signed in in this browser now. Your work (${changes}) waits here and is not sent in their name. Sign in as yourself to save it.`;
    this.signingIn.explain(words);
    // It is no dialog by itself: who is writing a note would write the rest of it into the dialog.
    if (!this.later) {
      this.notices.show("away", words, {
        "Sign in again": () => this.signingIn.open(),
        Later: () => {
          this.later = true;
        },
      });
    }
  }

  /** @param {{id: string, problem: import("./api.js").Refused}} refused */
  refuse({ id, problem }) {
    this.selecting.select(id);
    this.form.refuse(problem.message, problem.errors);
  }

  /**
   * What is being typed into the claim is a change of it.
   * @param {{id: string}} claim
   */
  flush({ id }) {
    if (this.selecting.selected === id) {
      this.form.flush();
    }
  }

  /** @param {{id: string}} claim */
  replaced({ id }) {
    if (this.selecting.selected !== id) {
      return;
    }
    const claim = this.desk.claims.get(id);
    if (claim) {
      this.form.show(claim);
    } else {
      this.selecting.select(null);
    }
  }

  /**
   * Another window or device changed the claim: show both and let the person choose.
   * @param {{id: string, current: Record<string, any>, entry: Entry}} conflict
   */
  ask({ id, current, entry }) {
    const theirs = current["deleted"] ? null : claimFrom(current);
    const mine = entry.wanted;
    if (!this.desk.list.card(id) && theirs) {
      // Deleted here and changed there: there has to be a card to ask at.
      this.desk.list.place(this.desk.cards.waiting(id, theirs));
    }
    const card = this.desk.list.card(id);
    card?.querySelector(".stale")?.remove();
    const notice = cloned(byId("stale-notice", HTMLTemplateElement));
    const place = one(notice, ".stale-differences", HTMLElement);
    for (const words of differences(theirs, mine)) {
      const line = document.createElement("li");
      line.textContent = words;
      place.append(line);
    }
    notice.addEventListener("click", (event) => {
      const choice = event.target instanceof Element ? event.target.closest("[data-keep]") : null;
      if (choice) {
        notice.remove();
        this.choose(id, current, choice.getAttribute("data-keep") === "mine");
      }
    });
    card?.querySelector(".claim-head")?.after(notice);
    if (this.desk.claims.get(id)) {
      this.selecting.select(id);
    }
    one(notice, "[data-keep]", HTMLElement).focus();
  }

  /**
   * @param {string} id
   * @param {Record<string, any>} current
   * @param {boolean} mine
   */
  choose(id, current, mine) {
    if (!mine) {
      this.desk.takeTheirs(id, current);
      this.selecting.select(this.desk.claims.get(id) ? id : null);
      return;
    }
    if (!this.desk.claims.get(id)) {
      this.desk.list.remove(id);
    }
    this.desk.outbox.insist(id, Number(current["version"]), current["deleted"] ? null : claimFrom(current));
  }

  /** @param {import("./api.js").Refused} problem */
  tellClosed(problem) {
    const waits = `${counted(this.desk.outbox.waiting)} not saved. ${problem.message} Nothing is lost as long as this window stays open.`;
    const ways = problem.status === 409 ? { "Reopen and save": () => void this.reopen() } : {};
    this.notices.show("closed", waits, {
      ...ways,
      "Try again": () => void this.desk.outbox.retry(),
      "Give up these changes": () => this.giveUp(),
    });
  }

  async reopen() {
    const { desk } = this;
    try {
      await desk.session.json("POST", `/api/v1/articles/${desk.article}/reopen`, { body: {} });
    } catch (problem) {
      const words = problem instanceof Error ? problem.message : "";
      this.notices.show("closed", `It could not be reopened. ${words}`, {
        "Try again": () => void this.reopen(),
        "Give up these changes": () => this.giveUp(),
      });
      return;
    }
    this.notices.withdraw("closed");
    await desk.outbox.retry();
  }

  /** The person lets go of what could not be saved; the page shows what is stored. */
  giveUp() {
    this.desk.outbox.giveUp();
    location.reload();
  }

  /** @param {{ids: string[], lost: number}} found */
  tellFound({ ids, lost }) {
    const before = this.found ?? { ids: new Set(), lost: 0, count: 0 };
    this.found = { ids: new Set([...before.ids, ...ids]), lost: before.lost + lost, count: before.count + ids.length };
    this.tellProgress();
  }

  tellProgress() {
    if (!this.found) {
      return;
    }
    const { ids, lost, count } = this.found;
    const open = [...ids].some((id) => this.desk.outbox.isOpen(id));
    const verb = count === 1 ? "is" : "are";
    const found = count > 0 ? [`${counted(count)} from an earlier window ${verb} ${open ? "waiting" : "saved"}.`] : [];
    const gone = lost > 0 ? [`What was typed there into the form of ${claims(lost)} was not kept when it closed.`] : [];
    this.notices.show("found", [...found, ...gone].join(" "));
    if (!open) {
      this.found = null;
    }
  }
}

const OUTDATED =
  "That step was not taken back: the claim was changed elsewhere since, and what is there now stays as it is.";

/** @type {Record<import("./outbox.js").State, string>} How the bar looks. */
const SHADES = {
  saved: "saved",
  saving: "saving",
  waiting: "waiting",
  refused: "refused",
  closed: "refused",
  "signed-out": "waiting",
  "someone-else": "waiting",
};

/**
 * @param {number} count
 * @returns {string}
 */
function claims(count) {
  return count === 1 ? "1 claim" : `${count} claims`;
}
