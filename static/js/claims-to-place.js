/**
 * The claims that wait for their place in a corrected text: a key goes from one to the next, accepts, adjusts or rejects
 * what is proposed. The forms are those of the page; what is sent with them is shown without leaving it.
 */

import { Refused, Session, Unreachable } from "./lib/api.js";
import { all, byId, one, parsed } from "./lib/dom.js";
import { Keys } from "./lib/keys.js";

const place = byId("waiting", HTMLElement);
const dialog = byId("keys", HTMLDialogElement);
const session = new Session("", "");
const keys = new Keys(JSON.parse(place.dataset["keys"] ?? "{}"));
let here = 0;
let busy = false;

listen();
listenToKeys();
show();

function listen() {
  const button = byId("show-keys", HTMLElement);
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
  place.addEventListener("focusin", ({ target }) => {
    const section = target instanceof Element ? target.closest(".to-place") : null;
    const index = section instanceof HTMLElement ? claims().indexOf(section) : -1;
    if (index >= 0) {
      mark(index);
    }
  });
  place.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement) {
      event.preventDefault();
      void send(event.target);
    }
  });
}

function listenToKeys() {
  keys.on("next-claim", () => step(1));
  keys.on("previous-claim", () => step(-1));
  keys.on("accept-place", ({ repeat }) => repeat || accept());
  keys.on("drop-claim", () => askToDrop());
  keys.on("adjust-place", () => adjust());
  keys.on("show-keys", () => dialog.showModal());
  keys.on("leave", () => claims()[here]?.focus(), { typing: true });
}

/** @returns {HTMLElement[]} the claims that wait */
function claims() {
  return all(place, ".to-place", HTMLElement);
}

/** To what is wrong in a form, else to the claim that keys act on, else to the way on. */
function show() {
  for (const claim of claims()) {
    claim.tabIndex = -1;
  }
  const wrong = place.querySelector("[aria-invalid]");
  if (wrong instanceof HTMLElement) {
    wrong.focus();
  } else if (claims().length > 0) {
    go(Math.min(here, claims().length - 1));
  } else {
    one(place, "a", HTMLElement).focus();
  }
}

/** @param {number} index */
function mark(index) {
  here = index;
  for (const [each, claim] of claims().entries()) {
    if (each === index) {
      claim.setAttribute("aria-current", "true");
    } else {
      claim.removeAttribute("aria-current");
    }
  }
}

/** @param {number} index */
function go(index) {
  const claim = claims()[index];
  mark(index);
  claim?.focus({ preventScroll: true });
  claim?.scrollIntoView({ block: "nearest" });
}

/** @param {1 | -1} direction */
function step(direction) {
  const beyond = here + direction;
  if (beyond >= 0 && beyond < claims().length) {
    go(beyond);
    say(`Claim ${beyond + 1} of ${claims().length}`);
  } else {
    say(claims().length === 0 ? "No claim waits." : direction > 0 ? "This is the last claim." : "This is the first claim.");
  }
}

/** Send the proposal of the claim. */
function accept() {
  const form = claims()[here]?.querySelector('[data-act="accept"]');
  if (form instanceof HTMLFormElement) {
    void send(form);
  } else {
    say(claims().length === 0 ? "No claim waits." : "Nothing is proposed: say where it stands, or drop it.");
  }
}

/** To the button that drops the claim: a single key must not lose one. */
function askToDrop() {
  const button = claims()[here]?.querySelector('[data-act="drop"] button');
  if (button instanceof HTMLButtonElement) {
    button.focus();
    say("Enter drops it, Esc leaves it.");
  } else {
    say("No claim waits.");
  }
}

/** To the words of the claim's place; they are those proposed, to be made more or fewer. */
function adjust() {
  const details = claims()[here]?.querySelector("details");
  if (details) {
    details.open = true;
    one(details, "textarea", HTMLTextAreaElement).focus();
  }
}

/** @param {HTMLFormElement} form */
async function send(form) {
  if (busy) {
    return;
  }
  busy = true;
  try {
    const page = parsed(await session.page(form));
    place.replaceChildren(...[...one(page, "#waiting", HTMLElement).childNodes].map((node) => document.adoptNode(node)));
    show();
    say(place.querySelector("[aria-invalid]") ? "It has no place yet." : `${told(page)} ${left()}`);
  } catch (error) {
    if (error instanceof Refused) {
      // What came between, as the page of the server says it.
      form.submit();
    } else if (error instanceof Unreachable) {
      say("Not saved: there is no connection to the server. Try again.");
    } else {
      throw error;
    }
  } finally {
    busy = false;
  }
}

/**
 * @param {Document} page
 * @returns {string} what the server says that it did
 */
function told(page) {
  return page.querySelector(".flashes")?.textContent?.trim() ?? "";
}

function left() {
  const waiting = claims().length;
  if (waiting === 0) {
    return "All done: no claim waits any more.";
  }
  return waiting === 1 ? "1 claim waits." : `${waiting} claims wait.`;
}

/** @param {string} words for who sees and who hears them */
function say(words) {
  byId("said", HTMLElement).textContent = words;
}
