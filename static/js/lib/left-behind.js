/** On an article that is closed: what this browser still keeps of it unsaved, and the ways out. Nothing vanishes silently. */

import { Notices } from "./notices.js";
import { counted } from "./saved-words.js";

/**
 * @param {import("./kept.js").Kept} kept
 * @param {string} mode of the page: submitted, locked or reading
 */
export function tellLeftBehind(kept, mode) {
  const ids = new Set(kept.changes().map(([id]) => id));
  const letters = kept.letters();
  for (const { id } of letters.flatMap(({ changes }) => changes)) {
    ids.add(id);
  }
  if (ids.size === 0) {
    return;
  }
  const way =
    mode === "submitted" ? "Reopen the article and they are saved." : "The article is closed, so they cannot be saved any more.";
  const verb = ids.size === 1 ? "was" : "were";
  new Notices().show("left", `${counted(ids.size)} made in this browser ${verb} not saved before the article was closed. ${way}`, {
    "Keep for later": () => undefined,
    "Give up these changes": () => kept.forgetAll(),
  });
}
