/**
 * Which key does what. The actions and their names are those of annotator/domain/keys.py; the page says which keys
 * they have for this person. Whoever does something listens with `on`. Only what has the focus and keys of its own
 * (a list that is open, tabs, a field) hears them before.
 */

import { dialogIsOpen } from "./dialogs.js";
import { isTyping } from "./dom.js";

/**
 * @typedef {object} Listener
 * @property {(event: KeyboardEvent) => boolean | void} act false: it was not for me, let the next one try
 * @property {HTMLElement | null} within acts only while the focus is in it
 * @property {boolean} typing acts while the person writes in a field, too
 */

/** Signs and digits need Shift on some keyboards and not on others: the sign says it all. */
const SIGN = /^[^\p{L}\s]$/u;
const LATIN = /^[A-Z]$/u;

export class Keys {
  /** @param {Record<string, string[]>} bindings the keys of each action */
  constructor(bindings) {
    this.bindings = bindings;
    /** @type {Map<string, string[]>} The actions of each key. */
    this.actions = new Map();
    for (const [action, keys] of Object.entries(bindings)) {
      for (const key of keys) {
        this.actions.set(key, [...(this.actions.get(key) ?? []), action]);
      }
    }
    /** @type {Map<string, Listener[]>} */
    this.listeners = new Map();
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  /**
   * @param {string} action
   * @param {Listener["act"]} act
   * @param {{within?: HTMLElement | null, typing?: boolean}} [where]
   */
  on(action, act, { within = null, typing = false } = {}) {
    const before = this.listeners.get(action) ?? [];
    // Who listens in a part of the page goes before who listens everywhere.
    this.listeners.set(action, within ? [{ act, within, typing }, ...before] : [...before, { act, within, typing }]);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.isComposing || event.defaultPrevented || dialogIsOpen()) {
      return;
    }
    const typing = isTyping(event.target);
    const target = event.target instanceof Node ? event.target : null;
    for (const action of this.actionsOf(event)) {
      for (const { act, within, typing: whileTyping } of this.listeners.get(action) ?? []) {
        if ((typing && !whileTyping) || (within && !within.contains(target))) {
          continue;
        }
        if (act(event) !== false) {
          event.preventDefault();
          return;
        }
      }
    }
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {string[]}
   */
  actionsOf(event) {
    return this.actions.get(keyOf(event)) ?? this.actions.get(keyOnLatinKeyboard(event)) ?? [];
  }
}

/**
 * The key as it is written in the list of keys: "Ctrl+Shift+Z".
 * @param {KeyboardEvent} event
 * @returns {string}
 */
export function keyOf(event) {
  const large = event.key.toUpperCase();
  const name = event.key.length === 1 && large.length === 1 ? large : event.key;
  return written(event, name === " " ? "Space" : name);
}

/**
 * The same key on a keyboard with Latin letters: whoever reviews in Arabic or Russian need not change the keyboard.
 * @param {KeyboardEvent} event
 * @returns {string} empty if the key is none of the letters
 */
function keyOnLatinKeyboard(event) {
  const letter = event.code.startsWith("Key") ? event.code.slice(3) : "";
  return LATIN.test(letter) && !LATIN.test(event.key.toUpperCase()) ? written(event, letter) : "";
}

/**
 * @param {KeyboardEvent} event
 * @param {string} name
 * @returns {string}
 */
function written(event, name) {
  const held = [
    event.ctrlKey || event.metaKey ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey && !SIGN.test(name) ? "Shift" : "",
    name,
  ];
  return held.filter(Boolean).join("+");
}
