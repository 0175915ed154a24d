/** The guideline beside the text: that it was opened is noted, and what the labels mean closes with the Escape key. */

import { byId } from "./dom.js";

/**
 * @param {import("./api.js").Session} session
 * @param {import("./keys.js").Keys} keys
 */
export function watchGuideline(session, keys) {
  const meanings = byId("meanings", HTMLElement);
  keys.on("leave", () => {
    const open = meanings.matches(":popover-open");
    meanings.hidePopover();
    return open;
  });
  meanings.addEventListener("toggle", () => meanings.matches(":popover-open") && meanings.focus());
  const tab = byId("guideline-tab", HTMLElement);
  const address = byId("guideline-pane", HTMLElement).dataset["note"] ?? "";
  const news = document.getElementById("guideline-news");
  if (!news || !address) {
    return;
  }
  new MutationObserver(() => void note()).observe(tab, { attributeFilter: ["aria-selected"] });

  async function note() {
    if (tab.getAttribute("aria-selected") !== "true" || news?.hidden) {
      return;
    }
    try {
      await session.post(address);
    } catch {
      // It stays marked as unread, and is noted the next time that it is opened.
      return;
    }
    if (news) {
      news.hidden = true;
    }
  }
}
