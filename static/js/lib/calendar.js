/** Days without hours: all are midnight in UTC, so that no time zone moves one to its neighbour. */

const DAY = 86_400_000;

/**
 * "Wednesday 12 June 2019", or the first and the last day of a range.
 * @param {{start: string, end?: string}} date
 * @returns {string}
 */
export function inWords({ start, end }) {
  const first = dayOf(start);
  const last = dayOf(end ?? "");
  if (!first) {
    return "";
  }
  if (!last) {
    return written(first, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  }
  const full = /** @type {const} */ ({ day: "numeric", month: "long", year: "numeric" });
  const [sameYear, sameMonth] = [start.slice(0, 4) === end?.slice(0, 4), start.slice(0, 7) === end?.slice(0, 7)];
  const short = sameMonth ? { day: full.day } : sameYear ? { day: full.day, month: full.month } : full;
  return `${written(first, short)} to ${written(last, full)}`;
}

/**
 * @param {string} day YYYY-MM-DD
 * @returns {Date | null}
 */
export function dayOf(day) {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/u.exec(day);
  return match ? madeDay(Number(match[1]), Number(match[2]), Number(match[3])) : null;
}

/**
 * The day, if the calendar has it: there is no 31 June.
 * @param {number} year
 * @param {number} month from 1 on
 * @param {number} day
 * @returns {Date | null}
 */
export function madeDay(year, month, day) {
  const made = utc(year, month - 1, day);
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day ? made : null;
}

/**
 * @param {number} year
 * @param {number} month from 0 on
 * @param {number} day
 * @returns {Date}
 */
export function utc(year, month, day) {
  return new Date(Date.UTC(year, month, day));
}

/**
 * @param {Date} day
 * @param {number} days
 * @returns {Date}
 */
export function addDays(day, days) {
  return new Date(day.getTime() + days * DAY);
}

/**
 * @param {Date} first the first of a month
 * @param {number} months
 * @returns {Date}
 */
export function addMonths(first, months) {
  return utc(first.getUTCFullYear(), first.getUTCMonth() + months, 1);
}

/**
 * @param {Date} day
 * @returns {number} Monday is 0
 */
export function weekdayOf(day) {
  return (day.getUTCDay() + 6) % 7;
}

/**
 * @param {Date} day
 * @returns {string}
 */
export function iso(day) {
  return day.toISOString().slice(0, 10);
}

/**
 * @param {Date} day
 * @param {Intl.DateTimeFormatOptions} parts
 * @returns {string}
 */
function written(day, parts) {
  return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: "UTC" }).format(day).replaceAll(",", "");
}
