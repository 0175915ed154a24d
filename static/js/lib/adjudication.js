/**
 * The questions of one article and the answers to them. The server keeps and draws everything: a decision is sent, and
 * then the list and the next question come anew. Nothing is shown as decided before it is stored.
 */

import { NOTHING_WRITTEN, fieldOf, preview, write, written } from "./answer-fields.js";
import { Refused } from "./api.js";
import { combination, showCombination } from "./combining.js";
import { byId, one, parsed } from "./dom.js";
import { LINK_DONE, linkAnswer } from "./link-answers.js";
import { clock, say, sayBesides } from "./said.js";
import { ShownQuestions, listQuery } from "./shown-questions.js";

/** @type {Record<string, string>} What to say when an outcome is stored. */
const DONE = { accept: "Taken.", nothing_here: "Nothing here: noted.", send_back: "Sent back." };

const EARLY = "What was pressed before the next question came did nothing.";

/** @typedef {{article: string, page: string, fragment: string}} Addresses */

/** Events: "shown" when other parts came from the server, "looked" when the person went to a question. */
export class Adjudication extends ShownQuestions {
  /**
   * @param {import("./api.js").Session} session
   * @param {import("./article-text.js").ArticleText} text
   * @param {Addresses} addresses
   */
  constructor(session, text, addresses) {
    super(text);
    this.session = session;
    this.addresses = addresses;
    /** @type {{address: string, question: string}[]} What was decided on this page, the last at the end. */
    this.done = [];
    /** @type {Map<string, import("./answer-fields.js").Written>} What was written and not sent yet, by question. */
    this.drafts = new Map();
    /** What the address says of the list: its order, and the one kind that it shows. */
    this.list = listQuery(location.search);
    this.busy = false;
    /** Whether something was decided before the question that it would be about had come: it may be another than was meant. */
    this.early = false;
    /** Whether the person was sent to the note to write what the reviewers are asked. */
    this.asking = false;
    /** @type {Promise<void>} */
    this.loading = Promise.resolve();
    this.turn = 0;
  }

  /** @param {1 | -1} direction */
  step(direction) {
    const links = this.links;
    const at = links.findIndex((link) => link === this.current);
    const next = links[Math.min(links.length - 1, Math.max(0, at + direction))];
    if (next && next !== this.current) {
      void this.look(next.dataset["question"] ?? "");
    }
  }

  /** @param {string} question */
  async look(question) {
    for (const link of this.links) {
      // At once, so that the next step counts from here.
      link.toggleAttribute("aria-current", false);
      if (link.dataset["question"] === question) {
        link.setAttribute("aria-current", "true");
      }
    }
    this.point();
    await this.load(`question=${question}`);
    this.dispatchEvent(new Event("looked"));
  }

  /**
   * Show the list in another order, or other questions of it.
   * @param {string} list "order=doubt&kind=label"
   */
  async arrange(list) {
    this.list = list;
    await this.load(`question=${this.question ?? ""}`);
  }

  /** @param {number} number */
  async take(number) {
    const version = this.versions.find((each) => each.dataset["version"] === String(number));
    if (version && this.mayDecide()) {
      const { link, annotation, seen } = version.dataset;
      await this.choose(link === undefined ? `accept ${annotation} ${seen}` : `accept ${link}`);
    }
  }

  async nothingHere() {
    if (this.versions.length > 0 && this.mayDecide()) {
      await this.choose(this.ofLink ? "no_link" : "nothing_here");
    }
  }

  /**
   * Link the two claims by another relation than a reviewer gave, or by the same in other words.
   * @param {string} relation
   */
  async relate(relation) {
    if (this.mayDecide()) {
      await this.choose(`edit ${relation}`);
    }
  }

  /** What two versions give together, as an edit of the one whose label is taken. */
  async combine() {
    const made = combination();
    if (!made || !this.mayDecide()) {
      return;
    }
    const { reasons, justification, asOf } = written();
    const { annotation, claim } = made;
    const answer = { question: this.question, outcome: "edit", annotation, claim, reasons, justification, as_of: asOf };
    const problem = await this.decide({ ...answer, replaces: this.decision }, "Combined.");
    if (problem) {
      this.blame(problem);
    }
  }

