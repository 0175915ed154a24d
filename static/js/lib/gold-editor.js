/** The form in which the adjudicator words a gold claim: all fields, any boundary, and the row that it will make. */

import { ClaimForm } from "../elements/claim-form.js";
import { inOneCell } from "./answer-fields.js";
import { claimFrom } from "./claim.js";
import { all, byId, one } from "./dom.js";
import { showPending } from "./text-selection.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./shown-questions.js").Boundary} Boundary */

/**
 * @typedef {object} Opening
 * @property {string} title
 * @property {any} claim as the server tells it
 * @property {string | null} question null for a claim that nobody marked
 * @property {string | null} annotation the version that the edit starts from
 * @property {string | null} replaces the standing decision
 * @property {import("./answer-fields.js").Written} written what stood beside the versions
 * @property {Boundary[]} boundaries of the versions
 */

/** Events: "save" (detail: what the decision needs) and "closed". */
export class GoldEditor extends EventTarget {
  /**
   * @param {import("./article-text.js").ArticleText} text
   * @param {import("./text-selection.js").TextSelection} selection
   * @param {import("../elements/claim-form.js").Setting} setting
   */
  constructor(text, selection, setting) {
    super();
    this.text = text;
    this.selection = selection;
    this.setting = setting;
    this.root = byId("editor", HTMLElement);
    this.justification = byId("editor-justification", HTMLTextAreaElement);
    this.asOf = byId("editor-as-of", HTMLInputElement);
    this.problem = byId("editor-problem", HTMLElement);
    /** @type {ClaimForm} */
    this.form = new ClaimForm();
    /** @type {Opening | null} */
    this.opening = null;
    /** @type {Claim | null} */
    this.claim = null;
    byId("editor-save", HTMLElement).addEventListener("click", () => this.save());
    byId("editor-cancel", HTMLElement).addEventListener("click", () => this.close());
    this.root.addEventListener("claim-edited", (event) => this.take(/** @type {CustomEvent} */ (event).detail));
    this.root.addEventListener("boundary-moved", (event) => this.move(/** @type {CustomEvent} */ (event).detail));
    this.root.addEventListener("selection-wanted", () => this.span(this.selection.passage));
    this.root.addEventListener("evidence-wanted", () => this.takeEvidence());
    this.root.addEventListener("input", () => this.fillRow());
  }

  /** @returns {HTMLInputElement[]} */
  get chips() {
    return all(this.root, "[name='reasons']", HTMLInputElement);
  }

  /** @returns {import("./answer-fields.js").Written} */
  get written() {
    return {
      reasons: this.chips.filter((chip) => chip.checked).map((chip) => chip.value),
      justification: this.justification.value,
      asOf: this.asOf.value,
    };
  }

  get isOpen() {
    return this.opening !== null;
  }

  /** @param {Opening} opening */
  open(opening) {
    this.opening = opening;
    this.form = new ClaimForm();
    this.form.build(this.setting);
    one(this.form, "[data-delete]", HTMLElement).hidden = true;
    // The claim has no address yet, but its evidence may come out of the text all the same.
    one(this.form, "[data-send='evidence-wanted']", HTMLElement).hidden = false;
    byId("editor-form", HTMLElement).replaceChildren(this.form);
    byId("editor-title", HTMLElement).textContent = opening.title;
    this.justification.value = opening.written.justification;
    this.asOf.value = opening.written.asOf;
    for (const chip of this.chips) {
      chip.checked = opening.written.reasons.includes(chip.value);
    }
    this.problem.hidden = true;
    this.offer(opening.boundaries);
    this.root.hidden = false;
    this.take({ ...claimFrom(opening.claim), label: opening.claim.label ?? "" });
  }

  close() {
    if (this.opening === null) {
      return;
    }
    this.opening = null;
    this.claim = null;
    this.root.hidden = true;
    byId("editor-form", HTMLElement).replaceChildren();
    this.dispatchEvent(new Event("closed"));
  }

  focus() {
    byId("decision", HTMLElement).scrollTop = 0;
    byId("editor-title", HTMLElement).focus();
  }

