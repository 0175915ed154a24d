/** Days out of words: a table of what a text says on the day of publication, and what is offered for it. */

import { inWords } from "../../static/js/lib/calendar.js";
import { datesIn, offeredDates } from "../../static/js/lib/event-dates.js";
import { equal, test } from "./testing.js";

// A Friday.
const PUBLISHED = "2019-06-14";

/** @type {[string, string[]][]} what the text says; the days that are offered, a range as "first..last" */
const TABLE = [
  ["Three towns were shelled on Wednesday.", ["2019-06-12"]],
  ["On Friday both sides met.", ["2019-06-14"]],
  ["on Saturday", ["2019-06-08"]],
  ["last Friday", ["2019-06-07"]],
  ["last Wednesday", ["2019-06-12"]],
  ["next Wednesday", ["2019-06-19"]],
  ["They will meet on Monday.", ["2019-06-17", "2019-06-10"]],
  ["They met on Monday. They will meet again.", ["2019-06-10"]],
  ["between Tuesday and Thursday", ["2019-06-11", "2019-06-13"]],
  ["yesterday", ["2019-06-13"]],
  ["Today the guns fell silent", ["2019-06-14"]],
  ["tonight", ["2019-06-14"]],
  ["tomorrow", ["2019-06-15"]],
  ["three days ago", ["2019-06-11"]],
  ["a week ago", ["2019-06-07"]],
  ["last week", ["2019-06-03..2019-06-09"]],
  ["this week", ["2019-06-10..2019-06-16"]],
  ["next month", ["2019-07-01..2019-07-31"]],
  ["last month", ["2019-05-01..2019-05-31"]],
  ["last year", ["2018-01-01..2018-12-31"]],
  ["over the weekend", ["2019-06-08..2019-06-09"]],
  ["in June", ["2019-06-01..2019-06-30"]],
  ["in August", ["2018-08-01..2018-08-31"]],
  ["in February 2020", ["2020-02-01..2020-02-29"]],
  ["June 2018", ["2018-06-01..2018-06-30"]],
  ["on 12 June", ["2019-06-12"]],
  ["on June 12th", ["2019-06-12"]],
  ["on 20 December", ["2018-12-20"]],
  ["the 12th of June 2017", ["2017-06-12"]],
  ["June 12, 2017", ["2017-06-12"]],
  ["dated 2019-06-02", ["2019-06-02"]],
  ["on 31 June", []],
  ["2019-02-30", []],
  ["He may march on", []],
  ["Sundayschool, Mondays", []],
  ["in 3 towns, 12 people", []],
  ["", []],
];

export function eventDatesTests() {
  for (const [text, wanted] of TABLE) {
    test(`days in “${text}”`, () => {
      equal(datesIn(text, PUBLISHED).map(({ start, end }) => (end ? `${start}..${end}` : start)), wanted);
    });
  }

  test("a weekday on the very first day of a year and over a leap day", () => {
    equal(datesIn("on Monday", "2020-01-01")[0]?.start, "2019-12-30");
    equal(datesIn("yesterday", "2020-03-01")[0]?.start, "2020-02-29");
    equal(datesIn("last month", "2020-03-31")[0]?.end, "2020-02-29");
  });

  test("without a day of publication only full dates are offered", () => {
    equal(datesIn("on Wednesday, in June, on 3 May 2019", "").map(({ start }) => start), ["2019-05-03"]);
  });

  test("weekdays and months in the language of the article", () => {
    equal(datesIn("am Mittwoch", PUBLISHED, "de")[0]?.start, "2019-06-12");
    equal(datesIn("le 12 juin 2018", PUBLISHED, "fr")[0]?.start, "2018-06-12");
    equal(datesIn("12 de junio de 2018", PUBLISHED, "es")[0]?.start, "2018-06-12");
    equal(datesIn("в среду, 5 июня", PUBLISHED, "ru").map(({ start }) => start), ["2019-06-05"]);
    equal(datesIn("他们星期三会面", PUBLISHED, "zh")[0]?.start, "2019-06-12");
  });

  test("a language tag that nobody knows stops nothing", () => {
    equal(datesIn("on Wednesday", PUBLISHED, "not a tag")[0]?.start, "2019-06-12");
  });

  test("the nearest words come first, and each day once", () => {
    const texts = ["on Wednesday", "On Tuesday and on Wednesday it was calm.", "It began on Monday."];
    equal(offeredDates(texts, PUBLISHED).map(({ start }) => start), ["2019-06-12", "2019-06-11", "2019-06-10"]);
  });

  test("no more than four are offered", () => {
    equal(offeredDates(["on Monday, Tuesday, Wednesday, Thursday and Saturday"], PUBLISHED).length, 4);
  });

  test("what is offered is written out", () => {
    equal(inWords({ start: "2019-06-12" }), "Wednesday 12 June 2019");
    equal(inWords({ start: "2019-06-03", end: "2019-06-09" }), "3 to 9 June 2019");
    equal(inWords({ start: "2019-05-27", end: "2019-06-02" }), "27 May to 2 June 2019");
    equal(inWords({ start: "2018-12-31", end: "2019-01-06" }), "31 December 2018 to 6 January 2019");
    equal(inWords({ start: "nonsense" }), "");
  });

  test("hostile text takes no time worth speaking of and offers nothing", () => {
    equal(datesIn(`${"1 ".repeat(20_000)}${"in ".repeat(20_000)}`, PUBLISHED), []);
  });
}
