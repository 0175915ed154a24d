/** Claims as JSON: what is sent, and when two of them say the same. */

import { claimFrom, given, sameClaim } from "../../static/js/lib/claim.js";
import { Claims } from "../../static/js/lib/claims.js";
import { equal, test } from "./testing.js";

const CLAIM = { start: 0, end: 4, exact: "calm", label: "sourced" };

export function claimTests() {
  test("what is empty is left out at every depth", () => {
    equal(given({ a: "", b: null, c: [], d: { e: "" }, f: [{ g: "" }, { g: 1 }], h: 0, i: false }), {
      f: [{ g: 1 }],
      h: 0,
      i: false,
    });
  });
  test("only what a PUT takes is kept of an answer", () => {
    equal(claimFrom({ ...CLAIM, id: "x", version: 3, reviewer: "ada", deleted: false, note: "" }), CLAIM);
  });
  test("defaults and the order of fields make no difference", () => {
    equal(sameClaim({ label: "sourced", exact: "calm", end: 4, start: 0, target: "content" }, CLAIM), true);
    equal(sameClaim({ ...CLAIM, note: "n" }, CLAIM), false);
    equal(sameClaim(null, CLAIM), false);
    equal(sameClaim(null, null), true);
  });
  test("undo and redo go through every state", () => {
    const claims = new Claims();
    const id = claims.create(CLAIM);
    claims.change(id, { ...CLAIM, label: "disputed" });
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
    equal(claims.get(id)?.label, "disputed");
  });
  test("a change after an undo forgets what was undone", () => {
    const claims = new Claims();
    const id = claims.create(CLAIM);
    claims.undo();
    claims.create(CLAIM);
    equal(claims.redo(), null);
    equal(claims.get(id), null);
  });
  test("what changes nothing is no step", () => {
    const claims = new Claims();
    const id = claims.create(CLAIM);
    claims.change(id, { ...CLAIM, target: "content" });
    equal(claims.done.length, 1);
  });
  test("identifiers are UUIDs of version 4", () => {
    const id = new Claims().create(CLAIM);
    equal(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u.test(id), true);
  });
}