  save() {
    this.form.flush();
    if (!this.opening || !this.claim) {
      return;
    }
    this.problem.hidden = true;
    if (!this.claim.label) {
      this.complain("Choose a label.");
      return;
    }
    const { question, annotation, replaces } = this.opening;
    const detail = {
      question,
      annotation,
      replaces,
      claim: this.claim,
      ...this.written,
    };
    this.dispatchEvent(new CustomEvent("save", { detail }));
  }

  /** @param {import("./api.js").Refused} refused */
  refuse(refused) {
    const prefix = "claim.";
    const [own, others] = [
      refused.errors.filter((error) => error.field.startsWith(prefix)),
      refused.errors.filter((error) => !error.field.startsWith(prefix)),
    ];
    if (own.length > 0) {
      const errors = own.map((error) => ({ ...error, field: error.field.slice(prefix.length) }));
      this.form.refuse(refused.message, errors);
    }
    this.complain(others.map((error) => error.message).join(" ") || refused.message);
  }

  /** @param {string} words */
  complain(words) {
    this.problem.textContent = words;
    this.problem.hidden = false;
  }

  /** @param {{edge: "start" | "end", direction: 1 | -1}} step */
  move({ edge, direction }) {
    if (this.claim) {
      this.span(this.text.moved(this.claim, edge, direction));
    }
  }

  /** @param {import("./article-text.js").Passage | null} passage */
  span(passage) {
    if (this.claim && passage) {
      this.take({ ...this.claim, ...passage });
    } else if (this.claim) {
      this.complain("Select the words in the text first.");
    }
  }

  /** The selected words of the article become evidence of the claim. */
  takeEvidence() {
    this.selection.read();
    const { passage } = this.selection;
    if (!passage) {
      this.complain("Select the words that are evidence in the text first.");
      return;
    }
    this.problem.hidden = true;
    const { start, end, exact } = passage;
    this.form.addEvidence({ article: this.setting.article ?? "", start, end, quote: exact });
  }

  /** @param {Claim} claim */
  take(claim) {
    if (!this.opening) {
      return;
    }
    const label = claim.label ?? "";
    this.claim = { ...claim, label };
    if (this.form.claim !== claim) {
      this.form.show(this.claim);
    }
    byId("editor-quote", HTMLElement).textContent = claim.exact;
    showPending(this.text, [claim]);
    this.fillRow();
  }

  /** @param {Boundary[]} boundaries */
  offer(boundaries) {
    const place = byId("boundaries", HTMLElement);
    const distinct = boundaries.filter(
      (first, at) => boundaries.findIndex((each) => each.start === first.start && each.end === first.end) === at,
    );
    place.hidden = distinct.length < 2;
    const words = document.createElement("span");
    words.textContent = "Boundary of";
    const buttons = distinct.map(({ letters, start, end, exact }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small";
      button.textContent = letters.replaceAll(" ", ", ");
      button.title = exact;
      button.addEventListener("click", () => this.span({ start, end, exact }));
      return button;
    });
    place.replaceChildren(words, ...buttons);
  }

  fillRow() {
    const claim = this.claim;
    if (!claim) {
      return;
    }
    const { speaker } = claim;
    /** @type {[string, unknown][]} */
    const cells = [
      ["start", claim.start], ["end", claim.end], ["exact", claim.exact], ["claim_text", claim.claim_text],
      ["label", claim.label], ["target", claim.target ?? "content"], ["reason", claim.reason],
      ["speaker", speaker?.name], ["speaker_kind", speaker?.kind], ["speaker_mode", speaker?.mode],
      ["speaker_chain", speaker?.chain?.join(" → ")], ["event_start", claim.event_start],
      ["event_end", claim.event_end], ["confidence", claim.confidence], ["note", claim.note], ["outcome", "edit"],
      ["justification", inOneCell(this.written)], ["as_of", this.asOf.value],
    ];
    one(byId("editor-row", HTMLElement), "tbody", HTMLElement).replaceChildren(...cells.map(row));
  }
}

/**
 * @param {[string, unknown]} cell
 * @returns {HTMLTableRowElement}
 */
function row([column, value]) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = column;
  const content = document.createElement("td");
  content.dataset["column"] = column;
  content.dir = "auto";
  content.textContent = value === undefined || value === null ? "" : String(value);
  line.append(head, content);
  return line;
}
