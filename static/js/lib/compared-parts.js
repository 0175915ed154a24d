/** The parts of the compare page that come from the server: drawn anew, read, or told to be unknown. */

/**
 * Put a part as it is now in the place of the old one; where they are equal the old one stays, with the focus in it.
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
export function redraw(old, fresh) {
  if (old.isEqualNode(fresh)) {
    return;
  }
  const focused = old.contains(document.activeElement) && fresh.hasAttribute("tabindex");
  const drawn = document.adoptNode(fresh);
  old.replaceWith(drawn);
  if (focused) {
    drawn.focus({ preventScroll: true });
  }
}

/**
 * @param {HTMLElement[]} lines the list of links
 * @returns {Map<string, string>} the numbers at each claim: "1 3"
 */
export function numbersOf(lines) {
  /** @type {Map<string, string>} */
  const numbers = new Map();
  for (const { dataset } of lines) {
    for (const end of [dataset["a"] ?? "", dataset["b"] ?? ""]) {
      numbers.set(end, `${numbers.get(end) ?? ""} ${dataset["number"] ?? ""}`.trim());
    }
  }
  return numbers;
}

/**
 * What was said of another pair stays away; that nothing could be asked is said instead.
 * @param {HTMLElement} pair what is known of the two picked claims
 */
export function tellUnknown(pair) {
  if (pair.ariaBusy !== "true") {
    return;
  }
  const words = document.createElement("p");
  words.className = "muted small";
  words.textContent =
    "There is no connection: what they share, and whether they can contradict each other, is told as soon as there is one.";
  pair.replaceChildren(words);
  pair.ariaBusy = null;
}
