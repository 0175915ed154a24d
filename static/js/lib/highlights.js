/** The browser's own highlights: what is shown over the text without touching it. Where it knows none, nothing is shown. */

/**
 * Show these ranges under a name of the style sheets, and no others. To register a highlight makes the browser look at
 * the text again, so one that was and stays empty is left alone.
 * @param {string} name
 * @param {AbstractRange[]} ranges
 */
export function highlight(name, ranges) {
  if (typeof Highlight === "undefined" || (ranges.length === 0 && (CSS.highlights.get(name)?.size ?? 0) === 0)) {
    return;
  }
  CSS.highlights.set(name, new Highlight(...ranges));
}