  /** Ask the reviewers; without a question in the note the person is taken there first. */
  async sendBack() {
    if (this.versions.length === 0 || !this.mayDecide()) {
      return;
    }
    if (written().justification.trim() === "") {
      this.asking = true;
      this.say("Write your question to the reviewers as the note, then press Ctrl and Enter.", "refused");
      fieldOf("justification")?.focus();
      return;
    }
    await this.choose("send_back");
  }

  /** A key decides open questions only: what is decided already is changed by a button that says so. */
  mayDecide() {
    if (this.looking?.dataset["open"] === "yes") {
      return true;
    }
    this.say("This question is decided. Press U to undo that first.", "refused");
    return false;
  }

  /** @param {string} choice "accept UUID VERSION", "combine", "nothing_here" or "send_back": what the pressed button says */
  async choose(choice) {
    const [outcome, annotation, version] = choice.split(" ");
    if (outcome === "combine") {
      await this.combine();
      return;
    }
    if (this.ofLink) {
      const linked = { ...linkAnswer(choice), question: this.question, replaces: this.decision };
      const refused = await this.decide(linked, LINK_DONE[outcome ?? ""] ?? "");
      if (refused) {
        this.blame(refused);
      }
      return;
    }
    const { reasons, justification, asOf } = written();
    const seen = version ? { version: Number(version) } : {};
    const answer = { question: this.question, outcome, annotation, ...seen, reasons, justification, as_of: asOf };
    const problem = await this.decide({ ...answer, replaces: this.decision }, DONE[outcome ?? ""] ?? "");
    if (problem) {
      this.blame(problem);
    }
  }

  /**
   * @param {Record<string, unknown>} answer what the API takes; what is empty is not given
   * @param {string} words what to say when it is stored
   * @returns {Promise<Refused | null>} what is wrong with a field
   */
  async decide(answer, words) {
    // A press while the same question is fetched once more waits for it; one on a question that went away is only told of.
    await this.loading;
    if (this.busy) {
      this.early = true;
      return null;
    }
    if (answer["question"] && answer["question"] !== this.question) {
      sayBesides(EARLY);
      return null;
    }
    this.busy = true;
    this.say("Saving…", "saving");
    let next = `after=${answer["question"]}`;
    try {
      const kind = this.ofLink && answer["question"] ? "link-decisions" : "decisions";
      const address = `/api/v1/articles/${this.addresses.article}/${kind}`;
      const claim = { annotation: answer["annotation"] || null, as_of: answer["as_of"] || null };
      const body = kind === "decisions" ? { ...answer, ...claim } : answer;
      const made = await this.session.json("POST", address, { body });
      this.done.push({ address: `/api/v1/${kind}/${made.id}`, question: made.question });
      if (answer["question"]) {
        write(NOTHING_WRITTEN);
      }
      next = answer["question"] ? next : `question=${made.question}`;
      this.say(`${words} Saved ${clock()}${this.early ? ` ${EARLY}` : ""}`, "saved");
    } catch (problem) {
      this.busy = false;
      return this.refused(problem);
    } finally {
      this.early = false;
    }
    this.busy = false;
    await this.load(next);
    return null;
  }

  async undo() {
    // Undo means what was done last, so it may wait for the next question to appear; deciding may not.
    await this.loading;
    const shown = this.decision && `/api/v1/${this.ofLink ? "link-decisions" : "decisions"}/${this.decision}`;
    const address = shown ?? this.done.at(-1)?.address;
    if (this.busy || !address) {
      return;
    }
    this.busy = true;
    this.say("Saving…", "saving");
    try {
      const undone = await this.session.json("DELETE", address);
      this.done = this.done.filter((each) => each.address !== address);
      this.say(`Undone. Saved ${clock()}`, "saved");
      this.busy = false;
      await this.load(`question=${undone.question}`);
    } catch (problem) {
      this.busy = false;
      await this.refused(problem);
    }
  }

