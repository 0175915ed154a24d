/** The adjudicate page: who listens to whom, and its keys. Deciding is in lib/adjudication.js, editing in lib/gold-editor.js. */

import { Adjudication } from "./lib/adjudication.js";
import { Session } from "./lib/api.js";
import { ArticleText } from "./lib/article-text.js";
import { all, byId, isTyping } from "./lib/dom.js";
import { GoldEditor } from "./lib/gold-editor.js";
import { Panes } from "./lib/panes.js";
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
const keys = byId("keys", HTMLDialogElement);
const selection = new TextSelection(text);
const editor = finished
  ? null
  : new GoldEditor(text, selection, {
      template: byId("claim-form-template", HTMLTemplateElement),
      evidence: byId("evidence-template", HTMLTemplateElement),
      labels: JSON.parse(settings["labels"] ?? "[]"),
      published: settings["published"] ?? "",
      editable: true,
    });

desk.addEventListener("shown", () => {
  reveal();
  editor?.close();
});
desk.addEventListener("looked", () => panes.show("decision"));
panes.addEventListener("shown", () => desk.point());
reveal();
desk.point();
listen();

/** What only works with script is hidden until it runs; the parts that the server sends anew come hidden too. */
function reveal() {
  for (const button of all(document, "[data-edit], #show-keys, #add-claim, #undo-last", HTMLElement)) {
    button.hidden = false;
  }
}

function listen() {
  byId("show-keys", HTMLElement).addEventListener("click", () => keys.showModal());
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", pressed);
  if (!editor) {
    return;
  }
  document.addEventListener("submit", submitted);
  byId("answer", HTMLElement).addEventListener("input", () => desk.preview());
  window.addEventListener("beforeunload", (event) => {
    if (editor.isOpen) {
      event.preventDefault();
    }
  });
  const add = byId("add-claim", HTMLButtonElement);
  // A press must not take the selection away that it is about to use.
  add.addEventListener("pointerdown", (event) => event.preventDefault());
  add.addEventListener("mousedown", (event) => event.preventDefault());
  add.addEventListener("click", addClaim);
  selection.addEventListener("changed", () => {
    add.disabled = selection.passage === null;
  });
  byId("undo-last", HTMLElement).addEventListener("click", () => void desk.undo());
  editor.addEventListener("save", async (event) => {
    const { question, replaces, annotation, claim, justification, asOf } = /** @type {CustomEvent} */ (event).detail;
    const problem = await desk.decide(
      { question, outcome: "edit", annotation, claim, justification, as_of: asOf, replaces },
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
  const link = target.closest("a[data-question]");
  if (link instanceof HTMLElement) {
    event.preventDefault();
    if (editor?.isOpen) {
      desk.say("Save or cancel the claim that you are writing first.", "refused");
      panes.show("decision");
      editor.focus();
    } else {
      void desk.look(link.dataset["question"] ?? "");
    }
    return;
  }
  const edit = target.closest("[data-edit]");
  if (edit instanceof HTMLElement) {
    editVersion(edit.closest("[data-claim]"));
    return;
  }
  const mark = target.closest(".mark");
  if (mark instanceof HTMLElement && document.getSelection()?.isCollapsed && !editor?.isOpen) {
    const question = desk.questionOf(mark.dataset["annotation"] ?? "");
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
  if (keys.open || event.defaultPrevented) {
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && editor?.isOpen) {
    event.preventDefault();
    editor.save();
  } else if (event.key === "Escape") {
    leave(event.target);
  } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
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
  if (event.key === "?") {
    keys.showModal();
  } else if (editor?.isOpen) {
    // Letters and digits mean nothing while a claim is being written: one slip would decide something else.
    return;
  } else if (event.key === "j" || event.key === "k") {
    desk.step(event.key === "j" ? 1 : -1);
  } else if (editor && !event.repeat) {
    decideBy(event);
  }
}

/** @param {KeyboardEvent} event */
function decideBy(event) {
  if (/^[1-9]$/u.test(event.key)) {
    void desk.take(Number(event.key));
  } else if (event.key === "x") {
    void desk.nothingHere();
  } else if (event.key === "u") {
    void desk.undo();
  } else if (event.key === "e") {
    editVersion(desk.suggested());
  } else if (event.key === "n") {
    addClaim();
  } else if (event.key === "i") {
    document.getElementById("justification")?.focus();
  } else {
    return;
  }
  event.preventDefault();
}

/** @param {Element | null} version what holds the claim that the edit starts from */
function editVersion(version) {
  if (!(version instanceof HTMLElement) || !editor || desk.busy) {
    return;
  }
  const letters = version.dataset["letters"] ?? "";
  openEditor({
    title: letters ? `Edit the version of ${letters.replaceAll(" ", ", ")}` : "Edit the gold claim",
    claim: JSON.parse(version.dataset["claim"] ?? "{}"),
    question: desk.question,
    annotation: version.dataset["annotation"] ?? null,
  });
}

function addClaim() {
  if (!editor || desk.busy || !selection.passage) {
    desk.say("Select the words of the claim in the text first.", "refused");
    return;
  }
  openEditor({
    title: "A claim that nobody marked",
    claim: { ...selection.passage, label: "" },
    question: null,
    annotation: null,
  });
}

/** @param {{title: string, claim: any, question: string | null, annotation: string | null}} opening */
function openEditor(opening) {
  const own = opening.question === null ? { justification: "", asOf: "" } : desk.written();
  editor?.open({
    ...opening,
    ...own,
    replaces: opening.question === null ? null : desk.decision,
    boundaries: opening.question === null ? [] : desk.boundaries(),
  });
  byId("answer", HTMLElement).hidden = true;
  panes.show("decision");
  editor?.focus();
}
