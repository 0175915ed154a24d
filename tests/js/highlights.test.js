/** What is shown over the text: once for a frame, and nothing is registered where nothing is shown. */

import { bisect } from "../../static/js/lib/bisect.js";
import { highlight } from "../../static/js/lib/highlights.js";
import { OncePerFrame } from "../../static/js/lib/once-per-frame.js";
import { equal, test } from "./testing.js";

/** @returns {Promise<void>} when the next frame has begun */
function frame() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });
}

export function highlightsTests() {
  test("what is asked for three times in one frame is done once, and again in the next", async () => {
    let done = 0;
    const work = new OncePerFrame(() => {
      done += 1;
    });
    work.ask();
    work.ask();
    work.ask();
    equal(done, 0);
    await frame();
    equal(done, 1);
    work.ask();
    await frame();
    equal(done, 2);
  });

  test("a highlight that was and stays empty is not registered", () => {
    highlight("of-a-test", []);
    equal(CSS.highlights.has("of-a-test"), false);
    const range = document.createRange();
    range.selectNodeContents(document.body);
    highlight("of-a-test", [range]);
    equal(CSS.highlights.get("of-a-test")?.size, 1);
    highlight("of-a-test", []);
    const empty = CSS.highlights.get("of-a-test");
    equal(empty?.size, 0);
    highlight("of-a-test", []);
    equal(CSS.highlights.get("of-a-test") === empty, true);
  });

  test("a search by halves finds the first that holds, or how many there are", () => {
    const numbers = [1, 3, 3, 7];
    const found = [0, 1, 2, 3, 7, 8].map((least) => bisect(numbers.length, (index) => Number(numbers[index]) >= least));
    equal(found, [0, 0, 1, 1, 3, 4]);
    equal(bisect(0, () => true), 0);
  });
}
