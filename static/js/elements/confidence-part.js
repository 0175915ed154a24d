/**
 * How sure the person is, in the claim's form: a percentage, and "unsure" for who does not think in percentages.
 *
 * Unsure is no field of its own: it means 50 % or less (UNSURE in annotator/domain/claims.py).
 */

import { UNSURE, isUnsure } from "../lib/claim.js";
import { one } from "../lib/dom.js";
import { valueOf, write } from "../lib/fields.js";

export class ConfidencePart {
  /** @param {HTMLElement} root the form */
  constructor(root) {
    this.root = root;
    this.toggle = one(root, "[data-unsure]", HTMLButtonElement);
  }

  /** @param {number | undefined} confidence */
  show(confidence) {
    write(this.root, "confidence", confidence === undefined ? "" : String(Math.round(confidence * 1e4) / 100));
    this.weigh();
  }

  /** @returns {number | undefined} */
  read() {
    const percent = valueOf(this.root, "confidence");
    return percent === "" ? undefined : Math.min(100, Math.max(0, Number(percent))) / 100;
  }

  /** Show whether what is written means unsure. */
  weigh() {
    this.toggle.setAttribute("aria-pressed", String(isUnsure(this.read())));
  }

  /** Unsure, or no longer: then nothing is said about it. */
  turn() {
    this.show(isUnsure(this.read()) ? undefined : UNSURE);
  }
}
