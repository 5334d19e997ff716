// Keeps a month up to date while somebody looks at it: by server-sent events, by asking now and then where those do not get through.

import { address } from "./api.js";
import { apply, readMonth } from "./places.js";

const pollEvery = 15_000;
const tryAgainAfter = 60_000;
/** How long the stream may take to open before the month is read without it. */
const openWithin = 500;

let watched;
let source;
let timers = [];

/** Reads a month and follows it from then on, in place of another. */
export function watch(month) {
  stop();
  watched = month;
  return document.hidden ? read() : open();
}

export function stop() {
  watched = undefined;
  close();
}

/** What is read after the stream opened misses nothing; what is read before must be read again. */
function open() {
  close();
  return new Promise((isRead) => {
    let isCovered = false;
    const first = () => {
      if (!isCovered) isRead(read());
      isCovered = true;
    };
    source = new EventSource(address("reservation-slots/events", { month: watched }));
    const opened = source;
    const late = setTimeout(first, openWithin);
    timers.push(late);
    opened.addEventListener("open", () => {
      clearTimeout(late);
      if (isCovered) refresh();
      else first();
    });
    opened.addEventListener("slots", (event) => apply(JSON.parse(event.data)));
    opened.addEventListener("refresh", refresh);
    opened.addEventListener("error", () => {
      first();
      // Otherwise the browser connects again by itself, and "open" comes once more.
      if (opened.readyState === EventSource.CLOSED && opened === source) poll();
    });
  });
}

function poll() {
  close();
  const next = () => timers.push(setTimeout(() => refresh().finally(next), pollEvery + (Math.random() - 0.5) * 10_000));
  next();
  timers.push(setTimeout(open, tryAgainAfter));
}

function close() {
  if (source) source.close();
  source = undefined;
  timers.forEach(clearTimeout);
  timers = [];
}

const read = () => readMonth(watched);

/** What cannot be read now will be, the next time. */
const refresh = () => read().catch(() => {});

document.addEventListener("visibilitychange", () => {
  if (!watched) return;
  if (document.hidden) close();
  else open();
});
