/** How the text is set: what is chosen in the form shows at once, as attributes of the root that the style sheets read. */

/** The choices that the style sheets read; what is the default is not said. */
const DEFAULTS = { text_size: "medium", line_height: "normal", text_width: "normal", typeface: "serif", theme: "auto" };

/**
 * Show what the form says now.
 * @param {HTMLFormElement} form
 */
export function applyChoices(form) {
  const chosen = new FormData(form);
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    const value = chosen.get(name);
    const attribute = `data-${name.replace("_", "-")}`;
    if (typeof value === "string" && value !== usual) {
      document.documentElement.setAttribute(attribute, value);
    } else {
      document.documentElement.removeAttribute(attribute);
    }
  }
}

/**
 * Do something that sets the text anew, and keep the reader at the words where they were.
 * @param {Iterable<Element>} blocks
 * @param {number} line what stands lower than this is being read
 * @param {() => void} act
 */
export function keepingPlace(blocks, line, act) {
  const read = [...blocks].find((block) => block.getBoundingClientRect().bottom > line);
  const before = read?.getBoundingClientRect().top ?? 0;
  act();
  if (read && before < line) {
    scrollBy(0, read.getBoundingClientRect().top - before);
  }
}
