/** What happened to the last change, in words, for the bar at the top. */

/** @typedef {import("./outbox.js").State} State */

/**
 * @param {State} state
 * @param {{waiting: number, savedAt: Date | null}} outbox
 * @returns {string}
 */
export function savedWords(state, { waiting, savedAt }) {
  const changes = waiting === 1 ? "1 change" : `${waiting} changes`;
  switch (state) {
    case "saving":
      return "Saving…";
    case "waiting":
      return `${changes} waiting: no connection`;
    case "signed-out":
      return `${changes} waiting: signed out`;
    case "refused":
      return `${changes} not saved: see the claim`;
    case "saved":
      return savedAt ? `Saved ${clock(savedAt)}` : "All changes saved";
  }
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
