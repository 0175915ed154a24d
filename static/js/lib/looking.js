/** What helps a reviewer to look through the text: jumps from cue to cue, and suggestions where the project has them. */

import { Jumping } from "./jumping.js";
import { Suggestions } from "./suggestions.js";
import { TextCues } from "./text-cues.js";

/**
 * @param {import("./editing.js").Editing} editing
 * @param {import("./keyboard.js").Keyboard} keyboard
 * @param {import("./keys.js").Keys} keys
 */
export function lookThrough(editing, keyboard, keys) {
  const cues = new TextCues(editing.desk.session, editing.desk.article);
  /** @param {string} words for who sees the page and for who hears it */
  const say = (words) => {
    // The event that tells of a selection may still be on its way, and its words must not replace these.
    editing.selection.read();
    editing.labels.say(words);
    keyboard.speaking.say(words);
  };
  new Jumping(cues, editing.cursor, keys, say);
  if (document.getElementById("suggestions-pane")) {
    new Suggestions({ cues, editing, keyboard, keys, say }).start();
  }
}
