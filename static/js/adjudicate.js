/** The adjudicate page: who listens to whom, and its keys. Deciding is in lib/adjudication.js, editing in lib/gold-editor.js. */

import { Adjudication } from "./lib/adjudication.js";
import { Session } from "./lib/api.js";
import { ArticleText } from "./lib/article-text.js";
import { focusRow, showCombination } from "./lib/combining.js";
import { Cursor } from "./lib/cursor.js";
import { all, byId, isTyping } from "./lib/dom.js";
import { follow, goTo, toggled, unfold } from "./lib/going.js";
import { GoldEditor } from "./lib/gold-editor.js";
import { GoldOpening } from "./lib/gold-opening.js";
import { Keys } from "./lib/keys.js";
import { openBeside } from "./lib/link-answers.js";
import { Moving } from "./lib/moving.js";
import { Panes } from "./lib/panes.js";
import { ReadingMenu } from "./lib/reading-menu.js";
import { offsetOn } from "./lib/places.js";
import { TextSelection } from "./lib/text-selection.js";

const settings = byId("settings", HTMLElement).dataset;
const finished = settings["finished"] === "yes";
const text = new ArticleText(byId("text", HTMLElement));
const session = new Session(settings["token"] ?? "", settings["person"] ?? "");
const panes = new Panes(byId("main", HTMLElement));
const desk = new Adjudication(session, text, {
  article: settings["article"] ?? "",
  page: settings["page"] ?? "",
  fragment: settings["fragment"] ?? "",
});
const dialog = byId("keys", HTMLDialogElement);
const selection = new TextSelection(text);
const cursor = new Cursor(text);
const keys = new Keys(JSON.parse(settings["keys"] ?? "{}"));
new Moving(cursor, keys);
new ReadingMenu(session, text, keys);
const editor = finished
  ? null
  : new GoldEditor(text, selection, {
      template: byId("claim-form-template", HTMLTemplateElement),
      evidence: byId("evidence-template", HTMLTemplateElement),
      labels: JSON.parse(settings["labels"] ?? "[]"),
      published: settings["published"] ?? "",
      article: settings["article"] ?? "",
      editable: true,
    });

const opening = new GoldOpening(desk, editor, selection, panes);

/** The relations of the compare page, which have its keys here too. */
const RELATIONS = ["contradicts", "qualifies", "corroborates", "supersedes", "same_wire_origin"];
/** @type {Record<string, () => void>} What a key does on a question about a link only. */
const OF_LINK = { b: openBeside };
/** Keys of what can be done with a claim, and not with a link. */
const OF_CLAIM = new Set(["e", "d", "s", "b", "l", "c"]);
/** @type {Record<string, () => void>} What a key does on every question. */
const LOOK = {
  "?": () => dialog.showModal(),
  j: () => desk.step(1),
  k: () => desk.step(-1),
  q: () => goTo(panes, "questions", desk.current),
  o: () => void desk.arrange(toggled(desk.list)),
  t: goToText,
  v: () => unfold(panes, "decision", "suggestion"),
};
/** @type {Record<string, () => void>} What a key does while the article is not finished. */
const DECIDE = {
  x: () => void desk.nothingHere(),
  u: () => void desk.undo(),
  e: () => opening.version(desk.suggested()),
  d: () => opening.own(),
  n: () => opening.added(),
  s: () => void desk.sendBack(),
  b: () => focusRow("boundary_of"),
  l: () => focusRow("label_of"),
  c: () => void desk.combine(),
  r: () => goTo(panes, "decision", document.querySelector("#decide [name='reasons']")),
  i: () => goTo(panes, "decision", document.getElementById("justification")),
  a: () => follow("to-agreed") || desk.say("No agreed question is open.", "refused"),
  p: () => follow("to-first-pass") || desk.say("A first pass would settle nothing here.", "refused"),
  f: () => goTo(panes, "decision", document.querySelector("#closing button")),
};

desk.addEventListener("shown", () => {
  reveal();
  editor?.close();
});
desk.addEventListener("looked", () => panes.show("decision"));
panes.addEventListener("shown", () => desk.point());
reveal();
desk.point();
showCombination(text, false);
listen();

/** What only works with script is hidden until it runs; the parts that the server sends anew come hidden too. */
function reveal() {
  for (const button of all(document, "[data-edit], #show-keys, #add-claim, #undo-last", HTMLElement)) {
    button.hidden = false;
  }
}

