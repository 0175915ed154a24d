/** The page of an export, an import or a look for copies that takes longer: it follows how far the work is, until it ends. */

const place = /** @type {HTMLElement} */ (document.querySelector("[data-errand]"));
const announced = /** @type {HTMLElement} */ (document.querySelector("[data-errand-status]"));
const EVERY = 1000;
const ENDINGS = new Map([
  ["finished", "It is ready."],
  ["failed", "It failed."],
  ["cancelled", "It was cancelled."],
]);

/**
 * What stands in the part of the page that changes.
 * @param {ParentNode} root
 */
function parts(root) {
  return {
    state: root.querySelector("[data-state]")?.getAttribute("data-state") ?? "",
    bar: root.querySelector("progress"),
    words: root.querySelector("[data-errand-words]"),
    cancel: root.querySelector("form"),
  };
}

/**
 * Show what was told. While the work goes on only the bar moves, so that nothing under the keyboard is replaced.
 * @param {DocumentFragment} told
 */
function show(told) {
  const [before, now] = [parts(place), parts(told)];
  if (now.state !== before.state || Boolean(now.cancel) !== Boolean(before.cancel)) {
    place.replaceChildren(told);
    announced.textContent = ENDINGS.get(now.state) ?? "";
    return;
  }
  if (before.bar && now.bar) before.bar.value = now.bar.value;
  if (before.words && now.words) before.words.textContent = now.words.textContent;
}

/** Ask how far it is, and again until it has ended. A lost answer is asked for once more. */
async function follow() {
  try {
    const answer = await fetch(String(place.dataset.errand));
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = document.createDocumentFragment();
      told.append(...page.body.childNodes);
      show(told);
    } else if (answer.status < 500) {
      location.reload();
      return;
    }
  } catch {
    // There is no connection just now.
  }
  if (parts(place).state === "running") setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
