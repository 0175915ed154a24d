/** A long list in something closed: it stands there as text, for whoever has no script, and is built when it is opened. */

import { parsed } from "./dom.js";

/**
 * @param {HTMLDetailsElement} details with a <noscript> in it
 * @param {() => void} built is called when it is there
 */
export function builtWhenOpened(details, built) {
  const build = () => {
    const written = details.querySelector("noscript");
    if (written && details.open) {
      written.replaceWith(...parsed(written.textContent).body.childNodes);
      built();
    }
  };
  details.addEventListener("toggle", build);
  build();
}
