/**
 * The days that a text speaks of: "on Wednesday", "last week" or "12 June", reckoned from the day of publication.
 *
 * News look back: a bare weekday is the last one up to the day of publication, unless the sentence speaks of what is
 * to come; then both are offered. Weekdays and months are known in the language of the article, relative words in English.
 */

import { addDays, addMonths, dayOf, iso, madeDay, utc, weekdayOf } from "./calendar.js";

/** @typedef {{start: string, end?: string, phrase: string}} EventDate days as YYYY-MM-DD; `phrase` is what the text says */
/** @typedef {{at: number, phrase: string, start: Date, end?: Date}} Found */

const MOST = 4;
const FUTURE = /\b(?:will|would|shall|is to|are to|due|plans? to|planned|next|scheduled|expected|upcoming)\b/iu;
/** @type {Map<string, Map<string, number>>} The names of each language that was asked for: to ask takes milliseconds. */
const named = new Map();
const NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/**
 * What may be offered for a claim: the days of its own words first, then of its sentence, then of what stands near.
 * @param {string[]} texts in this order
 * @param {string} published YYYY-MM-DD, or empty
 * @param {string} [language]
 * @returns {EventDate[]} each day or range once, a few at most
 */
export function offeredDates(texts, published, language = "en") {
  /** @type {Map<string, EventDate>} */
  const offered = new Map();
  for (const text of texts) {
    for (const date of datesIn(text, published, language)) {
      const key = `${date.start} ${date.end ?? ""}`;
      if (!offered.has(key)) {
        offered.set(key, date);
      }
    }
  }
  return [...offered.values()].slice(0, MOST);
}

/**
 * @param {string} text
 * @param {string} published YYYY-MM-DD, or empty: then only full dates can be told
 * @param {string} [language]
 * @returns {EventDate[]} in the order of the text
 */
export function datesIn(text, published, language = "en") {
  const day = dayOf(published);
  const found = [...fullDates(text, language, day)];
  if (day) {
    found.push(...weekdays(text, language, day), ...relativeDays(text, day), ...relativeSpans(text, day));
  }
  return found
    .sort((one, other) => one.at - other.at)
    .map(({ phrase, start, end }) => ({ phrase, start: iso(start), ...(end ? { end: iso(end) } : {}) }));
}

/**
 * @param {string} text
 * @param {string} language
 * @param {Date} published
 * @returns {Found[]}
 */
function weekdays(text, language, published) {
  const names = namesOf(language, "weekday", 7);
  const pattern = bounded(`(?:(last|next|past|previous)\\s+)?(${alternatives(names)})`, language);
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [phrase, which = "", name = ""] = match;
    const back = (weekdayOf(published) - Number(names.get(name)) + 7) % 7;
    const past = addDays(published, which === "" ? -back : -(back || 7));
    const coming = addDays(published, 7 - back);
    const around = sentenceAt(text, match.index);
    const days = which === "next" ? [coming] : which === "" && FUTURE.test(around) ? [coming, past] : [past];
    return days.map((start) => ({ at: match.index, phrase, start }));
  });
}

/**
 * Days that stand in full or nearly: "12 June 2019", "June 12", "2019-06-12", "in June", "June 2019".
 * @param {string} text
 * @param {string} language
 * @param {Date | null} published
 * @returns {Found[]}
 */
function fullDates(text, language, published) {
  const months = namesOf(language, "month", 12);
  const month = alternatives(months);
  const year = "(?:,?\\s+(?:de\\s+)?((?:19|20)\\d\\d))";
  /** @type {Found[]} */
  const found = [];
  for (const match of text.matchAll(/\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b/gu)) {
    add(found, match, madeDay(Number(match[1]), Number(match[2]), Number(match[3])));
  }
  const dayFirst = bounded(`(\\d{1,2})(?:st|nd|rd|th|\\.|er)?\\s+(?:of\\s+|de\\s+)?(${month})${year}?`, language);
  for (const match of text.matchAll(dayFirst)) {
    add(found, match, dayOfMonth(Number(match[1]), Number(months.get(match[2] ?? "")), match[3], published));
  }
  const monthFirst = bounded(`(${month})\\s+(\\d{1,2})(?:st|nd|rd|th)?(?!\\d)${year}?`, language);
  for (const match of text.matchAll(monthFirst)) {
    add(found, match, dayOfMonth(Number(match[2]), Number(months.get(match[1] ?? "")), match[3], published));
  }
  // "May" and "March" are also other words, so a month alone needs a word before it or a year after it.
  const alone = bounded(`(?:(?:[Ii]n|[Ll]ast|[Ss]ince|[Dd]uring|[Tt]hroughout)\\s+(${month})|(${month})(?=${year}))${year}?`, language);
  for (const match of text.matchAll(alone)) {
    const number = Number(months.get(match[1] ?? match[2] ?? ""));
    const first = dayOfMonth(1, number, match[3] ?? match[4], published);
    const before = /\d(?:st|nd|rd|th|\.|er)?\s+(?:of\s+|de\s+)?$/u.test(text.slice(0, match.index));
    if (first && !before) {
      found.push({ at: match.index, phrase: match[0], start: first, end: addDays(addMonths(first, 1), -1) });
    }
  }
  return found;
}

/**
 * @param {string} text
 * @param {Date} published
 * @returns {Found[]}
 */
