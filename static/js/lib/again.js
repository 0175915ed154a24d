/**
 * Looking again: questions that came back open their passages, and only claims that share words with them may change.
 * On an article that was revealed there is no such passage, and everything may.
 */

import { all, one } from "./dom.js";

/** @typedef {import("./claim.js").Claim} Claim */
/** @typedef {import("./editing.js").Editing} Editing */
/** @typedef {import("./offsets.js").Span} Span */

const ELSEWHERE = "You were asked about one passage: only words there can be marked, and only claims there changed.";

export class Again {
  /** @param {Editing} editing */
  constructor(editing) {
    this.editing = editing;
    this.desk = editing.desk;
    this.sections = all(document, ".asked[data-waits]", HTMLElement);
    this.passages = this.sections.map(placeOf);
  }

  start() {
    if (this.passages.length === 0) {
      return;
    }
    const { selecting, claims, labels, form } = this.editing;
    claims.permits = (before, after) => [before, after].every((claim) => claim === null || this.allows(claim));
    claims.addEventListener("forbidden", () => labels.say(ELSEWHERE));
    selecting.addEventListener("selected", () => {
      const claim = selecting.selected ? claims.get(selecting.selected) : null;
      const allowed = claim === null || this.allows(claim);
      one(form, ".claim-fields", HTMLFieldSetElement).disabled = !allowed;
      one(form, "[data-delete]", HTMLElement).hidden = !allowed;
    });
    this.desk.addEventListener("drawn", () => this.draw());
    for (const section of this.sections) {
      one(section, ".asked-passage", HTMLAnchorElement).addEventListener("click", (event) => this.go(event, section));
    }
    this.draw();
  }

  /**
   * @param {Claim} claim
   * @returns {boolean}
   */
  allows({ start, end }) {
    return this.passages.some((passage) => start < passage.end && passage.start < end);
  }

  /** A wash over the passages; where a browser cannot draw it, the link still leads there. */
  draw() {
    if (typeof Highlight === "undefined") {
      return;
    }
    const ranges = this.passages.map(({ start, end }) => this.desk.text.rangeOf(start, end));
    CSS.highlights.set("asked", new Highlight(...ranges.filter((range) => range !== null)));
  }

  /**
   * Put the cursor at the passage, so that the keyboard goes on there.
   * @param {MouseEvent} event
   * @param {HTMLElement} section
   */
  go(event, section) {
    const { start } = placeOf(section);
    const [block] = this.desk.text.touching(start, start + 1);
    if (block) {
      event.preventDefault();
      block.scrollIntoView({ block: "center" });
      this.editing.cursor.set(start);
      this.editing.cursor.focus();
    }
  }
}

/**
 * @param {HTMLElement} section
 * @returns {Span}
 */
function placeOf(section) {
  return { start: Number(section.dataset["start"]), end: Number(section.dataset["end"]) };
}
