/** What the form beside a question about a link says, as the API takes it. */

import { written } from "./answer-fields.js";

/** @type {Record<string, string>} What to say when an outcome is stored. */
export const LINK_DONE = { accept: "Linked.", edit: "Linked.", no_link: "No link: noted." };

/**
 * @param {string} choice "accept LINK", "edit RELATION" or "no_link": what the pressed button says
 * @returns {Record<string, unknown>}
 */
export function linkAnswer(choice) {
  const [outcome, chosen] = choice.split(" ");
  const { reasons, justification } = written();
  const answer = { outcome, reasons, justification };
  if (outcome === "accept") {
    return { ...answer, link: chosen };
  }
  if (outcome !== "edit") {
    return answer;
  }
  const direction = value("direction");
  return {
    ...answer,
    relation: chosen,
    aspect: value("aspect") || null,
    note: value("note"),
    outgoing: direction ? direction === "here" : null,
  };
}

/** Open the two articles side by side in another tab. */
export function openBeside() {
  const link = document.getElementById("beside");
  if (link instanceof HTMLAnchorElement) {
    window.open(link.href, "_blank", "noopener");
  }
}

/** @param {string} name of a field of the link */
function value(name) {
  const field = document.querySelector(`#decide [name="${name}"]`);
  return field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement ? field.value : "";
}
