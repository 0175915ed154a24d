/** What the claim's form knows without a page: what a label still needs, addresses, and the words around a claim. */

import { problemWithAddress } from "../../static/js/lib/fields.js";
import { lacking } from "../../static/js/lib/lacking.js";
import { sentencesAround } from "../../static/js/lib/nearby.js";
import { equal, test } from "./testing.js";

const CLAIM = { start: 0, end: 4, exact: "Both", label: "sourced" };
const SOURCED = { speaker: true, reason: false, stances: ["supports"] };
const DISPUTED = { speaker: false, reason: true, stances: ["refutes", "qualifies"] };

export function claimFormTests() {
  test("a bare claim lacks what its label must carry", () => {
    equal(lacking(CLAIM, SOURCED), { speaker: "a speaker", evidence: "evidence that supports it", reason: "" });
    equal(lacking(CLAIM, DISPUTED), {
      speaker: "",
      evidence: "evidence that refutes or qualifies it",
      reason: "a reason",
    });
  });

  test("evidence of another stance and a blank speaker cure nothing", () => {
    const claim = { ...CLAIM, speaker: { name: "  " }, evidence: [{ stance: "mentions" }] };
    equal(lacking(claim, SOURCED).speaker, "a speaker");
    equal(lacking(claim, SOURCED).evidence, "evidence that supports it");
  });

  test("a complete claim, and a project that asks for nothing", () => {
    const claim = { ...CLAIM, speaker: { name: "A" }, reason: "x", evidence: [{ stance: "supports" }, { stance: "qualifies" }] };
    equal([SOURCED, DISPUTED, undefined].flatMap((label) => Object.values(lacking(claim, label))).join(""), "");
    equal(Object.values(lacking(CLAIM, { speaker: false, reason: false, stances: [] })).join(""), "");
  });

  for (const address of ["", "  ", "https://example.org/a", "http://example.org", " https://example.org/é?a=b#c "]) {
    test(`“${address}” can be kept as an address`, () => equal(problemWithAddress(address), ""));
  }

  for (const address of ["javascript:alert(1)", "data:text/html,x", "ftp://example.org", "example.org", "//example.org", "mailto:a@b"]) {
    test(`“${address}” is refused in words`, () => {
      equal(problemWithAddress(address).includes("not kept"), true);
    });
  }

  test("the sentences around a claim, the nearest first", () => {
    const text = "It was calm. Towns were shelled. Nobody was hurt. It rained.";
    equal(sentencesAround(text, 13, 18), ["Towns were shelled. ", "Nobody was hurt. ", "It was calm. "]);
    equal(sentencesAround(text, 5, 18), ["It was calm. Towns were shelled. ", "Nobody was hurt. "]);
  });

  test("places count code points, not units", () => {
    const text = "😀😀 was calm. Towns were shelled.";
    equal(sentencesAround(text, 13, 18)[0], "Towns were shelled.");
  });
}
