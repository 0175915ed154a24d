/** Jumping through the text: to the next number, date, quotation, attribution or hedge, and with Shift to the one before. */

import { Refused, Unreachable } from "./api.js";

/** @typedef {import("./offsets.js").Span} Span */

/** How each kind is called when there is no further one. */
const NAMES = new Map([
  ["number", "number"],
  ["date", "date"],
  ["quotation", "quotation"],
  ["attribution", "“said” or “according to”"],
  ["hedge", "“reportedly” or the like"],
]);

export class Jumping {
  /**
   * @param {import("./text-cues.js").TextCues} cues
   * @param {import("./cursor.js").Cursor} cursor
   * @param {import("./keys.js").Keys} keys
   * @param {(words: string) => void} say
   */
  constructor(cues, cursor, keys, say) {
    this.cues = cues;
    this.cursor = cursor;
    this.say = say;
    for (const kind of NAMES.keys()) {
      keys.on(`jump-${kind}`, (event) => void this.jump(kind, event.shiftKey ? -1 : 1));
    }
  }

  /**
   * @param {string} kind
   * @param {1 | -1} direction
   */
  async jump(kind, direction) {
    let places;
    try {
      places = await this.cues.places(kind);
    } catch (problem) {
      if (problem instanceof Refused || problem instanceof Unreachable) {
        this.say("The text could not be searched: the server did not answer. Try again.");
        return;
      }
      throw problem;
    }
    const next = beyond(places, this.cursor.span, direction);
    if (next) {
      this.cursor.moveTo(next.start, next.end);
    } else {
      this.say(`No ${NAMES.get(kind)} ${direction > 0 ? "after" : "before"} this place.`);
    }
  }
}

/**
 * The first of `places` behind `from`, or the last one before it; they are in order.
 * @template {Span} S
 * @param {S[]} places
 * @param {Span} from
 * @param {1 | -1} direction
 * @returns {S | undefined}
 */
export function beyond(places, from, direction) {
  return direction > 0
    ? places.find((place) => place.start >= from.end)
    : places.findLast((place) => place.end <= from.start);
}
