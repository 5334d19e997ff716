// Calls of the gateway. A dead spot or a restart is waited out, and the page says so; only a definite answer comes back.

import { data, find, text, write } from "./text.js";
import { synchronize } from "./time.js";

const patience = 20_000;
/** Calls that wait for the network or the server, and why. */
const waiting = new Map();

/** A definite "no" of the server. */
export class Refusal extends Error {
  constructor(status, error, seconds) {
    super(error.message);
    this.status = status;
    this.code = error.code || "UNKNOWN";
    this.details = error;
    this.seconds = seconds;
  }
}

/** The address of a call. */
export function address(path, query = {}) {
  return `/api/${path}?${new URLSearchParams({ ...query, orq: data.orq })}`;
}

/**
 * Asks until there is an answer.
 *
 * @param options `body` makes it a POST; `key` makes repetitions of it harmless; `query`.
 */
export async function call(path, { body, key, query } = {}) {
  const caller = {};
  for (let attempt = 0; ; attempt++) {
    const { answer, seconds } = await ask(address(path, query), body, key);
    if (answer) {
      settle(caller);
      if (answer.success) return answer;
      throw new Refusal(answer.status, answer.error || {}, seconds);
    }
    settle(caller, navigator.onLine === false ? "offline" : "retrying");
    // Everybody who was turned away must not come back at the same moment.
    const least = Math.max(seconds * 1000, Math.min(8000, 500 * 2 ** attempt));
    await pause(least * (1 + Math.random() / 2));
  }
}

/** One attempt; without `answer` it is worth another. */
async function ask(url, body, key) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  const headers = { accept: "application/json" };
  if (body) headers["content-type"] = "application/json";
  if (key) headers["idempotency-key"] = key;
  let seconds = 0;
  try {
    const options = { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), cache: "no-store", signal: abort.signal };
    const reply = await fetch(url, options);
    synchronize(reply.headers.get("date"));
    seconds = Math.min(+reply.headers.get("retry-after") || 0, 600);
    if (reply.status > 501) return { seconds };
    // What is no JSON comes from something between us and the server, a hotel's sign-in page for instance.
    return { answer: { ...(await reply.json()), status: reply.status }, seconds };
  } catch {
    return { seconds };
  } finally {
    clearTimeout(timer);
  }
}

function pause(milliseconds) {
  return new Promise((resume) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      resume();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
  });
}

/** Notes why a call waits, or that it no longer does. */
function settle(caller, reason) {
  if (reason) waiting.set(caller, reason);
  else waiting.delete(caller);
  const reasons = [...waiting.values()];
  write(find("banner"), reasons.length ? text(reasons.pop()) : "");
}
