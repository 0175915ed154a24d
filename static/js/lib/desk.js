/** The work on one article: its claims, the outbox that saves them, and the drawing that follows a save. */

import { Refused } from "./api.js";
import { claimFrom } from "./claim.js";
import { ClaimCards } from "./claim-card.js";
import { ClaimList } from "./claim-list.js";
import { Claims } from "./claims.js";
import { byId, one, parsed } from "./dom.js";
import { Outbox } from "./outbox.js";
import { Redrawing } from "./redrawing.js";

/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./article-text.js").ArticleText} ArticleText */
/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./offsets.js").Span} Span */

/**
 * Events, each with the id as detail: "drawn" when the page shows what the server has, "changed" when a claim changed
 * here, "replaced" when what is stored took its place, "elsewhere" before another window's save is looked at.
 */
export class Desk extends EventTarget {
  /**
   * @param {Session} session
   * @param {ArticleText} text
   * @param {string} article
   * @param {import("./claim-card.js").Label[]} labels
   */
  constructor(session, text, article, labels) {
    super();
    this.session = session;
    this.text = text;
    this.article = article;
    this.claims = new Claims();
    this.list = new ClaimList(
      byId("claims", HTMLElement),
      byId("no-claims", HTMLElement),
      byId("count", HTMLElement),
      (place) => this.card(place),
    );
    this.cards = new ClaimCards(byId("waiting-card", HTMLTemplateElement), text, labels);
    /** @type {Map<string, string>} Whose each claim is, where the page tells it. */
    this.reviewers = new Map();
    this.outbox = new Outbox(this.wire());
    this.redrawing = new Redrawing(session, `/articles/${article}/blocks`);
    /** @type {Map<string, Claim>} The claims as the text shows them now. */
    this.shown = new Map();
    /** @type {Set<string>} The claims of which that and what the person wants may differ; the others need no look. */
    this.touched = new Set();
    this.claims.addEventListener("changed", (event) => this.changed(/** @type {CustomEvent} */ (event).detail));
    this.outbox.addEventListener("stored", (event) => this.stored(/** @type {CustomEvent} */ (event).detail));
    this.redrawing.addEventListener("idle", () => text.root.removeAttribute("aria-busy"));
    this.redrawing.addEventListener("drawn", (event) => this.drawn(/** @type {CustomEvent} */ (event).detail));
  }

  /**
   * Take note of all claims of the page, in order.
   * @param {Record<string, any>[]} told
   */
  adoptAll(told) {
    for (const claim of told) {
      this.adopt(claim);
    }
    this.list.expect(/** @type {import("./claim-list.js").Place[]} */ (told));
  }

  /**
   * Take note of a claim that the server rendered.
   * @param {Record<string, any>} told
   */
  adopt(told) {
    const { id, version, reviewer, ...fields } = told;
    const claim = /** @type {Claim} */ (fields);
    if (reviewer) {
      this.reviewers.set(id, reviewer);
    }
    this.claims.adopt(id, claim);
    this.shown.set(id, claim);
    this.outbox.adopt(id, version, claim);
  }

  /**
   * Changes that were kept while no page showed them take their places: in the list, in the text, in the outbox.
   * @param {[string, import("./outbox.js").Entry][]} kept
   */
  restore(kept) {
    for (const [id, { wanted }] of kept.filter(([id]) => !this.outbox.isOpen(id))) {
      const before = this.claims.get(id);
      this.claims.adopt(id, wanted);
      this.touched.add(id);
      if (wanted && !(before && looksAlike(wanted, before))) {
        this.list.place(this.cards.waiting(id, wanted));
      } else if (!wanted) {
        this.list.remove(id);
      }
    }
    this.outbox.restore(kept);
    for (const [id] of kept) {
      this.dispatchEvent(new CustomEvent("changed", { detail: { id } }));
    }
  }

  /**
   * Another window of this browser saved a claim. Without a change of our own it is taken at once; with one the
   * server will tell us of the conflict, and the person chooses.
   * @param {import("./windows.js").News} news
   */
  storedElsewhere({ id, version, claim }) {
    this.dispatchEvent(new CustomEvent("elsewhere", { detail: { id } }));
    const known = this.outbox.entries.get(id);
    if (!known?.open && version > (known?.version ?? 0)) {
      this.takeTheirs(id, { ...claim, version, deleted: claim === null });
    }
  }

