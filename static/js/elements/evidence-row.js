/** One piece of evidence in the claim's form: a line that opens into its fields. */

import { given } from "../lib/claim.js";
import { all, cloned, one } from "../lib/dom.js";

/** @typedef {import("../lib/claim.js").Evidence} Evidence */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

let count = 0;

/**
 * A row of `template` that shows `evidence`.
 * @param {HTMLTemplateElement} template
 * @param {Evidence} evidence
 * @returns {HTMLElement}
 */
export function evidenceRow(template, evidence) {
  const row = cloned(template);
  count += 1;
  for (const field of fieldsOf(row)) {
    // Several rows stand on one page, so each gets ids of its own.
    const label = row.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    field.id = `${field.id}-${count}`;
    label?.setAttribute("for", field.id);
  }
  fillEvidence(row, evidence);
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {Evidence} evidence
 */
export function fillEvidence(row, evidence) {
  row.dataset["evidence"] = JSON.stringify(evidence);
  for (const field of fieldsOf(row)) {
    const value = String(/** @type {Record<string, any>} */ (evidence)[field.name] ?? "");
    if (field.value !== value) {
      field.value = value;
    }
  }
  sumUp(row);
}

/**
 * What the row says; null while it says nothing but a stance, which would be no evidence.
 * @param {HTMLElement} row
 * @returns {Evidence | null}
 */
export function readEvidence(row) {
  // What has no field here (a span of another article) is kept as it came.
  const evidence = { ...JSON.parse(row.dataset["evidence"] ?? "{}") };
  for (const field of fieldsOf(row)) {
    evidence[field.name] = field.value.trim() === "" ? "" : field.value;
  }
  const told = given(evidence);
  return Object.keys(told).length > 1 ? told : null;
}

/**
 * Write the closed line anew, and say when the evidence is younger than the article.
 * @param {HTMLElement} row
 * @param {string} [published] the day of the article, YYYY-MM-DD
 */
export function sumUp(row, published = "") {
  const [stance, source, day] = [fieldOf(row, "stance"), fieldOf(row, "source"), fieldOf(row, "published")];
  const words = stance instanceof HTMLSelectElement ? (stance.selectedOptions[0]?.text ?? "") : "";
  one(row, ".evidence-source", HTMLElement).textContent = [words, source?.value || "no source yet"].join(" · ");
  one(row, ".evidence-later", HTMLElement).hidden = !(published && day?.value && day.value > published);
}

/**
 * @param {HTMLElement} row
 * @returns {Field[]}
 */
function fieldsOf(row) {
  return all(row, "[name]", HTMLElement).filter(isField);
}

/**
 * @param {HTMLElement} row
 * @param {string} name
 * @returns {Field | undefined}
 */
function fieldOf(row, name) {
  return fieldsOf(row).find((field) => field.name === name);
}

/**
 * @param {Element} element
 * @returns {element is Field}
 */
export function isField(element) {
  return (
    element instanceof HTMLInputElement ||
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement
  );
}
