/** The outbox against a server that answers, refuses, loses answers and vanishes, all in one page. */

import { Refused, Unreachable } from "../../static/js/lib/api.js";
import { Outbox } from "../../static/js/lib/outbox.js";
import { equal, test, until } from "./testing.js";

/** @typedef {import("../../static/js/lib/claim.js").Claim} Claim */

/**
 * @param {string} note
 * @returns {Claim}
 */
const claim = (note) => ({ start: 0, end: 4, exact: "calm", label: "sourced", note });

/** The rules of the API, kept in a map; `down` and `deaf` break the way to it and back. */
class Server {
  constructor() {
    /** @type {Map<string, {version: number, claim: Claim | null}>} */
    this.stored = new Map();
    /** @type {string[]} */
    this.log = [];
    this.down = false;
    this.deaf = false;
    /** @type {import("../../static/js/lib/outbox.js").Who} */
    this.who = "same";
    this.closed = false;
    this.busy = 0;
    this.most = 0;
  }

  /** @returns {import("../../static/js/lib/outbox.js").Wire} */
  get wire() {
    return {
      put: (id, sent, version) => this.answer(() => this.put(id, sent, version)),
      remove: (id, version) => this.answer(() => this.remove(id, version)),
      renew: async () => this.who,
    };
  }

  /** @param {() => Record<string, any>} work */
  async answer(work) {
    this.busy += 1;
    this.most = Math.max(this.most, this.busy);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    this.busy -= 1;
    if (this.down) {
      throw new Unreachable("down");
    }
    if (this.who !== "same") {
      throw new Refused(401, {});
    }
    if (this.closed) {
      throw new Refused(409, { detail: "You submitted this article." });
    }
    const answer = work();
    if (this.deaf) {
      throw new Unreachable("the answer is lost");
    }
    return answer;
  }

  /**
   * @param {string} id
   * @param {Claim} sent
   * @param {number | null} version
   */
  put(id, sent, version) {
    const present = this.stored.get(id);
    this.log.push(`put ${id} ${sent.note}`);
    if (present?.claim && JSON.stringify(present.claim) === JSON.stringify(sent)) {
      return this.show(id);
    }
    if (present && version === null) {
      throw new Refused(428, {});
    }
    this.check(id, version);
    if (sent.note === "bad") {
      throw new Refused(422, { detail: "bad", errors: [{ field: "note", message: "bad" }] });
    }
    this.stored.set(id, { version: (present?.version ?? 0) + 1, claim: sent });
    return this.show(id);
  }

  /**
   * @param {string} id
   * @param {number | null} version
   */
  remove(id, version) {
    const present = this.stored.get(id);
    this.log.push(`delete ${id}`);
    if (!present) {
      throw new Refused(404, {});
    }
    if (present.claim) {
      this.check(id, version);
      this.stored.set(id, { version: present.version + 1, claim: null });
    }
    return this.show(id);
  }

  /**
   * @param {string} id
   * @param {number | null} version
   */
  check(id, version) {
    const present = this.stored.get(id);
    if (present && present.version !== version) {
      throw new Refused(412, { current: this.show(id) });
    }
  }

  /** @param {string} id */
  show(id) {
    const present = this.stored.get(id);
    return { ...present?.claim, version: present?.version, deleted: present?.claim === null };
  }
}

/** @param {Server} server */
const boxFor = (server) => new Outbox(server.wire, { pause: 10 });

