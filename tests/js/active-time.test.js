/** The time in which a person worked: what is counted of it and what is not. */

import { ActiveTime } from "../../static/js/lib/active-time.js";
import { equal, test } from "./testing.js";

const IDLE = 60;

/** @returns {ActiveTime} of somebody who came at 0 */
function here() {
  const time = new ActiveTime(IDLE);
  time.attend(true, 0);
  return time;
}

export function activeTimeTests() {
  test("time passes while the person is there, however often it is looked at", () => {
    const time = here();
    time.count(10);
    time.count(25);
    time.count(25);
    equal(time.total, 25);
  });
  test("a while after the last sign of the person nothing is counted", () => {
    const time = here();
    time.touch(30);
    time.count(1_000);
    equal(time.total, 30 + IDLE);
  });
  test("who comes back to the machine is counted again from then on", () => {
    const time = here();
    time.touch(500);
    time.count(510);
    equal(time.total, IDLE + 10);
  });
  test("a machine that slept adds what was left of the while", () => {
    const time = here();
    time.count(40);
    time.touch(90_000);
    time.count(90_001);
    equal(time.total, IDLE + 1);
  });
  test("nothing is counted while another window has the focus", () => {
    const time = here();
    time.attend(false, 20);
    time.touch(30);
    time.count(40);
    time.attend(true, 50);
    time.count(55);
    equal(time.total, 25);
  });
  test("to be told the same twice changes nothing", () => {
    const time = here();
    time.attend(true, 50);
    time.count(200);
    equal(time.total, IDLE);
  });
}
