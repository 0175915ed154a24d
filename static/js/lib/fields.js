/** Fields of a form that is no <form>: found by name below an element, read and written. */

import { all } from "./dom.js";

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/**
 * @param {Element} element
 * @returns {element is Field}
 */
export function isField(element) {
  return (
    element instanceof HTMLInputElement ||
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement
  );
}

/**
 * @param {ParentNode} root
 * @returns {Field[]}
 */
export function fieldsOf(root) {
  return all(root, "[name]", HTMLElement).filter(isField);
}

/**
 * @param {ParentNode} root
 * @param {string} name
 * @returns {Field}
 */
export function fieldOf(root, name) {
  const field = root.querySelector(`[name="${CSS.escape(name)}"]`);
  if (!field || !isField(field)) {
    throw new Error(`There is no field ${name}.`);
  }
  return field;
}

/**
 * What a field says; blanks alone say nothing.
 * @param {ParentNode} root
 * @param {string} name
 * @returns {string}
 */
export function valueOf(root, name) {
  const { value } = fieldOf(root, name);
  return value.trim() === "" ? "" : value;
}

/**
 * Write a field, unless it says the same already: then its caret and its own undo stay where they are.
 * @param {ParentNode} root
 * @param {string} name
 * @param {string | undefined} value
 */
export function write(root, name, value = "") {
  const field = fieldOf(root, name);
  if (field.value !== value) {
    field.value = value;
  }
}

/**
 * Say at a field what is wrong with it; where it lies in something closed, that opens.
 * @param {Field} field
 * @param {string} message
 */
export function blame(field, message) {
  const words = document.createElement("div");
  words.className = "field-error";
  words.id = `${field.id}-error`;
  words.textContent = message;
  field.setAttribute("aria-invalid", "true");
  describe(field, words.id, true);
  field.closest(".field")?.append(words);
  const closed = field.closest("details");
  if (closed) {
    closed.open = true;
  }
}

/**
 * Take back everything that blame() said below `root`.
 * @param {ParentNode} root
 */
export function forgive(root) {
  for (const words of all(root, ".field-error", HTMLElement)) {
    words.remove();
  }
  for (const field of all(root, "[aria-invalid]", HTMLElement)) {
    field.removeAttribute("aria-invalid");
    describe(field, `${field.id}-error`, false);
  }
}

/**
 * Let a field be described by the element with this id, or no longer; what else describes it stays.
 * @param {HTMLElement} field
 * @param {string} id
 * @param {boolean} wanted
 */
export function describe(field, id, wanted) {
  const ids = (field.getAttribute("aria-describedby") ?? "").split(/\s+/u).filter((each) => each && each !== id);
  if (wanted) {
    ids.push(id);
  }
  if (ids.length > 0) {
    field.setAttribute("aria-describedby", ids.join(" "));
  } else {
    field.removeAttribute("aria-describedby");
  }
}

/**
 * Why this is no address of the web, in words; empty if it is one, or nothing.
 * @param {string} address
 * @returns {string}
 */
export function problemWithAddress(address) {
  if (address.trim() === "") {
    return "";
  }
  let url;
  try {
    url = new URL(address.trim());
  } catch {
    return "This is no web address, so it is not kept. An address looks like https://example.org/page.";
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return `An address must begin with https:// or http://, so this one is not kept: it begins with ${url.protocol}`;
  }
  return "";
}
