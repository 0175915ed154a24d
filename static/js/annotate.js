/** The annotate page: who listens to whom. The rules are in lib/, the form in elements/. */

import { ClaimForm } from "./elements/claim-form.js";
import { Again } from "./lib/again.js";
import { Session } from "./lib/api.js";
import { ArticleText } from "./lib/article-text.js";
import { ClaimHistory } from "./lib/claim-history.js";
import { Cursor } from "./lib/cursor.js";
import { byId } from "./lib/dom.js";
import { Desk } from "./lib/desk.js";
import { Editing } from "./lib/editing.js";
import { EvidencePicking } from "./lib/evidence-picking.js";
import { watchGuideline } from "./lib/guideline.js";
import { Keeping } from "./lib/keeping.js";
import { Kept } from "./lib/kept.js";
import { Keyboard } from "./lib/keyboard.js";
import { Keys } from "./lib/keys.js";
import { tellLeftBehind } from "./lib/left-behind.js";
import { lookThrough } from "./lib/looking.js";
import { Moving } from "./lib/moving.js";
import { around } from "./lib/nearby.js";
import { showOthers } from "./lib/others.js";
import { Panel } from "./lib/panel.js";
import { showPointed } from "./lib/pointed.js";
import { Pointing } from "./lib/pointing.js";
import { Printing } from "./lib/printing.js";
import { Reading } from "./lib/reading.js";
import { ReadingMenu } from "./lib/reading-menu.js";
import { Saving } from "./lib/saving.js";
import { Selecting } from "./lib/selecting.js";
import { SigningIn } from "./lib/signing-in.js";
import { Submitting } from "./lib/submitting.js";
import { Windows } from "./lib/windows.js";

const settings = byId("settings", HTMLElement).dataset;
const session = new Session(settings["token"] ?? "", settings["person"] ?? "");
const text = new ArticleText(byId("text", HTMLElement));
const labels = JSON.parse(settings["labels"] ?? "[]");
const desk = new Desk(session, text, settings["article"] ?? "", labels);
const form = new ClaimForm();
const keys = new Keys(JSON.parse(settings["keys"] ?? "{}"));
const again = settings["mode"] === "again";
const editable = again || settings["mode"] === "open";

form.build({
  template: byId("claim-form-template", HTMLTemplateElement),
  evidence: byId("evidence-template", HTMLTemplateElement),
  labels,
  published: settings["published"] ?? "",
  article: desk.article,
  language: text.language,
  around: (claim) => around(text, claim),
  recall: () => session.json("GET", `/claims/speakers/${desk.article}`),
  stored: true,
  editable,
});
desk.adoptAll(JSON.parse(byId("claims-told", HTMLScriptElement).text));
watchGuideline(session, keys);
const panel = new Panel();
const selecting = new Selecting(desk, form, panel, keys);
showOthers(desk, panel);
const cursor = new Cursor(text);
new Moving(cursor, keys);
new ReadingMenu(session, text, keys);
showPointed(desk, cursor, keys, settings["version"] ?? "");
if (settings["mode"] !== "reading") {
  new Printing(desk, labels);
}
const kept = new Kept(session.person, desk.article);
if (editable) {
  const keeping = new Keeping(desk, kept, new Windows(session.person, desk.article, kept));
  new Saving({ desk, selecting, form, keeping, signingIn: new SigningIn() }).start();
  void keeping.start().then(() => selecting.followAddress());
  const editing = new Editing(selecting, cursor, keys);
  editing.recalled = keeping.recalled;
  editing.start();
  new ClaimHistory(selecting, editing);
  const keyboard = new Keyboard(selecting, cursor, keys, editing);
  new EvidencePicking(editing, keys);
  new Pointing(editing, keys);
  if (again) {
    new Again(editing).start();
  } else {
    lookThrough(editing, keyboard, keys);
    const reading = new Reading(desk);
    reading.start();
    new Submitting(selecting, form, reading).start();
  }
} else {
  new ClaimHistory(selecting, null);
  new Keyboard(selecting, cursor, keys, null);
  tellLeftBehind(kept, settings["mode"] ?? "");
}
selecting.followAddress();
