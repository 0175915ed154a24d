/** What of the window shows the text: the bars over it and a sheet below it cover the rest. */

import { all } from "./dom.js";

/** What may cover the text. It stands in the page from its beginning, so that is searched once. */
const bars = all(document, ".workbar, .labelbar, .panel", HTMLElement);

/**
 * The first and the last line of pixels at which the text can be seen.
 * @returns {{top: number, bottom: number}}
 */
export function visible() {
  let [top, bottom] = [0, innerHeight];
  for (const bar of bars) {
    const box = bar.getBoundingClientRect();
    const covers = box.height > 0 && box.height < innerHeight && ["fixed", "sticky"].includes(getComputedStyle(bar).position);
    if (!covers || box.bottom < 0 || box.top > innerHeight) {
      continue;
    }
    if (box.top <= top && box.bottom < innerHeight / 2) {
      top = Math.max(top, box.bottom);
    } else if (box.bottom >= innerHeight - 1) {
      bottom = Math.min(bottom, box.top);
    }
  }
  return { top, bottom };
}

/**
 * Scroll, no further than needed, until these pixels can be seen with a line around them.
 * @param {{top: number, bottom: number}} box
 */
export function keepInView({ top, bottom }) {
  const seen = visible();
  const room = Math.min(bottom - top, (seen.bottom - seen.top) / 4);
  if (top - room < seen.top) {
    scrollBy({ top: top - room - seen.top, behavior: "instant" });
  } else if (bottom + room > seen.bottom) {
    scrollBy({ top: bottom + room - seen.bottom, behavior: "instant" });
  }
}
