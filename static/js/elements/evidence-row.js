/** One piece of evidence in the claim's form: a line that opens into its fields. */

import { given } from "../lib/claim.js";
import { cloned, one } from "../lib/dom.js";
import { fieldOf, fieldsOf, problemWithAddress, valueOf, write } from "../lib/fields.js";

/** @typedef {import("../lib/claim.js").Evidence} Evidence */

const ADDRESSES = ["url", "archived_url"];
const EXCERPT = 60;

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
  row.dataset["evidence"] = JSON.stringify(evidence);
  for (const field of fieldsOf(row)) {
    write(row, field.name, String(/** @type {Record<string, any>} */ (evidence)[field.name] ?? ""));
  }
  return row;
}

/**
 * What the row says; null while it says nothing but a stance, which would be no evidence.
 * @param {HTMLElement} row
 * @returns {Evidence | null}
 */
export function readEvidence(row) {
  // What has no field here (a span of an article) is kept as it came.
  const evidence = { ...JSON.parse(row.dataset["evidence"] ?? "{}") };
  for (const field of fieldsOf(row)) {
    evidence[field.name] = valueOf(row, field.name);
  }
  for (const name of ADDRESSES) {
    evidence[name] = problemWithAddress(evidence[name]) ? "" : evidence[name].trim();
  }
  const told = given(evidence);
  return Object.keys(told).length > 1 ? told : null;
}

/**
 * What is wrong in the row and therefore not kept.
 * @param {HTMLElement} row
 * @returns {import("../lib/api.js").FieldError[]} without the number of the row
 */
export function problemsIn(row) {
  return ADDRESSES.map((name) => ({ field: name, message: problemWithAddress(valueOf(row, name)) })).filter(
    ({ message }) => message !== "",
  );
}

/**
 * Write the closed line anew, and say when the evidence is younger than the article.
 * @param {HTMLElement} row
 * @param {{published: string, article: string}} around the article's day, YYYY-MM-DD, and its id
 */
export function sumUp(row, { published, article }) {
  const stance = fieldOf(row, "stance");
  const words = stance instanceof HTMLSelectElement ? (stance.selectedOptions[0]?.text ?? "") : "";
  const quote = valueOf(row, "quote");
  const what = valueOf(row, "source") || (quote ? `“${shortened(quote)}”` : "") || host(row) || "no source yet";
  one(row, ".evidence-source", HTMLElement).textContent = [words, what].join(" · ");
  const day = valueOf(row, "published");
  one(row, ".evidence-later", HTMLElement).hidden = !(published && day && day > published);
  showPlace(row, article);
}

/**
 * @param {HTMLElement} row
 * @param {string} article
 */
function showPlace(row, article) {
  /** @type {Evidence} */
  const evidence = JSON.parse(row.dataset["evidence"] ?? "{}");
  const link = one(row, ".evidence-place", HTMLAnchorElement);
  const here = evidence.article === article && evidence.start !== undefined;
  link.hidden = !evidence.article && !evidence.annotation;
  link.href = evidence.annotation ? `/claims/${evidence.annotation}` : `/articles/${evidence.article}`;
  link.target = here ? "" : "_blank";
  link.dataset["place"] = here ? `${evidence.start} ${evidence.end}` : "";
  one(link, "span", HTMLElement).textContent = here
    ? "Its place in this article"
    : evidence.annotation
      ? "The claim it points to"
      : "The article it stands in";
}

/**
 * @param {HTMLElement} row
 * @returns {string} of the address, if it is one
 */
function host(row) {
  const address = valueOf(row, "url");
  return address && !problemWithAddress(address) ? new URL(address).host : "";
}

/**
 * @param {string} text
 * @returns {string}
 */
function shortened(text) {
  const points = [...text];
  return points.length > EXCERPT ? `${points.slice(0, EXCERPT).join("")}…` : text;
}
