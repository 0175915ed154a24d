/**
 * The form of the selected claim. It shows a claim and tells what the person changed; it neither saves nor draws marks.
 *
 * Events, which bubble: "claim-edited" (detail: the whole claim), "boundary-moved" (detail: edge, direction),
 * "selection-wanted" and "claim-deleted".
 */

import { given } from "../lib/claim.js";
import { all, cloned, one } from "../lib/dom.js";
import { evidenceRow, isField, readEvidence, sumUp } from "./evidence-row.js";

/** @typedef {import("../lib/claim.js").Claim} Claim */
/** @typedef {import("../lib/api.js").FieldError} FieldError */
/** @typedef {{key: string, name: string, reasons: {key: string, words: string, help: string}[]}} Label */

/**
 * @typedef {object} Setting
 * @property {HTMLTemplateElement} template
 * @property {HTMLTemplateElement} evidence
 * @property {Label[]} labels
 * @property {string} published the article's day, YYYY-MM-DD
 * @property {boolean} editable
 */

const TYPING_PAUSE = 700;
const ARROWS = /\s*(?:→|->|>|»)\s*/u;

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
    one(this, ".claim-fields", HTMLFieldSetElement).disabled = !setting.editable;
    this.addEventListener("input", (event) => this.typed(event));
    this.addEventListener("change", () => this.tell());
    this.addEventListener("click", (event) => this.clicked(event));
  }

  /**
   * Show `claim`. Fields that say the same already are left alone, so that nobody loses the place where they write.
   * @param {Claim} claim
   */
  show(claim) {
    const evidenceChanged = JSON.stringify(claim.evidence ?? []) !== JSON.stringify(this.claim?.evidence ?? []);
    const first = this.claim === null;
    this.claim = claim;
    for (const segment of all(this, "[data-retired]", HTMLElement)) {
      segment.hidden = one(segment, "input", HTMLInputElement).value !== claim.label;
    }
    this.check("label", claim.label);
    this.check("target", claim.target ?? "content");
    this.offerReasons(claim);
    this.write("speaker.name", claim.speaker?.name);
    this.write("speaker.kind", claim.speaker?.kind);
    this.write("speaker.mode", claim.speaker?.mode);
    this.write("speaker.chain", claim.speaker?.chain?.join(" → "));
    this.write("event_start", claim.event_start);
    this.write("event_end", claim.event_end);
    this.write("claim_text", claim.claim_text);
    this.write("note", claim.note);
    this.write("confidence", claim.confidence === undefined ? "" : String(Math.round(claim.confidence * 1e4) / 100));
    if (first || (evidenceChanged && JSON.stringify(this.readEvidence()) !== JSON.stringify(claim.evidence ?? []))) {
      const rows = (claim.evidence ?? []).map((evidence) => this.row(evidence));
      one(this, ".evidence-rows", HTMLElement).replaceChildren(...rows);
    }
    if (first) {
      const more = claim.event_start ?? claim.event_end ?? claim.claim_text ?? claim.note ?? claim.confidence;
      one(this, "[data-more]", HTMLDetailsElement).open = more !== undefined;
    }
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
    if (event.target instanceof HTMLInputElement && event.target.type === "radio") {
      return;
    }
    this.pending = true;
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
    for (const row of all(this, ".evidence", HTMLElement)) {
      sumUp(row, this.setting?.published);
    }
    this.dispatchEvent(new CustomEvent("claim-edited", { detail: claim, bubbles: true }));
  }

  /**
   * What the fields say, with everything of `claim` that has no field.
   * @param {Claim} claim
   * @returns {Claim}
   */
  read(claim) {
    const confidence = this.value("confidence");
    return given({
      ...claim,
      label: this.checked("label") || claim.label,
      target: this.checked("target"),
      reason: this.value("reason"),
      speaker: this.readSpeaker(),
      event_start: this.value("event_start"),
      event_end: this.value("event_end"),
      claim_text: this.value("claim_text"),
      note: this.value("note"),
      confidence: confidence === "" ? undefined : Math.min(100, Math.max(0, Number(confidence))) / 100,
      evidence: this.readEvidence(),
    });
  }

  readSpeaker() {
    const name = this.value("speaker.name");
    const chain = this.value("speaker.chain").split(ARROWS).filter(Boolean);
    const speaker = given({ name, kind: this.value("speaker.kind"), mode: this.value("speaker.mode"), chain });
    if (name === "" && Object.keys(speaker).length > 0) {
      this.blame({ field: "speaker.name", message: "Name the speaker: without a name nothing of this is kept." });
      return undefined;
    }
    return speaker;
  }

  readEvidence() {
    const rows = all(this, ".evidence", HTMLElement).map(readEvidence);
    return rows.filter((evidence) => evidence !== null);
  }

  /** @param {Event} event */
  clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) {
      return;
    }
    if (button.dataset["move"]) {
      const [edge, direction] = button.dataset["move"].split(" ");
      this.send("boundary-moved", { edge, direction: Number(direction) });
    } else if ("useSelection" in button.dataset) {
      this.send("selection-wanted");
    } else if ("delete" in button.dataset) {
      this.send("claim-deleted");
    } else if ("addEvidence" in button.dataset) {
      this.addEvidence();
    } else if ("remove" in button.dataset) {
      event.preventDefault();
      button.closest(".evidence")?.remove();
      this.tell();
      one(this, "[data-add-evidence]", HTMLElement).focus();
    }
  }

  addEvidence() {
    const row = this.row({ stance: this.claim?.label === "disputed" ? "refutes" : "supports" });
    one(this, ".evidence-rows", HTMLElement).append(row);
    if (row instanceof HTMLDetailsElement) {
      row.open = true;
    }
    one(row, "[name='source']", HTMLElement).focus();
  }

  /**
   * @param {import("../lib/claim.js").Evidence} evidence
   * @returns {HTMLElement}
   */
  row(evidence) {
    if (!this.setting) {
      throw new Error("build() comes first");
    }
    const row = evidenceRow(this.setting.evidence, evidence);
    sumUp(row, this.setting.published);
    return row;
  }

  /** @param {Claim} claim */
  offerReasons(claim) {
    const field = this.field("reason");
    const label = this.setting?.labels.find((each) => each.key === claim.label);
    const reasons = label?.reasons ?? [];
    const options = [["", "Not given"], ...reasons.map((reason) => [reason.key, reason.words])];
    field.replaceChildren(...options.map(([key, words]) => new Option(words, key)));
    field.value = claim.reason ?? "";
    this.explainReason();
  }

  explainReason() {
    const label = this.setting?.labels.find((each) => each.key === this.claim?.label);
    const help = label?.reasons.find((reason) => reason.key === this.value("reason"))?.help ?? "";
    const place = one(this, ".reason-help", HTMLElement);
    place.textContent = help;
    place.hidden = help === "";
  }

  /**
   * @param {FieldError} error
   * @returns {boolean} whether there is a field for it
   */
  blame({ field, message }) {
    const [list, number, name] = field.split(".");
    const root = list === "evidence" ? all(this, ".evidence", HTMLElement)[Number(number)] : this;
    const wanted = list === "evidence" ? name : field;
    const found = root?.querySelector(`[name="${CSS.escape(wanted ?? "")}"]`);
    if (!found || !isField(found)) {
      return false;
    }
    const words = document.createElement("div");
    words.className = "field-error";
    words.id = `${found.id}-error`;
    words.textContent = message;
    found.setAttribute("aria-invalid", "true");
    found.setAttribute("aria-describedby", words.id);
    found.closest(".field")?.append(words);
    const closed = found.closest("details");
    if (closed) {
      closed.open = true;
    }
    return true;
  }

  forgive() {
    for (const words of all(this, ".field-error", HTMLElement)) {
      words.remove();
    }
    for (const field of all(this, "[aria-invalid]", HTMLElement)) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    one(this, ".claim-problem", HTMLElement).hidden = true;
  }

  /**
   * @param {string} name
   * @returns {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement}
   */
  field(name) {
    const field = one(this, `[name="${CSS.escape(name)}"]`, HTMLElement);
    if (!isField(field)) {
      throw new Error(`${name} is not a field`);
    }
    return field;
  }

  /**
   * @param {string} name
   * @returns {string}
   */
  value(name) {
    const { value } = this.field(name);
    return value.trim() === "" ? "" : value;
  }

  /**
   * @param {string} name
   * @param {string | undefined} value
   */
  write(name, value = "") {
    const field = this.field(name);
    if (field.value !== value) {
      field.value = value;
    }
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
