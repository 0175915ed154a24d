/** Undo and redo: which steps there are, how many, and that none of them takes back somebody else's work. */

import { Claims } from "../../static/js/lib/claims.js";
import { differences } from "../../static/js/lib/differences.js";
import { equal, test } from "./testing.js";

/** @typedef {import("../../static/js/lib/claim.js").Claim} Claim */

/**
 * @param {string} label
 * @param {Partial<Claim>} [more]
 * @returns {Claim}
 */
const claim = (label, more = {}) => ({ start: 0, end: 4, exact: "calm", label, ...more });

/** @param {Claims} claims */
function outdatedOf(claims) {
  /** @type {string[]} */
  const ids = [];
  claims.addEventListener("outdated", (event) => ids.push(/** @type {CustomEvent} */ (event).detail.id));
  return ids;
}

export function claimsTests() {
  test("making, changing and deleting go back and forth", () => {
    const claims = new Claims();
    const id = claims.create(claim("sourced"));
    claims.change(id, claim("disputed"));
    claims.change(id, null);
    claims.undo();
    equal(claims.get(id)?.label, "disputed");
    claims.undo();
    equal(claims.get(id)?.label, "sourced");
    claims.undo();
    equal(claims.get(id), null);
    equal(claims.undo(), null);
    claims.redo();
    claims.redo();
    claims.redo();
    equal(claims.get(id), null);
    claims.undo();
    equal(claims.get(id)?.label, "disputed");
  });
  test("what is typed quickly is one step, and what follows an undo is another", () => {
    const claims = new Claims();
    claims.adopt("a", claim("sourced"));
    claims.change("a", claim("sourced", { note: "o" }));
    claims.change("a", claim("sourced", { note: "on" }));
    equal(claims.done.length, 1);
    claims.change("b", claim("disputed"));
    claims.undo();
    claims.change("a", claim("disputed", { note: "on" }));
    equal(claims.done.length, 2);
  });
  test("a step on a claim that was changed elsewhere is refused and said, and the next one goes on", () => {
    const claims = new Claims();
    const outdated = outdatedOf(claims);
    claims.change("a", claim("sourced"));
    claims.change("b", claim("sourced"));
    claims.change("b", claim("disputed"));
    claims.adopt("b", claim("unverified"));
    equal(claims.undo(), null);
    equal(outdated, ["b"]);
    equal(claims.get("b")?.label, "unverified");
    claims.undo();
    equal(claims.undo(), "a");
    equal(claims.get("a"), null);
  });
  test("the steps go on after the page is loaded again, where they still fit", () => {
    const before = new Claims();
    before.change("a", claim("sourced"));
    before.change("b", claim("sourced"));
    before.undo();
    const memory = JSON.parse(JSON.stringify(before.memory));
    const after = new Claims();
    const outdated = outdatedOf(after);
    after.adopt("a", claim("sourced", { target: "content", origin: "human", note: "" }));
    after.remember(memory);
    equal(after.redo(), "b");
    equal(after.undo(), "b");
    equal(after.undo(), "a");
    equal([after.get("a"), outdated], [null, []]);
  });
  test("there are not endlessly many steps", () => {
    const claims = new Claims();
    for (let number = 0; number < 400; number += 1) {
      claims.create(claim("sourced"));
    }
    equal(claims.done.length, 300);
    const more = new Claims();
    more.change("z", claim("sourced"));
    more.remember(claims.memory);
    equal([more.done.length, more.done.at(-1)?.id], [300, "z"]);
  });
  test("two states of a claim are told apart in words", () => {
    const mine = claim("sourced", { note: "here", evidence: [{ stance: "supports", source: "A" }] });
    const theirs = claim("disputed", { note: "there", end: 7, exact: "calm on" });
    equal(differences(theirs, mine), [
      "Words: there “calm on”, here “calm”.",
      "Label: there disputed, here sourced.",
      "Note: there “there”, here “here”.",
      "Evidence: there nothing, here 1 item (“A”).",
    ]);
    equal(differences(null, mine), ["There it is deleted, here it is not."]);
    equal(differences(theirs, null), ["Here it is deleted. There it is “calm on”, disputed."]);
  });
}
