/** What others marked, in the text: only while their pane is shown, and only as a thin line, for one's own marks count. */

import { all, one } from "./dom.js";

/**
 * @param {import("./desk.js").Desk} desk
 * @param {import("./panel.js").Panel} panel
 */
export function showOthers(desk, panel) {
  const pane = document.getElementById("others-pane");
  if (!pane || typeof Highlight === "undefined") {
    return;
  }
  const questions = all(pane, ".others-question", HTMLElement);
  const draw = () => {
    const ranges = pane.hidden ? [] : questions.map((each) => rangeOf(desk, each)).filter((range) => range !== null);
    CSS.highlights.set("others", new Highlight(...ranges));
  };
  for (const question of questions) {
    one(question, ".others-passage a", HTMLAnchorElement).addEventListener("click", (event) => {
      const range = rangeOf(desk, question);
      if (range) {
        event.preventDefault();
        panel.close();
        range.startContainer.parentElement?.scrollIntoView({ block: "center" });
        CSS.highlights.set("asked", new Highlight(range));
      }
    });
  }
  new MutationObserver(draw).observe(pane, { attributes: true, attributeFilter: ["hidden"] });
  desk.addEventListener("drawn", draw);
  if (location.hash.startsWith("#thread-")) {
    // After a post the page comes back at its thread, which stands in this pane.
    panel.show(pane.id);
    document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
  }
  draw();
}

/**
 * @param {import("./desk.js").Desk} desk
 * @param {HTMLElement} question
 * @returns {Range | null}
 */
function rangeOf(desk, question) {
  return desk.text.rangeOf(Number(question.dataset["start"]), Number(question.dataset["end"]));
}