function relativeDays(text, published) {
  /** @type {Found[]} */
  const found = [];
  const names = [
    [/\byesterday\b/giu, -1],
    [/\b(?:today|tonight|this (?:morning|afternoon|evening))\b/giu, 0],
    [/\btomorrow\b/giu, 1],
  ];
  for (const [pattern, days] of names) {
    for (const match of text.matchAll(/** @type {RegExp} */ (pattern))) {
      found.push({ at: match.index, phrase: match[0], start: addDays(published, Number(days)) });
    }
  }
  const ago = new RegExp(`\\b(\\d{1,2}|an?|${NUMBERS.join("|")})\\s+(day|week)s?\\s+(?:ago|earlier)\\b`, "giu");
  for (const match of text.matchAll(ago)) {
    const count = numberOf(match[1] ?? "");
    const days = count * (match[2]?.toLowerCase() === "week" ? 7 : 1);
    found.push({ at: match.index, phrase: match[0], start: addDays(published, -days) });
  }
  return found;
}

/**
 * @param {string} text
 * @param {Date} published
 * @returns {Found[]}
 */
function relativeSpans(text, published) {
  /** @type {Found[]} */
  const found = [];
  for (const match of text.matchAll(/\b(last|this|next|previous)\s+(week|month|year)\b/giu)) {
    const step = { last: -1, previous: -1, this: 0, next: 1 }[match[1]?.toLowerCase() ?? ""] ?? 0;
    const [start, following] = spanOf(match[2]?.toLowerCase() ?? "", published, step);
    found.push({ at: match.index, phrase: match[0], start, end: addDays(following, -1) });
  }
  for (const match of text.matchAll(/\b(?:(?:over|at|during|on)\s+the|last|this)\s+weekend\b/giu)) {
    const monday = addDays(published, -weekdayOf(published));
    const saturday = addDays(monday, weekdayOf(published) >= 5 ? 5 : -2);
    found.push({ at: match.index, phrase: match[0], start: saturday, end: addDays(saturday, 1) });
  }
  return found;
}

/**
 * The first day of the week, month or year `step` after the published one, and the first day after it.
 * @param {string} unit
 * @param {Date} published
 * @param {number} step
 * @returns {[Date, Date]}
 */
function spanOf(unit, published, step) {
  if (unit === "week") {
    const monday = addDays(published, 7 * step - weekdayOf(published));
    return [monday, addDays(monday, 7)];
  }
  const [year, month] = [published.getUTCFullYear(), published.getUTCMonth()];
  const first = unit === "month" ? utc(year, month + step, 1) : utc(year + step, 0, 1);
  return [first, addMonths(first, unit === "month" ? 1 : 12)];
}

/**
 * The day of a month; without a year the last such one up to the day of publication.
 * @param {number} day
 * @param {number} month from 0 on
 * @param {string | undefined} year
 * @param {Date | null} published
 * @returns {Date | null}
 */
function dayOfMonth(day, month, year, published) {
  if (year) {
    return madeDay(Number(year), month + 1, day);
  }
  if (!published) {
    return null;
  }
  const here = madeDay(published.getUTCFullYear(), month + 1, day);
  return here && here > published ? madeDay(published.getUTCFullYear() - 1, month + 1, day) : here;
}

/**
 * @param {Found[]} found
 * @param {RegExpExecArray} match
 * @param {Date | null} start
 */
function add(found, match, start) {
  if (start) {
    found.push({ at: match.index, phrase: match[0], start });
  }
}

/**
 * The names of weekdays (Monday is 0) or months (January is 0) in the language and in English, as they are written.
 * @param {string} language
 * @param {"weekday" | "month"} part
 * @param {number} count
 * @returns {Map<string, number>}
 */
function namesOf(language, part, count) {
  const before = named.get(`${part} ${language}`);
  if (before) {
    return before;
  }
  const names = new Map();
  for (const tag of known(language) ? ["en", language] : ["en"]) {
    const format = new Intl.DateTimeFormat(tag, { [part]: "long", timeZone: "UTC", calendar: "gregory" });
    // Next to a day some languages write a month in another case; the day's own part is left out.
    const beside = new Intl.DateTimeFormat(tag, { month: "long", day: "numeric", timeZone: "UTC", calendar: "gregory" });
    for (let number = 0; number < count; number += 1) {
      // 1 January 2018 was a Monday.
      const day = part === "weekday" ? utc(2018, 0, 1 + number) : utc(2018, number, 1);
      const parts = part === "month" ? beside.formatToParts(day).filter(({ type }) => type === "month") : [];
      for (const name of [format.format(day), ...parts.map(({ value }) => value)]) {
        names.set(name, number);
        names.set(name.slice(0, 1).toUpperCase() + name.slice(1), number);
      }
    }
  }
  named.set(`${part} ${language}`, names);
  return names;
}

/**
 * @param {string} language
 * @returns {boolean} whether it is a language tag at all: it came from a file
 */
function known(language) {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
  } catch {
    return false;
  }
}

/**
 * The longest names first, or a shorter one would be found inside them.
 * @param {Map<string, number>} names
 * @returns {string}
 */
function alternatives(names) {
  const longest = [...names.keys()].sort((one, other) => other.length - one.length);
  return longest.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&")).join("|");
}

/**
 * A pattern that does not begin or end inside of a word; Chinese and its kin write no blanks between words.
 * @param {string} pattern
 * @param {string} language
 * @returns {RegExp}
 */
function bounded(pattern, language) {
  const open = /^(?:zh|ja|ko|th|lo|km|my)\b/u.test(language);
  return new RegExp(open ? pattern : `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, "gu");
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {string}
 */
function sentenceAt(text, at) {
  return new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(text).containing(at)?.segment ?? text;
}

/**
 * @param {string} written
 * @returns {number}
 */
function numberOf(written) {
  const named = NUMBERS.indexOf(written.toLowerCase());
  return named >= 0 ? named : /^an?$/iu.test(written) ? 1 : Number(written);
}
