/** Every case of tests/js, for tests/browser/test_js.py. */

import { activeTimeTests } from "./active-time.test.js";
import { apiTests } from "./api.test.js";
import { articleTextTests } from "./article-text.test.js";
import { claimFormTests } from "./claim-form.test.js";
import { claimListTests } from "./claim-list.test.js";
import { claimTests } from "./claim.test.js";
import { claimsTests } from "./claims.test.js";
import { keptTests } from "./kept.test.js";
import { eventDatesTests } from "./event-dates.test.js";
import { highlightsTests } from "./highlights.test.js";
import { offsetsTests } from "./offsets.test.js";
import { outboxTests } from "./outbox.test.js";
import { stepsTests } from "./steps.test.js";
import { snappingTests } from "./snapping.test.js";
import { results } from "./testing.js";

/** @param {Parameters<typeof offsetsTests>[0]} table */
export function run(table) {
  offsetsTests(table);
  claimTests();
  apiTests();
  claimListTests();
  claimFormTests();
  eventDatesTests();
  articleTextTests();
  outboxTests();
  activeTimeTests();
  claimsTests();
  keptTests();
  stepsTests();
  snappingTests();
  highlightsTests();
  return results();
}
