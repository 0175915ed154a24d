/** The page on which a person chooses how they read: the lines above the form show each choice at once. */

import { byId } from "./lib/dom.js";
import { applyChoices } from "./lib/preferences.js";

const form = byId("preferences", HTMLFormElement);
form.addEventListener("change", () => applyChoices(form));
// The browser may have kept the fields of an earlier visit.
applyChoices(form);
