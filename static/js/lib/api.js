/** Requests to the server, and what can come of them. */

const PATIENCE = 20_000;

/**
 * @typedef {object} FieldError
 * @property {string} field dotted path: "evidence.0.url"
 * @property {string} message
 */

/** The server answered that it did not do it. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {{detail?: string, title?: string, errors?: FieldError[], current?: unknown}} problem
   */
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.status = status;
    this.errors = problem.errors ?? [];
    this.current = problem.current;
  }
}

/** No answer, or none that tells what happened: to repeat the request is safe and the thing to do. */
export class Unreachable extends Error {}

/** Who the page belongs to; every request carries the token of that person's session. */
export class Session {
  /**
   * @param {string} token
   * @param {string} person
   */
  constructor(token, person) {
    this.token = token;
    this.person = person;
  }

  /**
   * A request whose answer is JSON. Throws Refused or Unreachable.
   * @param {string} method
   * @param {string} address
   * @param {{body?: unknown, version?: number | null}} [more] `version` goes into If-Match
   * @returns {Promise<any>}
   */
  async json(method, address, { body, version } = {}) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (method !== "GET") {
      headers["X-CSRFToken"] = this.token;
    }
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
    }
    if (version !== undefined && version !== null) {
      headers["If-Match"] = `"${version}"`;
    }
    const response = await reach(address, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.status === 204 ? null : readJson(response);
  }

  /**
   * A page or a part of one. Throws Refused or Unreachable.
   * @param {string} address
   * @returns {Promise<string>}
   */
  async html(address) {
    const response = await reach(address, { headers: { Accept: "text/html" } });
    if (!response.ok) {
      throw new Refused(response.status, {});
    }
    return wordsOf(response);
  }

  /**
   * Send a form and read the JSON that it is answered with; it goes out even if the page is just being left. Throws
   * Refused or Unreachable.
   * @param {string} address
   * @param {Record<string, string>} fields
   * @returns {Promise<any>}
   */
  async form(address, fields) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.token };
    return readJson(
      await reach(address, { method: "POST", headers, body: new URLSearchParams(fields), keepalive: true }),
    );
  }

  /**
   * Send a form as its page would, token and all, and read the page that it leads to, or the same page with what is wrong in it. Throws
   * Refused or Unreachable.
   * @param {HTMLFormElement} form
   * @returns {Promise<string>}
   */
  async page(form) {
    const fields = /** @type {[string, string][]} */ ([...new FormData(form)]);
    const headers = { Accept: "text/html" };
    const response = await reach(form.action, { method: "POST", headers, body: new URLSearchParams(fields) });
    if (!response.ok && response.status !== 422) {
      throw new Refused(response.status, {});
    }
    return wordsOf(response);
  }

  /**
   * Send a form that has no fields but its token. Throws Refused or Unreachable.
   * @param {string} address
   */
  async post(address) {
    const response = await reach(address, { method: "POST", headers: { "X-CSRFToken": this.token } });
    if (!response.ok) {
      throw new Refused(response.status, {});
    }
  }
}

/**
 * @param {string} address
 * @param {RequestInit} request
 * @returns {Promise<Response>}
 */
async function reach(address, request) {
  let response;
  try {
    response = await fetch(address, { ...request, signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new Unreachable("No connection to the server.");
  }
  if (response.status >= 500 || response.status === 429) {
    throw new Unreachable(`The server answered ${response.status}.`);
  }
  return response;
}

/**
 * The whole answer. Its beginning came, but the connection may break, or patience end, before the rest is there.
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function wordsOf(response) {
  try {
    return await response.text();
  } catch {
    throw new Unreachable("The connection broke off in the middle of the server's answer.");
  }
}

/**
 * @param {Response} response
 * @returns {Promise<any>}
 */
async function readJson(response) {
  const words = await wordsOf(response);
  let answer;
  try {
    answer = JSON.parse(words);
  } catch {
    if (response.ok) {
      // Something between us and the server spoke in its place.
      throw new Unreachable("The server's answer could not be read.");
    }
    answer = {};
  }
  if (!response.ok) {
    throw new Refused(response.status, answer);
  }
  return answer;
}
