/** The evidence of a claim, in its form: rows that are added, removed and put in another order. */

import { all, one } from "../lib/dom.js";
import { fieldOf, isField } from "../lib/fields.js";
import { evidenceRow, problemsIn, readEvidence, sumUp } from "./evidence-row.js";

/** @typedef {import("../lib/claim.js").Evidence} Evidence */

export class EvidenceList {
  /**
   * @param {HTMLElement} root the <ol>
   * @param {HTMLTemplateElement} template
   * @param {{published: string, article: string}} around
   */
  constructor(root, template, around) {
    this.root = root;
    this.template = template;
    this.around = around;
  }

  /** @returns {HTMLElement[]} */
  get rows() {
    return all(this.root, ".evidence", HTMLElement);
  }

  /**
   * Show these, unless the rows say the same: then nobody loses the place where they write.
   * @param {Evidence[]} evidence
   * @param {boolean} anew
   */
  show(evidence, anew) {
    if (anew || JSON.stringify(this.read()) !== JSON.stringify(evidence)) {
      this.root.replaceChildren(...evidence.map((each) => evidenceRow(this.template, each)));
    }
    this.sumUp();
  }

  /** @returns {Evidence[]} */
  read() {
    return this.rows.map(readEvidence).filter((evidence) => evidence !== null);
  }

  /** @returns {{field: import("../lib/fields.js").Field, message: string}[]} what is not kept, and why */
  problems() {
    return this.rows.flatMap((row) =>
      problemsIn(row).map(({ field, message }) => ({ field: fieldOf(row, field), message })),
    );
  }

  /**
   * The field that an error of the server names: it counts the rows that say something.
   * @param {number} number
   * @param {string} name
   * @returns {import("../lib/fields.js").Field | null}
   */
  field(number, name) {
    const told = this.rows.filter((row) => readEvidence(row) !== null);
    const found = told[number]?.querySelector(`[name="${CSS.escape(name)}"]`);
    return found && isField(found) ? found : null;
  }

  /**
   * A new row, open and with the focus in it.
   * @param {Evidence} evidence
   */
  add(evidence) {
    const row = evidenceRow(this.template, evidence);
    this.root.append(row);
    this.sumUp();
    one(row, "details", HTMLDetailsElement).open = true;
    fieldOf(row, evidence.quote ? "stance" : "source").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {Element} inside of the row that goes
   * @returns {boolean} whether another row has the focus now
   */
  remove(inside) {
    const row = inside.closest(".evidence");
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    row?.remove();
    this.sumUp();
    next?.querySelector("summary")?.focus();
    return next !== null && next !== undefined;
  }

  /**
   * @param {HTMLElement} button of the row that moves; it keeps the focus
   * @param {-1 | 1} direction
   * @returns {boolean} whether there was room
   */
  move(button, direction) {
    const row = button.closest(".evidence");
    const other = direction < 0 ? row?.previousElementSibling : row?.nextElementSibling;
    if (!row || !other) {
      return false;
    }
    if (direction < 0) {
      other.before(row);
    } else {
      other.after(row);
    }
    this.sumUp();
    if (button instanceof HTMLButtonElement && button.disabled) {
      one(row, `[data-step="${-direction}"]`, HTMLButtonElement).focus();
    } else {
      button.focus();
    }
    return true;
  }

  /** Write every closed line anew; the first row cannot go up, nor the last one down. */
  sumUp() {
    const { rows } = this;
    rows.forEach((row, number) => {
      sumUp(row, this.around);
      one(row, '[data-step="-1"]', HTMLButtonElement).disabled = number === 0;
      one(row, '[data-step="1"]', HTMLButtonElement).disabled = number === rows.length - 1;
    });
  }
}