export function outboxTests() {
  test("changes are sent in order, one at a time", async () => {
    const server = new Server();
    const box = boxFor(server);
    box.set("a", claim("1"));
    box.set("b", claim("1"));
    box.set("c", claim("1"));
    await until(() => box.state === "saved");
    equal(server.log, ["put a 1", "put b 1", "put c 1"]);
    equal(server.most, 1);
  });
  test("changes made meanwhile go together, with the version of the answer", async () => {
    const server = new Server();
    const box = boxFor(server);
    box.set("a", claim("1"));
    box.set("a", claim("2"));
    box.set("a", claim("3"));
    await until(() => box.state === "saved");
    equal(server.log, ["put a 1", "put a 3"]);
    equal(server.stored.get("a")?.version, 2);
  });
  test("without a connection they wait and are sent later", async () => {
    const server = new Server();
    const box = boxFor(server);
    server.down = true;
    box.set("a", claim("1"));
    box.set("b", claim("1"));
    await until(() => box.state === "waiting");
    equal(box.waiting, 2);
    server.down = false;
    await until(() => box.state === "saved");
    equal([...server.stored.keys()], ["a", "b"]);
  });
  test("a lost answer is no conflict", async () => {
    const server = new Server();
    const box = boxFor(server);
    /** @type {string[]} */
    const asked = [];
    box.addEventListener("stale", () => asked.push("stale"));
    server.deaf = true;
    box.set("a", claim("1"));
    await until(() => box.state === "waiting");
    box.set("a", claim("2"));
    server.deaf = false;
    await until(() => box.state === "saved");
    equal(server.stored.get("a")?.claim?.note, "2");
    equal(asked, []);
  });
  test("a lost answer to a delete is no conflict for its undo", async () => {
    const server = new Server();
    const box = boxFor(server);
    box.set("a", claim("1"));
    await until(() => box.state === "saved");
    server.deaf = true;
    box.set("a", null);
    await until(() => box.state === "waiting");
    box.set("a", claim("1"));
    server.deaf = false;
    await until(() => box.state === "saved");
    equal(server.stored.get("a")?.claim?.note, "1");
  });
  test("another window's change is never overwritten unasked", async () => {
    const server = new Server();
    const box = boxFor(server);
    /** @type {any[]} */
    const asked = [];
    box.addEventListener("stale", (event) => asked.push(/** @type {CustomEvent} */ (event).detail));
    server.stored.set("a", { version: 2, claim: claim("theirs") });
    box.adopt("a", 1, claim("base"));
    box.set("a", claim("mine"));
    await until(() => asked.length > 0);
    equal(server.stored.get("a")?.claim?.note, "theirs");
    equal(asked[0].current.note, "theirs");
    await until(() => box.state === "refused");
    box.insist("a", asked[0].current.version, claim("theirs"));
    await until(() => box.state === "saved");
    equal(server.stored.get("a")?.claim?.note, "mine");
  });
  test("what is refused holds up nothing else and is mended by the next change", async () => {
    const server = new Server();
    const box = boxFor(server);
    box.set("a", claim("bad"));
    box.set("b", claim("1"));
    await until(() => box.state === "refused");
    equal(server.stored.has("b"), true);
    box.set("a", claim("good"));
    await until(() => box.state === "saved");
    equal(server.stored.get("a")?.claim?.note, "good");
  });
  test("a claim made and deleted before it was sent is never sent", async () => {
    const server = new Server();
    const box = boxFor(server);
    box.set("x", claim("1"));
    box.set("a", claim("1"));
    box.set("a", null);
    await until(() => box.state === "saved");
    equal(server.log, ["put x 1"]);
  });
  test("a delete after a lost create deletes", async () => {
    const server = new Server();
    const box = boxFor(server);
    server.deaf = true;
    box.set("a", claim("1"));
    await until(() => box.state === "waiting");
    box.set("a", null);
    server.deaf = false;
    await until(() => box.state === "saved");
    equal(server.stored.get("a")?.claim, null);
  });
  test("signed out it waits, and goes on for the same person", async () => {
    const server = new Server();
    const box = boxFor(server);
    server.who = "nobody";
    box.set("a", claim("1"));
    await until(() => box.state === "signed-out");
    equal(server.stored.size, 0);
    server.who = "someone-else";
    await box.retry();
    equal(box.state, "someone-else");
    equal(server.stored.size, 0);
    server.who = "same";
    await box.retry();
    await until(() => box.state === "saved");
    equal(server.stored.size, 1);
  });
  test("a request without an answer is repeated before anything else is sent of the claim", async () => {
    const server = new Server();
    const box = boxFor(server);
    server.down = true;
    box.set("a", claim("1"));
    await until(() => box.state === "waiting");
    box.set("a", claim("2"));
    server.down = false;
    await until(() => box.state === "saved");
    equal(server.log, ["put a 1", "put a 2"]);
  });
  test("a late copy of a lost request changes nothing any more", async () => {
    const server = new Server();
    const box = boxFor(server);
    box.set("a", claim("1"));
    await until(() => box.state === "saved");
    server.down = true;
    box.set("a", claim("2"));
    await until(() => box.state === "waiting");
    // Back to what is stored: nothing would have to be sent, were it not for the copy that may still be on its way.
    box.set("a", claim("1"));
    server.down = false;
    await until(() => box.state === "saved");
    let late = "";
    try {
      server.put("a", claim("2"), 1);
    } catch (problem) {
      late = String(/** @type {Refused} */ (problem).status);
    }
    equal(late, "412");
    equal(server.stored.get("a")?.claim?.note, "1");
  });
  test("a claim of one's own UUID that changed meanwhile is asked about, never overwritten", async () => {
    const server = new Server();
    const box = boxFor(server);
    /** @type {any[]} */
    const asked = [];
    box.addEventListener("stale", (event) => asked.push(/** @type {CustomEvent} */ (event).detail));
    server.stored.set("a", { version: 3, claim: claim("theirs") });
    box.set("a", claim("mine"));
    await until(() => asked.length > 0);
    equal(server.stored.get("a")?.version, 3);
    equal(asked[0].current.note, "theirs");
  });
  test("a part of one's own change, sent by another window, is no conflict", async () => {
    const server = new Server();
    const box = boxFor(server);
    box.adopt("a", 1, claim("base"));
    server.stored.set("a", { version: 2, claim: { ...claim("base"), label: "disputed" } });
    box.set("a", { ...claim("mine"), label: "disputed" });
    await until(() => box.state === "saved");
    equal(server.stored.get("a"), { version: 3, claim: { ...claim("mine"), label: "disputed" } });
  });
  test("a deletion asks when the claim was changed elsewhere", async () => {
    const server = new Server();
    const box = boxFor(server);
    box.adopt("a", 1, claim("base"));
    server.stored.set("a", { version: 2, claim: claim("theirs") });
    box.set("a", null);
    await until(() => box.state === "refused");
    equal(server.stored.get("a")?.claim?.note, "theirs");
  });
  test("a closed article holds everything back until it is open again", async () => {
    const server = new Server();
    const box = boxFor(server);
    server.closed = true;
    box.set("a", claim("1"));
    box.set("b", claim("1"));
    await until(() => box.state === "closed");
    equal(box.waiting, 2);
    equal(box.closed?.message, "You submitted this article.");
    server.closed = false;
    await box.retry();
    equal(box.state, "saved");
    equal(server.stored.size, 2);
  });
  test("kept changes are sent in their old order, before those made since, which stand", async () => {
    const server = new Server();
    const box = boxFor(server);
    server.down = true;
    box.set("b", claim("newer"));
    await until(() => box.state === "waiting");
    /** @param {string} note */
    const kept = (note) => ({ version: null, stored: null, wanted: claim(note), open: true, held: false, sent: null });
    box.restore([
      ["c", kept("kept")],
      ["a", kept("kept")],
      ["b", kept("kept")],
    ]);
    server.down = false;
    await until(() => box.state === "saved");
    equal(server.log.slice(-3), ["put c kept", "put a kept", "put b newer"]);
  });
}
