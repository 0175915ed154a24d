/** Where the keys of the adjudicate page lead: to a part of it, to another page, to another order of the list. */

/**
 * @param {import("./panes.js").Panes} panes
 * @param {string} pane that the place is in
 * @param {Element | null} place
 */
export function goTo(panes, pane, place) {
  panes.show(pane);
  if (place instanceof HTMLElement) {
    place.focus();
    place.scrollIntoView({ block: "nearest" });
  }
}

/**
 * Open a part of a pane, or close it where it is to be seen.
 * @param {import("./panes.js").Panes} panes
 * @param {string} pane that the part is in
 * @param {string} id of a <details>
 */
export function unfold(panes, pane, id) {
  const details = document.getElementById(id);
  if (details instanceof HTMLDetailsElement) {
    details.open = !(details.open && details.checkVisibility());
    panes.show(pane);
    details.scrollIntoView({ block: "nearest" });
  }
}

/**
 * @param {string} id of a link
 * @returns {boolean} whether the page has it
 */
export function follow(id) {
  const link = document.getElementById(id);
  if (link instanceof HTMLAnchorElement) {
    location.assign(link.href);
    return true;
  }
  return false;
}

/**
 * @param {string} list what the address says of it: "order=doubt&kind=label"
 * @returns {string} the same in the other order
 */
export function toggled(list) {
  const query = new URLSearchParams(list);
  if (query.has("order")) {
    query.delete("order");
  } else {
    query.set("order", "doubt");
  }
  return query.toString();
}
