/** From what the form of a gold claim starts: a version, the selected words, or nothing that anybody marked. */

import { NOTHING_WRITTEN, written } from "./answer-fields.js";
import { byId } from "./dom.js";

export class GoldOpening {
  /**
   * @param {import("./adjudication.js").Adjudication} desk
   * @param {import("./gold-editor.js").GoldEditor | null} editor
   * @param {import("./text-selection.js").TextSelection} selection
   * @param {import("./panes.js").Panes} panes
   */
  constructor(desk, editor, selection, panes) {
    this.desk = desk;
    this.editor = editor;
    this.selection = selection;
    this.panes = panes;
  }

  /** @param {Element | null} version what holds the claim that the edit starts from */
  version(version) {
    const { desk } = this;
    if (!(version instanceof HTMLElement) || !this.editor || desk.busy) {
      return;
    }
    const letters = version.dataset["letters"] ?? "";
    this.open({
      title: letters ? `Edit the version of ${letters.replaceAll(" ", ", ")}` : "Edit the gold claim",
      claim: JSON.parse(version.dataset["claim"] ?? "{}"),
      question: desk.question,
      annotation: version.dataset["annotation"] ?? null,
    });
  }

  /** The suggested version with the boundary that is selected; without a selection it is moved in the form. */
  own() {
    const version = this.desk.suggested();
    const passage = this.selected();
    this.version(version);
    if (this.editor?.isOpen && passage) {
      this.editor.span(passage);
    }
  }

  /** A claim that nobody marked, from the selected words. */
  added() {
    const passage = this.selected();
    if (!this.editor || this.desk.busy || !passage) {
      this.desk.say("Select the words of the claim in the text first.", "refused");
      return;
    }
    this.open({
      title: "A claim that nobody marked",
      claim: { ...passage, label: "" },
      question: null,
      annotation: null,
    });
  }

  /** The selection as it is now: a key may come before the browser has told of it. */
  selected() {
    this.selection.read();
    return this.selection.passage;
  }

  /** @param {{title: string, claim: any, question: string | null, annotation: string | null}} opening */
  open(opening) {
    this.editor?.open({
      ...opening,
      written: opening.question === null ? NOTHING_WRITTEN : written(),
      replaces: opening.question === null ? null : this.desk.decision,
      boundaries: opening.question === null || this.desk.ofLink ? [] : this.desk.boundaries(),
    });
    byId("answer", HTMLElement).hidden = true;
    this.panes.show("decision");
    this.editor?.focus();
  }
}
