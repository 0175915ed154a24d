/** What every page of a project hears: the key that leads to its search. On the search itself it leads to the field. */

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

function intoField() {
  const field = document.querySelector(FIELD);
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}
