/** The panel beside the text: its tabs, and on a narrow screen the sheet that it becomes. */

import { byId, one } from "./dom.js";

const NARROW = "(max-width: 56.25rem)";

export class Panel {
  constructor() {
    this.bench = one(document, ".workbench", HTMLElement);
    // Not every page has every pane.
    this.tabs = ["claims", "suggestions", "others", "guideline"]
      .filter((name) => document.getElementById(`${name}-tab`))
      .map((name) => ({ tab: byId(`${name}-tab`, HTMLElement), pane: byId(`${name}-pane`, HTMLElement) }));
    this.bench.dataset["panel"] = "closed";
    byId("panel-tabs", HTMLElement).setAttribute("role", "tablist");
    for (const { tab, pane } of this.tabs) {
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", pane.id);
      pane.setAttribute("role", "tabpanel");
      pane.setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", (event) => {
        event.preventDefault();
        this.show(pane.id);
      });
      tab.addEventListener("keydown", (event) => this.step(event));
    }
    this.show("claims-pane");
    byId("panel-close", HTMLElement).addEventListener("click", () => this.close());
    document.getElementById("show-panel")?.addEventListener("click", () => this.open());
  }

  /** @param {string} id of the pane */
  show(id) {
    for (const { tab, pane } of this.tabs) {
      const shown = pane.id === id;
      pane.hidden = !shown;
      tab.setAttribute("aria-selected", String(shown));
      tab.tabIndex = shown ? 0 : -1;
    }
  }

  open() {
    this.bench.dataset["panel"] = "open";
  }

  close() {
    this.bench.dataset["panel"] = "closed";
  }

  /** @returns {boolean} whether the panel is a sheet over the text */
  get narrow() {
    return matchMedia(NARROW).matches;
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") {
      return;
    }
    const shown = this.tabs.filter(({ tab }) => !tab.hidden);
    const here = shown.findIndex(({ tab }) => tab === event.target);
    const other = shown.at((here + (event.key === "ArrowRight" ? 1 : -1)) % shown.length);
    if (other && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      this.show(other.pane.id);
      other.tab.focus();
    }
  }
}
