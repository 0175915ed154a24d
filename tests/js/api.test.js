/** Requests whose answers break off: nobody may take half of an answer for the whole. */

import { Refused, Session, Unreachable } from "../../static/js/lib/api.js";
import { equal, test } from "./testing.js";

/**
 * What becomes of a request when the connection breaks after these words.
 * @param {number} status
 * @param {(session: Session) => Promise<unknown>} ask
 * @param {{whole?: boolean}} [how]
 */
async function fate(status, ask, { whole = false } = {}) {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(whole ? '{"version": 2}' : '{"version"'));
      if (whole) {
        controller.close();
      } else {
        controller.error(new TypeError("network error"));
      }
    },
  });
  const fetched = globalThis.fetch;
  globalThis.fetch = () => Promise.resolve(new Response(body, { status }));
  try {
    return await ask(new Session("token", "ada"));
  } catch (problem) {
    return problem instanceof Unreachable ? "unreachable" : problem instanceof Refused ? "refused" : String(problem);
  } finally {
    globalThis.fetch = fetched;
  }
}

export function apiTests() {
  for (const status of [200, 412]) {
    test(`an answer with status ${status} that breaks off never came`, async () => {
      equal(await fate(status, (session) => session.json("PUT", "/there")), "unreachable");
    });
  }

  test("a page that breaks off never came", async () => {
    equal(await fate(200, (session) => session.html("/there")), "unreachable");
  });

  test("a whole answer came, and says what it says", async () => {
    equal(await fate(200, (session) => session.json("PUT", "/there"), { whole: true }), { version: 2 });
    equal(await fate(412, (session) => session.json("PUT", "/there"), { whole: true }), "refused");
    equal(await fate(200, (session) => session.html("/there"), { whole: true }), '{"version": 2}');
  });
}
