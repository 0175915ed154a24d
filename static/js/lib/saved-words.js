/** What happened to the last change, in words, for the bar at the top. */

/** @typedef {import("./outbox.js").State} State */

/**
 * @param {State} state
 * @param {{waiting: number, savedAt: Date | null}} outbox
 * @param {{kept?: boolean}} [browser] `kept`: whether what waits would survive the window
 * @returns {string}
 */
export function savedWords(state, { waiting, savedAt }, { kept = true } = {}) {
  const changes = counted(waiting);
  const stay = kept ? "" : ". Keep this window open";
  switch (state) {
    case "saving":
      return "Saving…";
    case "waiting":
      return `${changes} waiting: no connection${stay}`;
    case "signed-out":
      return `${changes} waiting: signed out${stay}`;
    case "someone-else":
      return `${changes} waiting: somebody else is signed in${stay}`;
    case "refused":
      return `${changes} not saved: see the claim`;
    case "closed":
      return `${changes} not saved: the article is closed`;
    case "saved":
      return savedAt ? `Saved ${clock(savedAt)}` : "All changes saved";
  }
}

/**
 * @param {number} changes
 * @returns {string}
 */
export function counted(changes) {
  return changes === 1 ? "1 change" : `${changes} changes`;
}

/**
 * @param {Date} moment
 * @returns {string} 14:03:22, in the person's own time
 */
function clock(moment) {
  return [moment.getHours(), moment.getMinutes(), moment.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
