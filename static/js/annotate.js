/** The annotate page: who listens to whom. The rules are in lib/, the form in elements/. */

import { ClaimForm } from "./elements/claim-form.js";
import { Session } from "./lib/api.js";
import { ArticleText } from "./lib/article-text.js";
import { all, byId } from "./lib/dom.js";
import { Desk } from "./lib/desk.js";
import { Editing } from "./lib/editing.js";
import { Keys } from "./lib/keys.js";
import { Panel } from "./lib/panel.js";
import { Pointing } from "./lib/pointing.js";
import { Reading } from "./lib/reading.js";
import { Selecting } from "./lib/selecting.js";
import { Submitting } from "./lib/submitting.js";

const settings = byId("settings", HTMLElement).dataset;
const session = new Session(settings["token"] ?? "", settings["person"] ?? "");
const text = new ArticleText(byId("text", HTMLElement));
const desk = new Desk(session, text, settings["article"] ?? "");
const form = new ClaimForm();
const keys = new Keys(JSON.parse(settings["keys"] ?? "{}"));
const editable = settings["mode"] === "open";

form.build({
  template: byId("claim-form-template", HTMLTemplateElement),
  evidence: byId("evidence-template", HTMLTemplateElement),
  labels: JSON.parse(settings["labels"] ?? "[]"),
  published: settings["published"] ?? "",
  editable,
});
for (const card of all(document, "#claims > .claim", HTMLElement)) {
  desk.adopt(card);
}
const selecting = new Selecting(desk, form, new Panel(), keys);
if (editable) {
  const editing = new Editing(desk, selecting, form, keys);
  editing.start();
  new Pointing(editing, keys);
  const reading = new Reading(desk);
  reading.start();
  new Submitting(selecting, form, reading).start();
}
selecting.followAddress();
