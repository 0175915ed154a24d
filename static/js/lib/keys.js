/**
 * Which key does what. The actions and their names are those of annotator/domain/keys.py; the page says which keys
 * they have for this person. Whoever does something listens with `on`; nobody else reads the keyboard.
 */

import { isTyping } from "./dom.js";

/**
 * @typedef {object} Listener
 * @property {(event: KeyboardEvent) => boolean | void} act false: it was not for me, let the next one try
 * @property {HTMLElement | null} within acts only while the focus is in it
 * @property {boolean} typing acts while the person writes in a field, too
 */

/** Keys that type a sign only with Shift on some keyboards: the sign says it all. */
const SIGN = /^[^\p{L}\p{N}\s]$/u;

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
    if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) {
      return;
    }
    const typing = isTyping(event.target);
    const target = event.target instanceof Node ? event.target : null;
    for (const action of this.actions.get(keyOf(event)) ?? []) {
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
}

/**
 * The key as it is written in the list of keys: "Ctrl+Shift+Z".
 * @param {KeyboardEvent} event
 * @returns {string}
 */
export function keyOf(event) {
  const name = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shift = event.shiftKey && !SIGN.test(name);
  const held = [
    event.ctrlKey || event.metaKey ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    shift ? "Shift" : "",
    name === " " ? "Space" : name,
  ];
  return held.filter(Boolean).join("+");
}