function listen() {
  for (const relation of RELATIONS) {
    keys.on(`link-${relation.replaceAll("_", "-")}`, (event) => {
      if (!desk.ofLink || !editor || editor.isOpen || event.repeat) {
        return false;
      }
      void desk.relate(relation);
      return true;
    });
  }
  byId("show-keys", HTMLElement).addEventListener("click", () => dialog.showModal());
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  if (!editor) {
    return;
  }
  document.addEventListener("submit", submitted);
  byId("answer", HTMLElement).addEventListener("input", (event) => {
    desk.preview();
    if (event.target instanceof Element && event.target.closest("#combination")) {
      showCombination(text, true);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (editor.isOpen) {
      event.preventDefault();
    }
  });
  const add = byId("add-claim", HTMLButtonElement);
  // A press must not take the selection away that it is about to use.
  add.addEventListener("pointerdown", (event) => event.preventDefault());
  add.addEventListener("mousedown", (event) => event.preventDefault());
  add.addEventListener("click", () => opening.added());
  selection.addEventListener("changed", () => {
    add.disabled = selection.passage === null;
  });
  byId("undo-last", HTMLElement).addEventListener("click", () => void desk.undo());
  editor.addEventListener("save", async (event) => {
    const { asOf, ...detail } = /** @type {CustomEvent} */ (event).detail;
    const { question } = detail;
    const problem = await desk.decide(
      { ...detail, outcome: "edit", as_of: asOf },
      question === null ? "Added as gold." : "Saved as gold.",
    );
    if (problem) {
      editor.refuse(problem);
    }
  });
  editor.addEventListener("closed", () => {
    byId("answer", HTMLElement).hidden = false;
    desk.point();
  });
}

/** @param {MouseEvent} event */
function clicked(event) {
  const target = event.target instanceof Element ? event.target : null;
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  const link = target.closest("a[data-question], a[data-list]");
  if (link instanceof HTMLElement) {
    event.preventDefault();
    if (editor?.isOpen) {
      desk.say("Save or cancel the claim that you are writing first.", "refused");
      panes.show("decision");
      editor.focus();
    } else if (link.dataset["list"] === undefined) {
      void desk.look(link.dataset["question"] ?? "");
    } else {
      void desk.arrange(link.dataset["list"]);
    }
    return;
  }
  const edit = target.closest("[data-edit]");
  if (edit instanceof HTMLElement) {
    if (edit.dataset["edit"] === "own") {
      opening.own();
    } else {
      opening.version(edit.closest("[data-claim]"));
    }
    return;
  }
  const mark = target.closest(".mark");
  if (mark instanceof HTMLElement && document.getSelection()?.isCollapsed && !editor?.isOpen) {
    const { annotation } = mark.dataset;
    const question = annotation ? desk.questionOf(annotation) : desk.questionAt(offsetOn(desk.text, mark, event));
    if (question) {
      void desk.look(question);
    }
  }
}

/** @param {SubmitEvent} event */
function submitted(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) {
    return;
  }
  if (form.id === "decide" && event.submitter instanceof HTMLButtonElement) {
    event.preventDefault();
    void desk.choose(event.submitter.value);
  } else if (form.dataset["undo"]) {
    event.preventDefault();
    void desk.undo();
  }
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (dialog.open || event.defaultPrevented) {
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && (editor?.isOpen || desk.asking)) {
    event.preventDefault();
    if (editor?.isOpen) {
      editor.save();
    } else {
      void desk.sendBack();
    }
  } else if (event.key === "Escape") {
    leave(event.target);
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && settings["singleKeys"] && !isTyping(event.target)) {
    command(event);
  }
}

/** @param {EventTarget | null} target */
function leave(target) {
  if (isTyping(target) && target instanceof HTMLElement) {
    target.blur();
  } else if (editor?.isOpen) {
    editor.close();
  } else {
    selection.clear();
  }
}

/** @param {KeyboardEvent} event */
function command(event) {
  const key = event.key.toLowerCase();
  const ofClaim = desk.ofLink && OF_CLAIM.has(key) ? undefined : DECIDE[key];
  const look = desk.ofLink ? (OF_LINK[key] ?? LOOK[key]) : LOOK[key];
  const act = look ?? (editor && !event.repeat ? ofClaim : undefined);
  // Letters and digits mean nothing while a claim is being written: one slip would decide something else.
  if (editor?.isOpen && key !== "?" && key !== "t") {
    return;
  }
  if (editor && !event.repeat && /^[1-9]$/u.test(key)) {
    void desk.take(Number(key));
  } else if (act) {
    act();
  } else {
    return;
  }
  event.preventDefault();
}

/** To the text, where the question is. */
function goToText() {
  panes.show("text");
  const link = desk.current;
  if (!cursor.focused && link && selection.passage === null) {
    cursor.set(Number(link.dataset["start"]));
  }
  cursor.focus();
}
