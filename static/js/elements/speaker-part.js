/**
 * Who says it, in the claim's form: name, kind, how it is given, and the relay.
 *
 * The relay is one line of text, "Russian military → Reuters", where > turns into an arrow while one writes: no list of
 * fields is as quick to write, paste, reorder with the usual keys and read aloud.
 */

import { given } from "../lib/claim.js";
import { one } from "../lib/dom.js";
import { fieldOf, valueOf, write } from "../lib/fields.js";

/** @typedef {import("../lib/claim.js").Speaker} Speaker */

const ARROWS = /\s*(?:→|->|>|»)\s*/u;
const TYPED_ARROW = /[ \t]*(?:->|>|»)[ \t]*/gu;
/** Who writes a blank after the sign finds one there already. */
const BLANKS_AFTER = /(?<=→ )[ \t]+/gu;
const DETAILS = ["speaker.kind", "speaker.mode", "speaker.chain"];

export class SpeakerPart {
  /**
   * @param {HTMLElement} root the form
   * @param {() => Promise<Speaker[]>} recall the speakers that the person named before
   */
  constructor(root, recall) {
    this.root = root;
    this.recall = recall;
    /** @type {Map<string, Speaker>} */
    this.known = new Map();
    this.asked = false;
    const [name, chain] = [fieldOf(root, "speaker.name"), fieldOf(root, "speaker.chain")];
    name.addEventListener("focus", () => void this.remember());
    name.addEventListener("input", (event) => {
      // Taken out of the list; what is typed letter by letter is complete only when the field is left.
      if (event instanceof InputEvent && event.inputType !== "insertReplacementText") {
        return;
      }
      this.complete();
    });
    name.addEventListener("change", () => this.complete());
    chain.addEventListener("input", () => drawArrows(chain));
  }

  /** @param {Speaker | undefined} speaker */
  show(speaker) {
    write(this.root, "speaker.name", speaker?.name);
    write(this.root, "speaker.kind", speaker?.kind);
    write(this.root, "speaker.mode", speaker?.mode);
    write(this.root, "speaker.chain", speaker?.chain?.join(" → "));
  }

  /** @returns {Speaker | undefined} */
  read() {
    const speaker = this.fields();
    return speaker.name ? speaker : undefined;
  }

  /** @returns {import("../lib/api.js").FieldError[]} */
  problems() {
    const { name, ...rest } = this.fields();
    return !name && Object.keys(rest).length > 0
      ? [{ field: "speaker.name", message: "Name the speaker: without a name nothing of this is kept." }]
      : [];
  }

  fields() {
    return given({
      name: valueOf(this.root, "speaker.name"),
      kind: valueOf(this.root, "speaker.kind"),
      mode: valueOf(this.root, "speaker.mode"),
      chain: valueOf(this.root, "speaker.chain").split(ARROWS).filter(Boolean),
    });
  }

  /** Ask once for the names, when the person comes to the field: who never does costs nothing. */
  async remember() {
    if (this.asked) {
      return;
    }
    this.asked = true;
    try {
      for (const speaker of await this.recall()) {
        this.known.set(speaker.name, speaker);
      }
    } catch {
      // Without a network the field is an ordinary one; the next time it is asked again.
      this.asked = false;
      return;
    }
    const options = [...this.known.keys()].map((name) => new Option("", name));
    one(this.root, "datalist", HTMLDataListElement).replaceChildren(...options);
  }

  /** Fill in what is known of the named speaker; what the person wrote stays. */
  complete() {
    const speaker = this.known.get(valueOf(this.root, "speaker.name"));
    if (speaker && DETAILS.every((name) => valueOf(this.root, name) === "")) {
      this.show(speaker);
    }
  }
}

/** @param {import("../lib/fields.js").Field} field */
function drawArrows(field) {
  if (field instanceof HTMLSelectElement) {
    return;
  }
  const drawn = withArrows(field.value);
  if (drawn !== field.value) {
    const before = withArrows(field.value.slice(0, field.selectionStart ?? field.value.length));
    field.value = drawn;
    field.setSelectionRange(before.length, before.length);
  }
}

/**
 * @param {string} text
 * @returns {string}
 */
function withArrows(text) {
  return text.replaceAll(TYPED_ARROW, " → ").replaceAll(BLANKS_AFTER, "");
}
