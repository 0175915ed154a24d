/**
 * The form of the selected claim. It shows a claim and tells what the person changed; it neither saves nor draws marks.
 *
 * Its parts are modules of their own: speaker, evidence, dates and confidence. Events, which bubble: "claim-edited"
 * (detail: the whole claim), "boundary-moved" (detail: edge, direction), "selection-wanted", "claim-deleted",
 * "evidence-wanted", "evidence-removed" (detail: the claim before), "place-wanted" (detail: start, end),
 * "history-wanted" and "link-wanted".
 */

import { given } from "../lib/claim.js";
import { all, cloned, one } from "../lib/dom.js";
import { blame, describe, fieldOf, forgive, isField, valueOf, write } from "../lib/fields.js";
import { lacking } from "../lib/lacking.js";
import { ConfidencePart } from "./confidence-part.js";
import { DatesPart } from "./dates-part.js";
import { EvidenceList } from "./evidence-list.js";
import { SpeakerPart } from "./speaker-part.js";

/** @typedef {import("../lib/claim.js").Claim} Claim */
/** @typedef {import("../lib/claim.js").Evidence} Evidence */
/** @typedef {import("../lib/api.js").FieldError} FieldError */
/** @typedef {{key: string, name: string, reasons: {key: string, words: string, help: string}[]}} Choices */
/** @typedef {Choices & import("../lib/lacking.js").Requirement} Label */

/**
 * @typedef {object} Setting
 * @property {HTMLTemplateElement} template
 * @property {HTMLTemplateElement} evidence
 * @property {Label[]} labels
 * @property {string} published the article's day, YYYY-MM-DD
 * @property {boolean} editable
 * @property {string} [article] its id
 * @property {string} [language] the article's
 * @property {(claim: Claim) => string[]} [around] the claim's words, its sentence, and what stands near
 * @property {() => Promise<import("../lib/claim.js").Speaker[]>} [recall] the speakers that the person named before
 * @property {boolean} [stored] whether each claim has an address and a history of its own
 */

const TYPING_PAUSE = 700;

export class ClaimForm extends HTMLElement {
  /** @type {Claim | null} */
  claim = null;
  /** @type {Setting | null} */
  setting = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  pending = false;

  /** @param {Setting} setting */
  build(setting) {
    this.setting = setting;
    this.replaceChildren(cloned(setting.template));
    const { published, article = "", language = "", around = () => [], recall = async () => [] } = setting;
    this.speaker = new SpeakerPart(this, recall);
    this.dates = new DatesPart(this, { published, language, around });
    this.confidence = new ConfidencePart(this);
    const list = one(this, ".evidence-rows", HTMLElement);
    this.evidence = new EvidenceList(list, setting.evidence, { published, article });
    one(this, ".claim-fields", HTMLFieldSetElement).disabled = !setting.editable;
    one(this, "[data-delete]", HTMLElement).hidden = !setting.editable;
    for (const button of all(this, "[data-stored]", HTMLElement)) {
      button.hidden = !setting.stored;
    }
    this.addEventListener("input", (event) => this.typed(event));
    this.addEventListener("change", () => this.tell());
    this.addEventListener("click", (event) => this.clicked(event));
  }

  /** @returns {{speaker: SpeakerPart, dates: DatesPart, confidence: ConfidencePart, evidence: EvidenceList}} */
  get parts() {
    const { speaker, dates, confidence, evidence } = this;
    if (!speaker || !dates || !confidence || !evidence) {
      throw new Error("build() comes first");
    }
    return { speaker, dates, confidence, evidence };
  }

