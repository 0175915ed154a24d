/** The compare page: who listens to whom, and its keys. Picking and linking is in lib/comparing.js. */

import { Session } from "./lib/api.js";
import { CompareSide } from "./lib/compare-side.js";
import { Comparing } from "./lib/comparing.js";
import { builtWhenOpened } from "./lib/built-when-opened.js";
import { all, byId, one } from "./lib/dom.js";
import { Keys } from "./lib/keys.js";
import { Panes } from "./lib/panes.js";
import { ReadingMenu } from "./lib/reading-menu.js";

/** @typedef {import("./lib/comparing.js").Name} Name */

const settings = byId("settings", HTMLElement).dataset;
const told = JSON.parse(byId("claims-told", HTMLScriptElement).text);
const session = new Session(settings["token"] ?? "", settings["person"] ?? "");
const keys = new Keys(JSON.parse(settings["keys"] ?? "{}"));
// The address of a link in the list, or of its form, leads to the list.
const panes = new Panes(byId("main", HTMLElement), location.hash.startsWith("#link") ? "links" : "left");
const sides = {
  left: new CompareSide("left", byId("left", HTMLElement), told.left),
  right: new CompareSide("right", byId("right", HTMLElement), told.right),
};
const desk = new Comparing(session, sides, {
  project: settings["project"] ?? "",
  page: settings["page"] ?? "",
  panel: settings["panel"] ?? "",
  left: settings["left"] ?? "",
  right: settings["right"] ?? "",
  linkable: settings["linkable"] === "yes",
}, told.labels);
const form = document.getElementById("linking");
const dialog = byId("keys", HTMLDialogElement);
/** @type {Name} The side that keys move in. */
let active = "left";

new ReadingMenu(session, sides.left.text, keys);
takePicks();
if (form) {
  builtWhenOpened(byId("claim-choice", HTMLDetailsElement), choose);
}
listen();
listenToKeys();
if (form) {
  for (const key of all(form, ".relation-key", HTMLElement)) {
    key.hidden = false;
  }
}

// The head of an article stands under what is pinned, however high that is. It is told to the heads alone: what is set
// on the whole page is inherited by every mark of it.
new ResizeObserver(() => {
  const height = `${byId("pinned", HTMLElement).offsetHeight}px`;
  for (const head of all(byId("main", HTMLElement), ".compare-head", HTMLElement)) {
    head.style.setProperty("--pinned", height);
  }
}).observe(byId("pinned", HTMLElement));

/** The claims that the address names are picked already. */
function takePicks() {
  for (const side of Object.values(sides)) {
    side.pick(one(byId("picks", HTMLElement), `[data-side="${side.name}"]`, HTMLElement).dataset["claim"] ?? null);
    side.reveal(side.claim(side.picked));
  }
  pin();
}

function listen() {
  for (const side of Object.values(sides)) {
    side.root.addEventListener("focusin", () => {
      active = side.name;
    });
    side.text.root.addEventListener("click", (event) => clicked(side.name, event));
  }
  panes.addEventListener("shown", () => {
    const shown = byId("main", HTMLElement).dataset["view"];
    if (shown === "left" || shown === "right") {
      active = shown;
      sides[shown].reveal(sides[shown].current);
    }
  });
  desk.addEventListener("picked", () => {
    choose();
    pin();
  });
  // Meanwhile links may have been made in other tabs, and what was asked without a connection is not known yet.
  window.addEventListener("focus", () => desk.cameBack());
  window.addEventListener("online", () => desk.lookAgain());
  const show = byId("show-keys", HTMLElement);
  show.hidden = false;
  show.addEventListener("click", () => dialog.showModal());
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const relation = event instanceof SubmitEvent && event.submitter?.getAttribute("value");
    if (relation) {
      void link(relation);
    }
  });
  form?.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLSelectElement && target.name.endsWith("_claim")) {
      const name = target.name === "left_claim" ? "left" : "right";
      sides[name].pick(null);
      desk.pick(name, target.value || null);
      sides[name].reveal(sides[name].claim(target.value));
    }
  });
  byId("panel", HTMLElement).addEventListener("click", (event) => inPanel(event));
  byId("panel", HTMLElement).addEventListener("submit", (event) => {
    const line = event.target instanceof Element ? event.target.closest(".link-line") : null;
    const deletes = event instanceof SubmitEvent && event.submitter?.getAttribute("value") === "delete";
    if (line instanceof HTMLElement && deletes) {
      event.preventDefault();
      void desk.delete(line);
    }
  });
}

function listenToKeys() {
  keys.on("next-claim", () => step(1));
  keys.on("previous-claim", () => step(-1));
  keys.on("to-left", () => goTo("left"));
  keys.on("to-right", () => goTo("right"));
  keys.on("to-links", () => {
    panes.show("links");
    byId("links", HTMLElement).focus();
  });
  keys.on("find-candidates", () => findCandidates());
  keys.on("undo", () => void desk.undo());
  keys.on("show-keys", () => dialog.showModal());
  keys.on("leave", () => leave(), { typing: true });
  for (const side of Object.values(sides)) {
    keys.on("pick-claim", (event) => pickHere(event), { within: side.root });
  }
  for (const relation of ["contradicts", "qualifies", "corroborates", "supersedes", "same_wire_origin"]) {
    keys.on(`link-${relation.replaceAll("_", "-")}`, (event) => linkByKey(relation, event));
  }
}

/**
 * A key that is held down means one link.
 * @param {string} relation
 * @param {KeyboardEvent} event
 * @returns {boolean | void}
 */
function linkByKey(relation, event) {
  if (!form) {
    return false;
  }
  if (!event.repeat) {
    void link(relation);
  }
}

