/** What a claim is in the browser: the JSON that a PUT takes. What is not given is left out. */

/** UNSURE in annotator/domain/claims.py. */
export const UNSURE = 0.5;

/**
 * @typedef {object} Speaker
 * @property {string} name
 * @property {string} [kind]
 * @property {string} [mode]
 * @property {string[]} [chain]
 */

/**
 * @typedef {object} Evidence
 * @property {string} stance
 * @property {string} [kind]
 * @property {string} [source]
 * @property {string} [quote]
 * @property {string} [url]
 * @property {string} [archived_url]
 * @property {string} [published]
 * @property {string} [annotation]
 * @property {string} [article]
 * @property {number} [start]
 * @property {number} [end]
 */

/**
 * @typedef {object} Claim
 * @property {number} start
 * @property {number} end
 * @property {string} exact
 * @property {string} label
 * @property {string} [target]
 * @property {string} [reason]
 * @property {string} [origin]
 * @property {Speaker} [speaker]
 * @property {string} [claim_text]
 * @property {string} [event_start]
 * @property {string} [event_end]
 * @property {string} [note]
 * @property {number} [confidence]
 * @property {Evidence[]} [evidence]
 */

/** @type {readonly (keyof Claim)[]} */
const FIELDS = [
  "start", "end", "exact", "label", "target", "reason", "origin", "speaker", "claim_text", "event_start", "event_end",
  "note", "confidence", "evidence",
];

/**
 * A claim out of what the server told, without the fields that a PUT does not take and those that are empty.
 * @param {Record<string, any>} told
 * @returns {Claim}
 */
export function claimFrom(told) {
  return /** @type {Claim} */ (given(Object.fromEntries(FIELDS.map((field) => [field, told[field]]))));
}

/**
 * Whether two claims say the same; null stands for a deleted one.
 * @param {Claim | null} one
 * @param {Claim | null} other
 * @returns {boolean}
 */
export function sameClaim(one, other) {
  return canonical(one) === canonical(other);
}

/**
 * Whether `mine` may replace `theirs` without undoing anybody's work: each field of `theirs` is as it was in `base`,
 * which both started from, or as `mine` has it. Null stands for a deleted or unknown claim.
 * @param {Claim | null} theirs
 * @param {Claim | null} base
 * @param {Claim | null} mine
 * @returns {boolean}
 */
export function addsNothing(theirs, base, mine) {
  if (theirs === null || mine === null) {
    return sameClaim(theirs, mine) || (base !== null && sameClaim(theirs, base));
  }
  return FIELDS.every((field) =>
    [base, mine].some((other) => canonical(only(field, theirs)) === canonical(only(field, other))),
  );
}

/**
 * The fields in which two claims differ; null stands for a deleted one, which differs in all that the other has.
 * @param {Claim | null} one
 * @param {Claim | null} other
 * @returns {(keyof Claim)[]}
 */
export function differing(one, other) {
  return FIELDS.filter((field) => canonical(only(field, one)) !== canonical(only(field, other)));
}

/**
 * The claim over another passage; one that was accepted from a suggestion is an edited one then.
 * @param {Claim} claim
 * @param {{start: number, end: number, exact: string}} passage
 * @returns {Claim}
 */
export function withSpan(claim, passage) {
  const moved = claim.start !== passage.start || claim.end !== passage.end;
  const origin = moved && claim.origin === "suggestion-accepted" ? { origin: "suggestion-edited" } : {};
  return { ...claim, ...passage, ...origin };
}

/**
 * `value` without empty strings, nulls, empty lists and empty objects, at every depth.
 * @param {any} value
 * @returns {any}
 */
export function given(value) {
  if (Array.isArray(value)) {
    return value.map(given).filter((part) => !isEmpty(part));
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const kept = Object.entries(value)
    .map(([name, part]) => [name, given(part)])
    .filter(([, part]) => !isEmpty(part));
  return Object.fromEntries(kept);
}

/**
 * @param {keyof Claim} field
 * @param {Claim | null} claim
 * @returns {Partial<Claim>}
 */
function only(field, claim) {
  return claim ? { [field]: claim[field] } : {};
}

/**
 * @param {Partial<Claim> | null} claim
 * @returns {string}
 */
function canonical(claim) {
  const defaults = { target: "content", origin: "human" };
  return JSON.stringify(claim && sorted(given({ ...defaults, ...given(claim) })));
}

/**
 * @param {any} value
 * @returns {any}
 */
function sorted(value) {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}

/**
 * @param {any} value
 * @returns {boolean}
 */
function isEmpty(value) {
  if (value === undefined || value === null || value === "") {
    return true;
  }
  return typeof value === "object" && Object.keys(value).length === 0;
}

/**
 * Whether the person marked the claim as unsure; without a confidence they said nothing about it.
 * @param {number | undefined} confidence
 * @returns {boolean}
 */
export function isUnsure(confidence) {
  return confidence !== undefined && confidence <= UNSURE;
}
