/**
 * What every page of a project does: the key that leads to its search is heard, on the search itself it leads to the
 * field; and where the project's parts do not fit on one line, the present one is brought into view.
 */

import { Keys } from "./lib/keys.js";

const FIELD = "#q";

const { search, searchKeys } = document.body.dataset;
if (search && searchKeys) {
  new Keys(JSON.parse(searchKeys)).on("search", () => {
    if (location.pathname === search) {
      intoField();
    } else {
      location.assign(`${search}${FIELD}`);
    }
  });
  if (location.pathname === search && location.hash === FIELD) {
    intoField();
  }
}

const here = document.querySelector(".site-nav [aria-current]");
const nav = here?.closest(".site-nav");
if (here && nav && nav.scrollWidth > nav.clientWidth) {
  const [part, all] = [here.getBoundingClientRect(), nav.getBoundingClientRect()];
  nav.scrollLeft += part.left + part.width / 2 - (all.left + all.width / 2);
}

function intoField() {
  const field = document.querySelector(FIELD);
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}
