/** What two states of a claim differ in, in words: one line for each field, "there" and "here". */

import { differing } from "./claim.js";

/** @typedef {import("./claim.js").Claim} Claim */

const LONGEST = 120;

/** @type {[(keyof Claim)[], string, (claim: Claim) => string][]} Fields that are one thing to people, and its name. */
const LINES = [
  [["start", "end", "exact"], "Words", (claim) => quoted(claim.exact)],
  [["label"], "Label", (claim) => labelName(claim.label)],
  [["target"], "Speaks about", (claim) => (claim.target === "attribution" ? "who said it" : "what is said")],
  [["reason"], "Reason", (claim) => (claim.reason ?? "").replaceAll("-", " ")],
  [["speaker"], "Speaker", ({ speaker }) => [speaker?.name, ...(speaker?.chain ?? [])].filter(Boolean).join(", ")],
  [["event_start", "event_end"], "When", (claim) => [claim.event_start, claim.event_end].filter(Boolean).join(" to ")],
  [["claim_text"], "In your words", (claim) => quoted(claim.claim_text)],
  [["note"], "Note", (claim) => quoted(claim.note)],
  [["confidence"], "How sure", (claim) => (claim.confidence === undefined ? "" : `${Math.round(claim.confidence * 100)} %`)],
  [["evidence"], "Evidence", (claim) => evidence(claim)],
];

/**
 * @param {Claim | null} theirs
 * @param {Claim | null} mine
 * @returns {string[]}
 */
export function differences(theirs, mine) {
  if (theirs === null) {
    return ["There it is deleted, here it is not."];
  }
  if (mine === null) {
    return [`Here it is deleted. There it is ${quoted(theirs.exact)}, ${labelName(theirs.label)}.`];
  }
  const fields = new Set(differing(theirs, mine));
  return LINES.filter(([names]) => names.some((name) => fields.has(name))).map(
    ([, name, words]) => `${name}: there ${words(theirs) || "nothing"}, here ${words(mine) || "nothing"}.`,
  );
}

/**
 * @param {string} key
 * @returns {string} as the project calls it
 */
function labelName(key) {
  const button = document.querySelector(`[data-label="${CSS.escape(key)}"] .label-name`);
  return button?.textContent ?? key;
}

/**
 * @param {string | undefined} words
 * @returns {string}
 */
function quoted(words) {
  if (!words) {
    return "";
  }
  const points = [...words];
  return points.length > LONGEST ? `“${points.slice(0, LONGEST).join("")}…”` : `“${words}”`;
}

/**
 * @param {Claim} claim
 * @returns {string}
 */
function evidence({ evidence: rows = [] }) {
  const first = rows[0]?.source ?? rows[0]?.url ?? rows[0]?.quote;
  const count = rows.length === 1 ? "1 item" : `${rows.length} items`;
  return rows.length === 0 ? "" : first ? `${count} (${quoted(first)}${rows.length > 1 ? " and more" : ""})` : count;
}
