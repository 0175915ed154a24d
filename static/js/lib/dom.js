/** Small steps in the DOM that every module needs. */

/**
 * The element with this id, of the class that the caller counts on.
 * @template {Element} E
 * @param {string} id
 * @param {new () => E} kind
 * @returns {E}
 */
export function byId(id, kind) {
  return required(document.getElementById(id), kind, `#${id}`);
}

/**
 * The first match below `root`, of the class that the caller counts on.
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
export function one(root, selector, kind) {
  return required(root.querySelector(selector), kind, selector);
}

/**
 * All matches below `root` of the class.
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E[]}
 */
export function all(root, selector, kind) {
  return /** @type {E[]} */ ([...root.querySelectorAll(selector)].filter((found) => found instanceof kind));
}

/**
 * A copy of what a <template> holds: its only element.
 * @param {HTMLTemplateElement} template
 * @returns {HTMLElement}
 */
export function cloned(template) {
  const copy = document.importNode(template.content, true);
  return required(copy.firstElementChild, HTMLElement, "the template's element");
}

/**
 * HTML that the server sent, as a document of its own: no script in it runs.
 * @param {string} html
 * @returns {Document}
 */
export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/**
 * Whether the person is writing text there, so that letters are not commands.
 * @param {EventTarget | null} target
 * @returns {boolean}
 */
export function isTyping(target) {
  if (target instanceof HTMLInputElement) {
    return !["radio", "checkbox", "button", "submit"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/**
 * @template {Element} E
 * @param {Element | null} found
 * @param {new () => E} kind
 * @param {string} what
 * @returns {E}
 */
function required(found, kind, what) {
  if (found instanceof kind) {
    return found;
  }
  throw new Error(`The page has no ${kind.name} at ${what}.`);
}