  /**
   * Fetch the list and a question, and put them in the place of what is there. A later call overtakes an earlier one.
   * @param {string} query
   */
  load(query) {
    this.loading = this.fetch(query);
    return this.loading;
  }

  /** @param {string} query */
  async fetch(query) {
    this.turn += 1;
    const turn = this.turn;
    this.busy = true;
    this.asking = false;
    let answer;
    try {
      answer = parsed(await this.session.html(`${this.addresses.fragment}?${this.among(query)}`));
    } catch (problem) {
      if (turn === this.turn) {
        this.busy = false;
        const words = problem instanceof Refused ? problem.message : "No connection.";
        this.say(`${words} What you see may be old: load the page again.`, "refused");
      }
      return;
    }
    if (turn !== this.turn) {
      return;
    }
    this.busy = false;
    this.show(answer);
  }

  /**
   * @param {string} query
   * @returns {string} the same in the list as it is shown
   */
  among(query) {
    return [query, this.list].filter(Boolean).join("&");
  }

  /** @param {Document} answer */
  show(answer) {
    const { token, person } = one(answer, "#session", HTMLElement).dataset;
    if (person !== this.session.person) {
      location.assign(this.addresses.page);
      return;
    }
    this.session.token = token ?? "";
    const focus = document.activeElement;
    const inList = byId("questions", HTMLElement).contains(focus);
    const inAnswer = byId("decision", HTMLElement).contains(focus);
    const inClosing = byId("closing", HTMLElement).contains(focus);
    if (this.question) {
      this.drafts.set(this.question, written());
    }
    for (const id of ["questions", "closing", "answer"]) {
      const part = answer.getElementById(id);
      byId(id, HTMLElement).replaceChildren(...(part?.childNodes ?? []));
    }
    if (this.question) {
      history.replaceState(null, "", `${this.addresses.page}?${this.among(`question=${this.question}`)}`);
    }
    const draft = this.drafts.get(this.question ?? "");
    if (draft) {
      write(draft);
    }
    this.preview();
    showCombination(this.text, false);
    const undo = document.getElementById("undo-last");
    if (undo instanceof HTMLButtonElement) {
      undo.disabled = !this.decision && this.done.length === 0;
    }
    this.dispatchEvent(new Event("shown"));
    byId("decision", HTMLElement).scrollTop = 0;
    this.point();
    if (inList) {
      this.current?.focus();
    } else if (inClosing) {
      one(document, "#closing button, #closing a, .decision-title", HTMLElement).focus();
    } else if (inAnswer) {
      one(byId("answer", HTMLElement), ".decision-title", HTMLElement).focus({ preventScroll: true });
    }
  }

  /** Write what stands in the fields into the gold rows that are shown. */
  preview() {
    preview(this.ofLink ? [] : this.versions);
  }

  /**
   * Say what went wrong. What is wrong with a field is returned, for whoever knows the field.
   * @param {unknown} problem
   * @returns {Promise<Refused | null>}
   */
  async refused(problem) {
    if (!(problem instanceof Refused)) {
      this.say("Not saved: no connection. Try again.", "refused");
      return null;
    }
    if (problem.status === 422) {
      this.say("Not saved: see below.", "refused");
      return problem;
    }
    this.say(problem.status === 401 ? "Not saved: signed out. Sign in again." : problem.message, "refused");
    if (problem.status === 409) {
      // Somebody, perhaps this person in another window, was here meanwhile.
      await this.load(`question=${this.question ?? ""}`);
    }
    return null;
  }

  /** @param {Refused} problem */
  blame(problem) {
    for (const error of problem.errors) {
      const field = fieldOf(error.field);
      field?.setAttribute("aria-invalid", "true");
      field?.focus();
    }
    this.say(problem.errors.map((error) => error.message).join(" ") || problem.message, "refused");
  }

  /**
   * @param {string} words
   * @param {"saved" | "saving" | "refused"} state
   */
  say(words, state) {
    say(words, state);
  }
}
