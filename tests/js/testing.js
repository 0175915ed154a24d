/** Enough of a test runner: cases are collected, run one after another, and reported by name. */

/** @type {{name: string, run: () => void | Promise<void>}[]} */
const cases = [];

/**
 * @param {string} name
 * @param {() => void | Promise<void>} run
 */
export function test(name, run) {
  cases.push({ name, run });
}

/**
 * @param {unknown} found
 * @param {unknown} wanted
 */
export function equal(found, wanted) {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (one !== other) {
    throw new Error(`found ${one}, wanted ${other}`);
  }
}

/**
 * Wait for what must come; that it never comes is said after a time that no machine needs.
 * @param {() => boolean} condition
 */
export async function until(condition) {
  const began = Date.now();
  while (!condition()) {
    if (Date.now() - began > 20_000) {
      throw new Error(`never came: ${condition}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}

/** @returns {Promise<{name: string, problem: string}[]>} one entry for each case; an empty problem is a success */
export async function results() {
  const found = [];
  for (const { name, run } of cases) {
    try {
      await run();
      found.push({ name, problem: "" });
    } catch (problem) {
      found.push({ name, problem: String(problem) });
    }
  }
  return found;
}
