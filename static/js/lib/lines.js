/**
 * The lines of a block as they are drawn, and where in them a cursor stands.
 *
 * A cursor stands before a character or, at the end of a line that was broken without a blank (`after`), behind one:
 * that is one offset and two places on the screen. Lines are found by bisection, for a block's characters run down
 * the page in their order, whatever their direction is.
 */

import { bisect } from "./bisect.js";
import { characterEdges } from "./steps.js";

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box */
/** @typedef {{x: number, top: number, bottom: number}} Caret */
/** @typedef {{units: number, after: boolean}} Spot */

const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const LEFT_TO_RIGHT = /[\p{L}\p{N}]/u;

export class Lines {
  /** @param {HTMLElement} block */
  constructor(block) {
    this.block = block;
    this.words = block.textContent;
    this.edges = characterEdges(block);
    /** @type {[Text, number][]} The text nodes, and the units before each. */
    this.nodes = [];
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    let before = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      this.nodes.push([/** @type {Text} */ (node), before]);
      before += node.nodeValue?.length ?? 0;
    }
    /** @type {Map<number, Box>} */
    this.boxes = new Map();
  }

  /** @returns {boolean} asked for only where it is needed: in a long article the styles of a changed page cost much */
  get rightToLeft() {
    return getComputedStyle(this.block).direction === "rtl";
  }

  /** @returns {number} how many characters there are */
  get count() {
    return this.edges.length - 1;
  }

  /**
   * Where the cursor is drawn, in the coordinates of the window.
   * @param {Spot} spot
   * @returns {Caret}
   */
  caret(spot) {
    const character = this.characterOf(spot);
    const leading = this.edges[character] === spot.units;
    const { top, bottom } = this.box(character);
    return { x: this.side(character, leading), top, bottom };
  }

  /**
   * @param {Spot} spot
   * @returns {Spot}
   */
  lineStart(spot) {
    return { units: this.unitsOf(this.firstOfLine(this.characterOf(spot))), after: false };
  }

  /**
   * Behind the last word of the line; the blanks at which it was broken belong to nothing that is seen.
   * @param {Spot} spot
   * @returns {Spot}
   */
  lineEnd(spot) {
    return this.endSpot(this.firstOfLine(this.characterOf(spot)));
  }

  /**
   * The spot of the next line (or the one before) nearest to `x`; null if the block has no such line.
   * @param {Spot} spot
   * @param {1 | -1} direction
   * @param {number} x
   * @returns {Spot | null}
   */
  beside(spot, direction, x) {
    const character = this.characterOf(spot);
    const other = direction > 0 ? this.lastOfLine(character) + 1 : this.firstOfLine(character) - 1;
    return other < 0 || other >= this.count ? null : this.nearest(this.firstOfLine(other), x);
  }

  /**
   * The spot nearest to `x` in the first line, or in the last.
   * @param {1 | -1} direction in which the block is entered
   * @param {number} x
   * @returns {Spot}
   */
  entered(direction, x) {
    return this.nearest(direction > 0 ? 0 : this.firstOfLine(this.count - 1), x);
  }

  /**
   * The spot nearest to a point of the window that lies within the height of the block.
   * @param {number} x
   * @param {number} y
   * @returns {Spot}
   */
  at(x, y) {
    const line = bisect(this.count, (character) => this.box(character).bottom > y);
    return this.nearest(this.firstOfLine(Math.min(line, this.count - 1)), x);
  }

  /**
   * The words of the line, as they are drawn.
   * @param {Spot} spot
   * @returns {string}
   */
  lineWords(spot) {
    const character = this.characterOf(spot);
    const [first, last] = [this.firstOfLine(character), this.lastOfLine(character)];
    return this.words.slice(this.unitsOf(first), this.unitsOf(last + 1)).trim();
  }

  /**
   * The text node and the offset in it; at a seam of two nodes the end of the first if `closing`.
   * @param {number} units
   * @param {boolean} closing
   * @returns {[Node, number]}
   */
  node(units, closing) {
    const found = this.nodes.findLast(([, before]) => (closing ? before < units : before <= units)) ?? this.nodes[0];
    return found ? [found[0], units - found[1]] : [this.block, 0];
  }

  /**
   * @param {number} first the first character of a line
   * @param {number} x
   * @returns {Spot}
   */
  nearest(first, x) {
    const end = this.endSpot(first);
    const spots = [end];
    for (let character = first; this.unitsOf(character) < end.units; character += 1) {
      spots.push({ units: this.unitsOf(character), after: false });
    }
    const away = spots.map((spot) => Math.abs(this.caret(spot).x - x));
    return spots[away.indexOf(Math.min(...away))] ?? end;
  }

  /**
   * @param {number} first the first character of a line
   * @returns {Spot}
   */
  endSpot(first) {
    const last = this.lastOfLine(first);
    if (last === this.count - 1 && !/[\r\n]$/u.test(this.words)) {
      return { units: this.words.length, after: true };
    }
    let end = last + 1;
    while (end > first && this.isBlank(end - 1)) {
      end -= 1;
    }
    return { units: this.unitsOf(end), after: end === last + 1 };
  }

  /**
   * @param {number} character
   * @returns {boolean}
   */
  isBlank(character) {
    return this.words.slice(this.edges[character], this.edges[character + 1]).trim() === "";
  }

  /**
   * The character whose line and side show the spot.
   * @param {Spot} spot
   * @returns {number}
   */
  characterOf({ units, after }) {
    const index = bisect(this.edges.length, (edge) => this.unitsOf(edge) >= units);
    return Math.max(0, Math.min(this.count - 1, after ? index - 1 : index));
  }

  /**
   * @param {number} index
   * @returns {number}
   */
  unitsOf(index) {
    return this.edges[Math.min(index, this.count)] ?? 0;
  }

  /**
   * @param {number} character
   * @returns {number}
   */
  firstOfLine(character) {
    const { top } = this.box(character);
    return bisect(character, (other) => this.middle(other) > top);
  }

  /**
   * @param {number} character
   * @returns {number}
   */
  lastOfLine(character) {
    const { bottom } = this.box(character);
    const beyond = bisect(this.count - character, (more) => this.middle(character + more) >= bottom);
    return character + Math.max(1, beyond) - 1;
  }

  /**
   * @param {number} character
   * @returns {number}
   */
  middle(character) {
    const { top, bottom } = this.box(character);
    return (top + bottom) / 2;
  }

  /**
   * Where a character begins on the screen, or where it ends.
   * @param {number} character
   * @param {boolean} leading
   * @returns {number}
   */
  side(character, leading) {
    const sign = this.words.slice(this.edges[character], this.edges[character + 1]);
    const leftwards = RIGHT_TO_LEFT.test(sign) || (this.rightToLeft && !LEFT_TO_RIGHT.test(sign));
    const { left, right } = this.box(character);
    return leading === leftwards ? right : left;
  }

  /**
   * @param {number} character
   * @returns {Box}
   */
  box(character) {
    const known = this.boxes.get(character) ?? this.measured(character);
    this.boxes.set(character, known);
    return known;
  }

  /**
   * @param {number} character
   * @returns {Box}
   */
  measured(character) {
    const range = document.createRange();
    range.setStart(...this.node(this.unitsOf(character), false));
    range.setEnd(...this.node(this.unitsOf(character + 1), true));
    const drawn = [...range.getClientRects()].find((box) => box.height > 0);
    if (drawn) {
      return drawn;
    }
    if (character === 0) {
      const { left, top } = this.block.getBoundingClientRect();
      return { left, right: left, top, bottom: top + 20 };
    }
    // What is not drawn, such as the end of a line, stands behind the character before it.
    const before = this.box(character - 1);
    const x = this.side(character - 1, false);
    return { left: x, right: x, top: before.top, bottom: before.bottom };
  }
}