  /**
   * Show `claim`. Fields that say the same already are left alone, so that nobody loses the place where they write.
   * @param {Claim} claim
   */
  show(claim) {
    const first = this.claim === null;
    const evidenceChanged = JSON.stringify(claim.evidence ?? []) !== JSON.stringify(this.claim?.evidence ?? []);
    this.claim = claim;
    for (const segment of all(this, "[data-retired]", HTMLElement)) {
      segment.hidden = one(segment, "input", HTMLInputElement).value !== claim.label;
    }
    this.check("label", claim.label);
    this.check("target", claim.target ?? "content");
    this.offerReasons(claim);
    this.parts.speaker.show(claim.speaker);
    this.parts.dates.show(claim);
    write(this, "claim_text", claim.claim_text);
    write(this, "note", claim.note);
    this.parts.confidence.show(claim.confidence);
    if (first || evidenceChanged) {
      this.parts.evidence.show(claim.evidence ?? [], first);
    }
    if (first) {
      forgive(this);
      one(this, "[data-more]", HTMLDetailsElement).open = (claim.claim_text ?? claim.note) !== undefined;
    }
    this.weigh(claim);
    this.pending = false;
  }

  /**
   * Show at its field what the server refused; what belongs to no field stands above them.
   * @param {string} message
   * @param {FieldError[]} errors
   */
  refuse(message, errors) {
    this.forgive();
    const unplaced = errors.filter((error) => !this.blame(error));
    if (errors.length === 0 || unplaced.length > 0) {
      const place = one(this, ".claim-problem", HTMLElement);
      place.textContent = errors.length === 0 ? message : unplaced.map((error) => error.message).join(" ");
      place.hidden = false;
    }
  }

  /** Tell at once what was typed and not told yet. */
  flush() {
    if (this.pending) {
      this.tell();
    }
  }

