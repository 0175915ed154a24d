/** The claims on paper: after the article a list with every field, which the screen shows in the form of one at a time. */

import { byId } from "./dom.js";
import { blockAt } from "./snapping.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./claim.js").Evidence} Evidence */
/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {{key: string, name: string, reasons: {key: string, words: string}[]}} Label */

export class Printing {
  /**
   * @param {Desk} desk
   * @param {Label[]} labels
   */
  constructor(desk, labels) {
    this.desk = desk;
    this.labels = labels;
    /** @type {HTMLElement | null} */
    this.list = null;
    addEventListener("beforeprint", () => this.show());
    addEventListener("afterprint", () => this.remove());
  }

  show() {
    this.remove();
    const claims = [...this.desk.claims.known.values()].filter((claim) => claim !== null);
    claims.sort((one, other) => one.start - other.start || one.end - other.end);
    if (claims.length > 0) {
      this.list = made("section", "print-claims", [
        made("h2", "print-title", ["Claims"]),
        made("ol", "print-list", claims.map((claim) => this.claim(claim))),
      ]);
      this.desk.text.root.closest(".article")?.append(this.list);
    }
  }

  remove() {
    this.list?.remove();
    this.list = null;
  }

  /**
   * @param {Claim} claim
   * @returns {HTMLElement}
   */
  claim(claim) {
    const label = this.labels.find(({ key }) => key === claim.label);
    const name = label?.name ?? claim.label;
    const reason = label?.reasons.find(({ key }) => key === claim.reason)?.words ?? claim.reason;
    const block = blockAt(this.desk.text, claim.start)?.dataset["block"];
    const quote = made("p", "print-quote", [`“${claim.exact}”`]);
    quote.dir = "auto";
    const lines = [
      [name, reason, claim.target === "attribution" ? "about who said it" : "", block ? `paragraph ${block}` : ""],
      [claim.speaker && speakerOf(claim.speaker)],
      [claim.claim_text && `In other words: ${claim.claim_text}`],
      [claim.event_start && `When: ${[claim.event_start, claim.event_end].filter(Boolean).join(" to ")}`],
      [claim.confidence !== undefined && `Sure to ${Math.round(claim.confidence * 100)} %`],
      ...(claim.evidence ?? []).map((evidence) => [evidenceOf(evidence)]),
      [claim.note && `Note: ${claim.note}`],
    ];
    const written = lines.map((line) => line.filter(Boolean).join(" · ")).filter(Boolean);
    return made("li", "print-claim", [quote, ...written.map((line) => made("p", "print-line", [line]))]);
  }
}

/**
 * @param {import("./claim.js").Speaker} speaker
 * @returns {string}
 */
function speakerOf({ name, kind, mode, chain }) {
  const told = [name, ...(chain ?? [])].filter(Boolean).join(" → ");
  return told && `Speaker: ${[told, wordsOf("speaker.kind", kind), wordsOf("speaker.mode", mode)].filter(Boolean).join(", ")}`;
}

/**
 * @param {Evidence} evidence
 * @returns {string}
 */
function evidenceOf({ stance, kind, source, quote, url, archived_url: archived, published }) {
  const facts = [wordsOf("kind", kind), source, quote && `“${quote}”`, published, url, archived];
  return `${wordsOf("stance", stance)}: ${facts.filter(Boolean).join(", ") || "no details"}`;
}

/**
 * What a choice of the form is called.
 * @param {string} field
 * @param {string | undefined} value
 * @returns {string}
 */
function wordsOf(field, value) {
  if (!value) {
    return "";
  }
  for (const id of ["claim-form-template", "evidence-template"]) {
    const fields = byId(id, HTMLTemplateElement).content;
    const option = fields.querySelector(`select[name="${field}"] option[value="${CSS.escape(value)}"]`);
    const words = option ?? fields.querySelector(`input[name="${field}"][value="${CSS.escape(value)}"]`)?.parentElement;
    if (words?.textContent) {
      return words.textContent.trim();
    }
  }
  return value;
}

/**
 * @param {string} tag
 * @param {string} name of its class
 * @param {(Node | string)[]} parts
 * @returns {HTMLElement}
 */
function made(tag, name, parts) {
  const element = document.createElement(tag);
  element.className = name;
  element.append(...parts);
  return element;
}
