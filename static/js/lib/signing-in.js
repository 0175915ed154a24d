/**
 * Signing in again without leaving the page: the session has ended, the work has not.
 *
 * It posts to the ordinary sign-in, with its throttling and its words. Whether the right person came back is not
 * decided here: the outbox asks the server who is signed in before it sends anything.
 */

import { byId, parsed } from "./dom.js";

const TOO_MANY = 429;

/** Events: "signed-in" when somebody has signed in here. */
export class SigningIn extends EventTarget {
  constructor() {
    super();
    this.dialog = byId("sign-in-dialog", HTMLDialogElement);
    this.form = byId("sign-in-form", HTMLFormElement);
    this.problem = byId("sign-in-problem", HTMLElement);
    this.why = byId("sign-in-why", HTMLElement);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
  }

  /** @param {string} words why it is needed */
  explain(words) {
    this.why.textContent = words;
  }

  close() {
    if (this.dialog.open) {
      this.dialog.close();
    }
  }

  open() {
    if (!this.dialog.open) {
      this.tell("");
      this.dialog.showModal();
    }
  }

  async submit() {
    const button = byId("sign-in-now", HTMLButtonElement);
    button.disabled = true;
    this.tell("");
    try {
      this.tell(await this.send());
    } catch {
      this.tell("The server did not answer. Nothing is lost; try again in a moment.");
    } finally {
      button.disabled = false;
    }
  }

  /** @returns {Promise<string>} what is wrong, or nothing */
  async send() {
    const { action } = this.form;
    // Whoever is signed in is sent on from there; any page has the token.
    const page = await fetch(action, { headers: { Accept: "text/html" } });
    const token = parsed(await page.text()).querySelector("input[name='csrf_token']")?.getAttribute("value") ?? "";
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      fields.set(name, String(value));
    }
    fields.set("csrf_token", token);
    const answer = await fetch(action, { method: "POST", body: fields, headers: { Accept: "text/html" } });
    if (!answer.ok) {
      return wordsOf(answer.status, await answer.text());
    }
    byId("sign-in-password", HTMLInputElement).value = "";
    this.dispatchEvent(new Event("signed-in"));
    return "";
  }

  /** @param {string} words */
  tell(words) {
    this.problem.textContent = words;
    this.problem.hidden = words === "";
  }
}

/**
 * What the page of a refused sign-in says.
 * @param {number} status
 * @param {string} page
 * @returns {string}
 */
function wordsOf(status, page) {
  const told = parsed(page);
  const words = [...told.querySelectorAll(".field-error")].map((place) => place.textContent.trim()).join(" ");
  if (words) {
    return words;
  }
  const detail = told.querySelector("h1 + p")?.textContent.trim();
  return detail ?? (status === TOO_MANY ? "Too many attempts to sign in. Wait a minute." : `The server answered ${status}.`);
}
