/** The keys that move the cursor in the text: by character, word, line and page; with Shift they select. */

import { toPoints } from "./offsets.js";
import { bisect } from "./bisect.js";
import { startOf } from "./blocks.js";
import { Lines } from "./lines.js";
import { extent, stepped } from "./steps.js";
import { visible } from "./viewport.js";

/** @typedef {import("./cursor.js").Cursor} Cursor */
/** @typedef {import("./lines.js").Spot} Spot */
/** @typedef {import("./steps.js").Measure} Measure */

export class Moving {
  /**
   * @param {Cursor} cursor
   * @param {import("./keys.js").Keys} keys
   */
  constructor(cursor, keys) {
    this.cursor = cursor;
    this.text = cursor.text;
    /** @type {number | null} Where on the lines a walk up or down keeps to. */
    this.column = null;
    cursor.addEventListener("moved", () => {
      this.column = null;
    });
    const within = this.text.root;
    /** @type {[string, (event: KeyboardEvent) => void][]} */
    const moves = [
      ["cursor-left", (event) => this.sideways(event, -1, "character")],
      ["cursor-right", (event) => this.sideways(event, 1, "character")],
      ["word-left", (event) => this.sideways(event, -1, "word")],
      ["word-right", (event) => this.sideways(event, 1, "word")],
      ["line-up", (event) => this.vertically(event, -1)],
      ["line-down", (event) => this.vertically(event, 1)],
      ["line-start", (event) => this.toLineEdge(event, "lineStart")],
      ["line-end", (event) => this.toLineEdge(event, "lineEnd")],
      ["page-up", (event) => this.byPage(event, -1)],
      ["page-down", (event) => this.byPage(event, 1)],
      ["text-start", (event) => this.go(event, extent(this.text).start)],
      ["text-end", (event) => this.go(event, extent(this.text).end)],
    ];
    for (const [action, move] of moves) {
      keys.on(action, move, { within });
    }
  }

  /**
   * @param {KeyboardEvent} event with Shift it selects
   * @param {number} place
   * @param {boolean} [after]
   */
  go(event, place, after = false) {
    this.cursor.set(place, { anchor: event.shiftKey ? this.cursor.anchor : place, after });
    this.cursor.reveal();
  }

  /**
   * To the left or the right as the paragraph is read: in one that runs from right to left, left is onwards.
   * @param {KeyboardEvent} event
   * @param {1 | -1} side
   * @param {Measure} measure
   */
  sideways(event, side, measure) {
    const { place, anchor, span } = this.cursor;
    const { lines } = this.cursor.spot();
    const direction = lines.rightToLeft ? (side === 1 ? -1 : 1) : side;
    if (place !== anchor && !event.shiftKey && measure === "character") {
      this.go(event, direction > 0 ? span.end : span.start);
      return;
    }
    this.go(event, stepped(this.text, place, direction, measure));
  }

  /**
   * @param {KeyboardEvent} event
   * @param {1 | -1} direction
   */
  vertically(event, direction) {
    const { lines, spot, number } = this.cursor.spot();
    const x = this.column ?? lines.caret(spot).x;
    const beside = lines.beside(spot, direction, x);
    const next = this.text.blocks[number + direction];
    if (beside) {
      this.goTo(event, lines, beside);
    } else if (next) {
      const entered = new Lines(next);
      this.goTo(event, entered, entered.entered(direction, x));
    } else {
      const { start, end } = extent(this.text);
      this.go(event, direction > 0 ? end : start);
    }
    this.column = x;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {"lineStart" | "lineEnd"} edge
   */
  toLineEdge(event, edge) {
    const { lines, spot } = this.cursor.spot();
    this.goTo(event, lines, lines[edge](spot));
  }

  /**
   * The page and the cursor move by what can be seen, less a line or two that stay to be recognised.
   * @param {KeyboardEvent} event
   * @param {1 | -1} direction
   */
  byPage(event, direction) {
    const { blocks } = this.text;
    const { x, top, bottom } = this.cursor.caret();
    const column = this.column ?? x;
    const seen = visible();
    const far = direction * Math.max(bottom - top, seen.bottom - seen.top - 3 * (bottom - top));
    const before = scrollY;
    scrollBy({ top: far, behavior: "instant" });
    const y = (top + bottom) / 2 + far - (scrollY - before);
    const number = bisect(blocks.length, (each) => (blocks[each]?.getBoundingClientRect().bottom ?? 0) > y);
    const block = blocks[number];
    const { start, end } = extent(this.text);
    if (!block || (number === 0 && y < block.getBoundingClientRect().top)) {
      this.go(event, direction > 0 ? end : start);
    } else {
      const lines = new Lines(block);
      this.goTo(event, lines, lines.at(column, y));
    }
    this.column = column;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Lines} lines
   * @param {Spot} spot
   */
  goTo(event, lines, { units, after }) {
    this.go(event, startOf(lines.block) + toPoints(lines.words, units), after);
  }
}