  /**
   * What another window stored takes the place of what is here.
   * @param {string} id
   * @param {Record<string, any>} current
   */
  takeTheirs(id, current) {
    const claim = current["deleted"] ? null : claimFrom(current);
    const ours = this.claims.get(id);
    this.claims.adopt(id, claim);
    this.touched.add(id);
    this.outbox.adopt(id, Number(current["version"]), claim);
    if (claim && !ours) {
      this.list.place(this.cards.waiting(id, claim));
    } else if (!claim) {
      this.list.remove(id);
    }
    this.redraw(id, claim);
    this.dispatchEvent(new CustomEvent("replaced", { detail: { id } }));
  }

  /** @returns {Claim[]} those that the text does not show yet, because they are not saved */
  get unsaved() {
    const unsaved = [];
    for (const id of this.touched) {
      const claim = this.claims.get(id);
      if (claim && !looksAlike(claim, this.shown.get(id))) {
        unsaved.push(claim);
      } else {
        this.touched.delete(id);
      }
    }
    return unsaved;
  }

  /** @param {{id: string, before: Claim | null, after: Claim | null}} change */
  changed({ id, before, after }) {
    this.touched.add(id);
    this.outbox.set(id, after);
    if (after && !(before && looksAlike(after, before))) {
      this.list.place(this.cards.waiting(id, after));
    } else if (!after) {
      this.list.remove(id);
    }
    this.dispatchEvent(new CustomEvent("changed", { detail: { id } }));
  }

  /** @param {{id: string, claim: Claim | null}} saved */
  stored({ id, claim }) {
    this.redraw(id, claim);
  }

  /**
   * @param {string} id
   * @param {Claim | null} claim as it is stored now
   */
  redraw(id, claim) {
    this.touched.add(id);
    const before = this.shown.get(id);
    const after = claim ?? before;
    const stretch =
      before && after && !(claim && looksAlike(before, claim))
        ? { start: Math.min(before.start, after.start), end: Math.max(before.end, after.end) }
        : before
          ? null
          : after && { start: after.start, end: after.end };
    if (claim) {
      this.shown.set(id, claim);
    } else {
      this.shown.delete(id);
    }
    this.text.root.setAttribute("aria-busy", "true");
    void this.redrawing.add(id, stretch ?? null);
  }

  /** @param {{id: string, blocks: HTMLElement[], card: HTMLElement | null}} drawing */
  drawn({ id, blocks, card }) {
    // What the person selected a moment ago stands in the blocks that go; the event that tells of it comes too late.
    this.dispatchEvent(new Event("drawing"));
    this.text.swap(blocks);
    const claim = this.claims.get(id);
    if (!claim) {
      this.list.remove(id);
    } else if (card && looksAlike(claim, this.shown.get(id))) {
      this.list.place(document.adoptNode(card));
    } // Else it was changed since, and its card says so until that is stored, too.
    this.dispatchEvent(new CustomEvent("drawn", { detail: { id } }));
  }

  /**
   * The card of a claim that the server sent without one. It stands where the list knows it to be.
   * @param {import("./claim-list.js").Place} place
   * @returns {HTMLElement}
   */
  card(place) {
    const { claims, outbox, reviewers, shown } = this;
    const claim = claims.get(place.id) ?? shown.get(place.id);
    const version = outbox.entries.get(place.id)?.version ?? 0;
    return claim
      ? this.cards.stored(place, claim, { version, reviewer: reviewers.get(place.id) })
      : this.cards.waiting(place.id, { ...place, exact: "", label: "" });
  }

  /** @returns {import("./outbox.js").Wire} */
  wire() {
    const claims = `/api/v1/articles/${this.article}/annotations`;
    return {
      put: (id, claim, version) => this.session.json("PUT", `${claims}/${id}`, { body: claim, version }),
      remove: (id, version) => this.session.json("DELETE", `/api/v1/annotations/${id}`, { version }),
      renew: () => this.renew(),
    };
  }

  /**
   * A fresh token, if the same person is signed in: what was written here must not be saved in another's name.
   * @returns {Promise<import("./outbox.js").Who>}
   */
  async renew() {
    let answer;
    try {
      answer = parsed(await this.session.html(`/articles/${this.article}/blocks`));
    } catch (problem) {
      if (problem instanceof Refused) {
        // Whoever is signed in may not see this article; or nobody is.
        return problem.status === 401 ? "nobody" : "someone-else";
      }
      throw problem;
    }
    const { token, person } = one(answer, "#blocks", HTMLElement).dataset;
    if (!token || person !== this.session.person) {
      return "someone-else";
    }
    this.session.token = token;
    return "same";
  }
}

/**
 * Whether two states of a claim look the same in the text.
 * @param {Claim} claim
 * @param {Claim | undefined} shown
 * @returns {boolean}
 */
function looksAlike(claim, shown) {
  return shown?.start === claim.start && shown.end === claim.end && shown.label === claim.label;
}