/** @param {string} relation */
async function link(relation) {
  const fields = form instanceof HTMLFormElement ? new FormData(form) : new FormData();
  const more = { aspect: String(fields.get("aspect") ?? ""), note: String(fields.get("note") ?? "") };
  if (await desk.link(relation, more)) {
    for (const field of all(byId("linking", HTMLFormElement), "[name='aspect'], [name='note']", HTMLElement)) {
      if (field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement) {
        field.value = "";
      }
    }
  } else if (byId("main", HTMLElement).dataset["view"] !== "links") {
    panes.show("links");
  }
}

/** List what may speak of the same as the claim that is picked on this side, else on the other. */
function findCandidates() {
  const id = sides[active].picked ?? sides.left.picked ?? sides.right.picked;
  if (id === null) {
    desk.say("Pick a claim first");
    return;
  }
  panes.show("links");
  void desk.candidates(`/claims/${id}/counterparts`);
}

/** @param {1 | -1} direction */
function step(direction) {
  const side = sides[active];
  if (document.activeElement !== side.root) {
    side.root.focus({ preventScroll: true });
  }
  side.step(direction);
  tell();
}

/** Say aloud where one is. */
function tell() {
  const side = sides[active];
  const claim = side.current;
  if (!claim) {
    desk.say("No claim here");
    return;
  }
  const numbers = desk.numbers.get(claim.id);
  const place = `${active === "left" ? "Left" : "Right"}, claim ${side.here + 1} of ${side.claims.length}`;
  const words = side.text.slice(claim.start, claim.end);
  desk.say(`${place}: ${told.labels[claim.label][0]}: ${words}${numbers ? `; link ${numbers}` : ""}`);
}

/** @param {Name} name */
function goTo(name) {
  active = name;
  panes.show(name);
  sides[name].root.focus({ preventScroll: true });
  if (sides[name].here >= 0) {
    tell();
  } else {
    step(1);
  }
}

/**
 * Pick the claim at which the keyboard is; then on to the other article, if nothing is picked there.
 * @param {KeyboardEvent} event
 * @returns {boolean | void}
 */
function pickHere(event) {
  if (event.target instanceof Element && event.target.closest("a, button, summary, input")) {
    return false;
  }
  const side = sides[active];
  if (!side.current) {
    return false;
  }
  desk.pick(active, side.current.id);
  const other = active === "left" ? "right" : "left";
  if (side.picked !== null && sides[other].picked === null) {
    goTo(other);
  } else {
    desk.say(side.picked === null ? "Let go" : "Picked");
  }
}

/**
 * @param {Name} name
 * @param {MouseEvent} event
 */
function clicked(name, event) {
  const selected = !(document.getSelection()?.isCollapsed ?? true);
  const id = event.target instanceof Element ? sides[name].claimAt(event.target) : null;
  if (id && !selected) {
    active = name;
    desk.pick(name, id);
    desk.say(sides[name].picked === null ? "Let go" : "Picked");
  }
}

/** @param {MouseEvent} event */
function inPanel(event) {
  const change = event.target instanceof Element ? event.target.closest("[data-change]") : null;
  if (change && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    void desk.change(change.getAttribute("data-change") ?? "");
    return;
  }
  const candidates = event.target instanceof Element ? event.target.closest("[data-candidates]") : null;
  if (candidates instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    void desk.candidates(candidates.href);
    return;
  }
  const shown = event.target instanceof Element ? event.target.closest("[data-show-link]") : null;
  const line = shown?.closest(".link-line");
  const [a, b] = line instanceof HTMLElement ? [line.dataset["a"] ?? "", line.dataset["b"] ?? ""] : ["", ""];
  // The claims of other people are not on the page: their link leads to where it leads.
  const here = [a, b].every((id) => sides.left.claim(id) ?? sides.right.claim(id));
  if (shown && here && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    desk.show(a, b);
    panes.show("left");
  }
}

/** Leave the panel for the text, then let go what is picked there. */
function leave() {
  const side = sides[active];
  if (document.activeElement?.closest("#panel")) {
    panes.show(active);
    side.root.focus({ preventScroll: true });
  } else if (side.picked !== null) {
    desk.pick(active, null);
    desk.say("Let go");
  }
}

/** The lists of the form say the same as the text. */
function choose() {
  for (const [name, side] of Object.entries(sides)) {
    const list = form?.querySelector(`[name="${name}_claim"]`);
    if (list instanceof HTMLSelectElement) {
      list.value = side.picked ?? "";
    }
  }
}

/** Where one article is seen at a time, what is picked stays over it. */
function pin() {
  const place = byId("pinned", HTMLElement);
  const lines = Object.values(sides).flatMap((side) => {
    const claim = side.claim(side.picked);
    return claim ? [pinned(side.name, side.text.slice(claim.start, claim.end))] : [];
  });
  place.replaceChildren(...lines);
  place.hidden = lines.length === 0;
  if (lines.length === 2 && form) {
    const go = document.createElement("button");
    Object.assign(go, { type: "button", className: "button button-primary button-small", textContent: "Link them" });
    go.addEventListener("click", () => panes.show("links"));
    place.append(go);
  }
}

/**
 * @param {Name} name
 * @param {string} words
 * @returns {HTMLElement}
 */
function pinned(name, words) {
  const line = document.createElement("p");
  const [where, quote] = [document.createElement("span"), document.createElement("span")];
  line.className = "pinned-line";
  where.textContent = name === "left" ? "Left" : "Right";
  Object.assign(quote, { className: "pinned-quote", textContent: words, dir: "auto" });
  line.append(where, quote);
  return line;
}
