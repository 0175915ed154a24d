/** What the adjudicate page shows of its questions, read from the page: the server draws it, so it is kept nowhere else. */

import { all, byId } from "./dom.js";
import { showPending } from "./text-selection.js";

/** @typedef {{letters: string, start: number, end: number, exact: string}} Boundary */

export class ShownQuestions extends EventTarget {
  /** @param {import("./article-text.js").ArticleText} text */
  constructor(text) {
    super();
    this.text = text;
  }

  get looking() {
    return document.getElementById("looking");
  }

  /** @returns {string | null} */
  get question() {
    return this.looking?.dataset["question"] ?? null;
  }

  /** @returns {string | null} the standing decision of the question */
  get decision() {
    return this.looking?.dataset["decision"] || null;
  }

  /** Whether what is looked at is a question about a link. */
  get ofLink() {
    return this.looking?.dataset["link"] !== undefined;
  }

  get links() {
    return all(byId("questions", HTMLElement), ".question", HTMLAnchorElement);
  }

  get current() {
    return this.links.find((link) => link.getAttribute("aria-current") === "true") ?? null;
  }

  get versions() {
    return all(byId("answer", HTMLElement), ".version", HTMLElement);
  }

  /** @returns {HTMLElement | null} the version that an edit starts from */
  suggested() {
    return this.versions.find((version) => "suggested" in version.dataset) ?? this.versions[0] ?? null;
  }

  /** @returns {Boundary[]} */
  boundaries() {
    return this.versions.map((version) => {
      const { start, end, exact } = JSON.parse(version.dataset["claim"] ?? "{}");
      return { letters: version.dataset["letters"] ?? "", start, end, exact };
    });
  }

  /**
   * @param {string} annotation
   * @returns {string | undefined} the question that this mark belongs to
   */
  questionOf(annotation) {
    return this.links.find((link) => link.dataset["annotations"]?.split(" ").includes(annotation))?.dataset["question"];
  }

  /**
   * @param {number} place
   * @returns {string | undefined} the shortest question that covers this place of the text
   */
  questionAt(place) {
    const spans = this.links.map((link) => ({
      question: link.dataset["question"],
      start: Number(link.dataset["start"]),
      end: Number(link.dataset["end"]),
    }));
    const around = spans.filter(({ start, end }) => start <= place && place < end);
    return around.sort((one, other) => one.end - one.start - (other.end - other.start))[0]?.question;
  }

  /** Show in the list and in the text which question is looked at. */
  point() {
    const link = this.current;
    const ids = new Set(link?.dataset["annotations"]?.split(" ").filter(Boolean));
    const marks = all(this.text.root, ".mark", HTMLElement);
    const drawn = new Set();
    for (const mark of marks) {
      const id = mark.dataset["annotation"] ?? "";
      mark.classList.toggle("is-current", ids.has(id));
      drawn.add(id);
    }
    if (!link) {
      showPending(this.text, []);
      return;
    }
    link.scrollIntoView({ block: "nearest" });
    const span = { start: Number(link.dataset["start"]), end: Number(link.dataset["end"]) };
    // A claim that nobody marked has no line, nor has one among too many others: then the words have a wash.
    showPending(this.text, ids.size > 0 && [...ids].every((id) => drawn.has(id)) ? [] : [span]);
    this.text.rangeOf(span.start, span.end)?.startContainer.parentElement?.scrollIntoView({ block: "center" });
  }
}

/**
 * @param {string} search of an address
 * @returns {string} what it says of the list
 */
export function listQuery(search) {
  const given = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const name of ["order", "kind"]) {
    const value = given.get(name);
    if (value) {
      kept.set(name, value);
    }
  }
  return kept.toString();
}