  /** @param {Event} event */
  typed(event) {
    if (!this.claim || (event.target instanceof HTMLInputElement && event.target.type === "radio")) {
      return;
    }
    this.pending = true;
    this.weigh(this.read(this.claim));
    this.parts.confidence.weigh();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), TYPING_PAUSE);
  }

  tell() {
    clearTimeout(this.timer);
    this.pending = false;
    this.forgive();
    if (!this.claim) {
      return;
    }
    const claim = this.read(this.claim);
    if (claim.label !== this.claim.label) {
      this.offerReasons(claim);
      delete claim.reason;
    }
    this.claim = claim;
    this.explainReason();
    this.parts.evidence.sumUp();
    this.parts.dates.offer(claim);
    this.weigh(claim);
    this.complain();
    this.dispatchEvent(new CustomEvent("claim-edited", { detail: claim, bubbles: true }));
  }

  /**
   * What the fields say, with everything of `claim` that has no field.
   * @param {Claim} claim
   * @returns {Claim}
   */
  read(claim) {
    const { speaker, dates, confidence, evidence } = this.parts;
    return given({
      ...claim,
      label: this.checked("label") || claim.label,
      target: this.checked("target"),
      reason: valueOf(this, "reason"),
      speaker: speaker.read(),
      ...dates.read(),
      claim_text: valueOf(this, "claim_text"),
      note: valueOf(this, "note"),
      confidence: confidence.read(),
      evidence: evidence.read(),
    });
  }

  /** Unsure, or no longer; the key U does the same as the button. */
  turnUnsure() {
    this.parts.confidence.turn();
    this.tell();
  }

  /**
   * A new piece of evidence, open for the rest of its fields.
   * @param {Partial<Evidence>} [evidence] what is known of it
   */
  addEvidence(evidence = {}) {
    const stance = this.label?.stances[0] ?? "supports";
    this.parts.evidence.add({ stance, ...evidence });
    if (Object.keys(evidence).length > 0) {
      this.tell();
    }
  }

  /** @param {Event} event */
  clicked(event) {
    const link = event.target instanceof Element ? event.target.closest("a[data-place]") : null;
    if (link instanceof HTMLElement && link.dataset["place"]) {
      event.preventDefault();
      const [start, end] = link.dataset["place"].split(" ");
      this.send("place-wanted", { start: Number(start), end: Number(end) });
      return;
    }
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const { move, step } = button?.dataset ?? {};
    if (!button) {
      return;
    }
    if (move) {
      const [edge, direction] = move.split(" ");
      this.send("boundary-moved", { edge, direction: Number(direction) });
    } else if (step) {
      if (this.parts.evidence.move(button, step === "1" ? 1 : -1)) {
        this.tell();
      }
    } else {
      this.act(button);
    }
  }

  /** @param {HTMLButtonElement} button */
  act(button) {
    const wanted = ["selection-wanted", "evidence-wanted", "history-wanted", "link-wanted", "claim-deleted"];
    const name = wanted.find((each) => each === button.dataset["send"]);
    if (name) {
      this.send(name);
    } else if ("unsure" in button.dataset) {
      this.turnUnsure();
    } else if ("addEvidence" in button.dataset) {
      this.addEvidence();
    } else if ("remove" in button.dataset) {
      this.flush();
      const before = this.claim;
      if (!this.parts.evidence.remove(button)) {
        one(this, "[data-add-evidence]", HTMLElement).focus();
      }
      this.tell();
      this.send("evidence-removed", { before });
    }
  }

  /** @returns {Label[]} */
  get labels() {
    return this.setting?.labels ?? [];
  }

  /** @returns {Label | undefined} the one of the claim */
  get label() {
    return this.labelOf(this.claim);
  }

  /**
   * @param {Claim | null} claim
   * @returns {Label | undefined}
   */
  labelOf(claim) {
    return this.labels.find((each) => each.key === claim?.label);
  }

  /** @param {Claim} claim */
  offerReasons(claim) {
    const field = fieldOf(this, "reason");
    const reasons = this.labelOf(claim)?.reasons ?? [];
    const options = [["", "Not given"], ...reasons.map((reason) => [reason.key, reason.words])];
    field.replaceChildren(...options.map(([key, words]) => new Option(words, key)));
    field.value = claim.reason ?? "";
    this.explainReason();
  }

  explainReason() {
    const help = this.label?.reasons.find((reason) => reason.key === valueOf(this, "reason"))?.help ?? "";
    const place = one(this, ".reason-help", HTMLElement);
    place.textContent = help;
    place.hidden = help === "";
    describe(fieldOf(this, "reason"), place.id, help !== "");
  }

  /**
   * Say quietly, beside the field that would cure it, what the label still needs.
   * @param {Claim} claim
   */
  weigh(claim) {
    const label = this.labelOf(claim);
    const missing = lacking(claim, label);
    for (const place of all(this, "[data-lacks]", HTMLElement)) {
      const part = /** @type {import("../lib/lacking.js").Part} */ (place.dataset["lacks"]);
      place.hidden = missing[part] === "";
      one(place, "span", HTMLElement).textContent = `${label?.name} needs ${missing[part]}.`;
      const field = this.querySelector(`[data-cures="${part}"]`);
      if (field instanceof HTMLElement) {
        describe(field, place.id, !place.hidden);
      }
    }
  }

  /** Say at each field what of it is not kept. */
  complain() {
    const { speaker, dates, evidence } = this.parts;
    for (const problem of [...speaker.problems(), ...dates.problems()]) {
      this.blame(problem);
    }
    for (const { field, message } of evidence.problems()) {
      blame(field, message);
    }
  }

  /**
   * @param {FieldError} error
   * @returns {boolean} whether there is a field for it
   */
  blame({ field, message }) {
    const [list, number, name] = field.split(".");
    const found =
      list === "evidence"
        ? this.parts.evidence.field(Number(number), name ?? "")
        : this.querySelector(`[name="${CSS.escape(field)}"]`);
    if (!found || !isField(found)) {
      return false;
    }
    blame(found, message);
    return true;
  }

  forgive() {
    forgive(this);
    one(this, ".claim-problem", HTMLElement).hidden = true;
  }

  /**
   * @param {string} name
   * @returns {string}
   */
  checked(name) {
    return all(this, `[name="${name}"]`, HTMLInputElement).find((option) => option.checked)?.value ?? "";
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  check(name, value) {
    for (const option of all(this, `[name="${name}"]`, HTMLInputElement)) {
      option.checked = option.value === value;
    }
  }

  /**
   * @param {string} name
   * @param {object} [detail]
   */
  send(name, detail = {}) {
    this.flush();
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

customElements.define("claim-form", ClaimForm);
