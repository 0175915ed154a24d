/** What a claim still lacks for its label, part by part: the same rule as missing() in annotator/domain/claims.py. */

/** @typedef {import("./claim.js").Claim} Claim */

/**
 * @typedef {object} Requirement what a label must carry
 * @property {boolean} speaker
 * @property {boolean} reason
 * @property {string[]} stances evidence of one of these
 */

/** @typedef {"speaker" | "evidence" | "reason"} Part */

/**
 * @param {Claim} claim
 * @param {Requirement | undefined} required
 * @returns {Record<Part, string>} a short phrase for each part that lacks something, else an empty string
 */
export function lacking(claim, required) {
  const stances = required?.stances ?? [];
  const speaker = claim.speaker?.name.trim() ?? "";
  const fitting = (claim.evidence ?? []).some(({ stance }) => stances.includes(stance));
  return {
    speaker: required?.speaker && speaker === "" ? "a speaker" : "",
    evidence: stances.length > 0 && !fitting ? `evidence that ${stances.join(" or ")} it` : "",
    reason: required?.reason && !claim.reason ? "a reason" : "",
  };
}
