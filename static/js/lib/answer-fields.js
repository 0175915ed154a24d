/** The fields beside the buttons that decide: reasons, note, day. They come anew with every question. */

import { all, one } from "./dom.js";

/** @typedef {{reasons: string[], justification: string, asOf: string}} Written */

/** @type {Written} */
export const NOTHING_WRITTEN = { reasons: [], justification: "", asOf: "" };

/** @returns {Written} what stands in the fields */
export function written() {
  return {
    reasons: chips().filter((chip) => chip.checked).map((chip) => chip.value),
    justification: fieldOf("justification")?.value ?? "",
    asOf: fieldOf("as_of")?.value ?? "",
  };
}

/** @param {Written} draft */
export function write({ reasons, justification, asOf }) {
  for (const chip of chips()) {
    chip.checked = reasons.includes(chip.value);
  }
  for (const [name, value] of [["justification", justification], ["as_of", asOf]]) {
    const field = fieldOf(name ?? "");
    if (field) {
      field.value = value ?? "";
    }
  }
}

/**
 * Write what stands in the fields into the gold rows that are shown.
 * @param {HTMLElement[]} versions
 */
export function preview(versions) {
  const { asOf } = written();
  for (const version of versions) {
    one(version, "[data-column='justification']", HTMLElement).textContent = inOneCell(written());
    one(version, "[data-column='as_of']", HTMLElement).textContent = asOf;
  }
}

/**
 * @param {Written} given
 * @returns {string} the cell of the CSV, as domain/decisions.py writes it: "guideline; oversight: The note"
 */
export function inOneCell({ reasons, justification }) {
  return [reasons.join("; "), justification].filter(Boolean).join(": ");
}

/**
 * A field beside the buttons that decide.
 * @param {string} name
 * @returns {HTMLInputElement | HTMLTextAreaElement | null}
 */
export function fieldOf(name) {
  const field = document.querySelector(`#decide [name="${CSS.escape(name)}"]`);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : null;
}

/** @returns {HTMLInputElement[]} the reasons, to be ticked */
function chips() {
  return all(document, "#decide [name='reasons']", HTMLInputElement);
}
