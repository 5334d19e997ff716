// Dates and times of the venue, in the words of the visitor. The venue's wall time is what tickets are booked by.

import { locale } from "./text.js";

const dayLength = 86_400_000;
const formats = {};
let skew = 0;

/** Goes by the server's clock from now on: phones are often wrong, and "started" is judged by the server. */
export function synchronize(date) {
  const server = Date.parse(date);
  if (server) skew = server - Date.now();
}

/** Milliseconds since 1970 by the server's clock. */
export const now = () => Date.now() + skew;

function format(moment, options, language = locale) {
  const name = language + JSON.stringify(options);
  formats[name] = formats[name] || new Intl.DateTimeFormat(language, options);
  return formats[name].format(moment);
}

const noon = (date) => Date.parse(date + "T12:00Z");

/** "Saturday, November 28, 2026" */
export const longDate = (date) => format(noon(date), { dateStyle: "full", timeZone: "UTC" });

/** "November 2026" */
export const monthName = (month) => format(noon(month + "-01"), { month: "long", year: "numeric", timeZone: "UTC" });

/** "Sat" or "Saturday"; `index` counts from Monday, 0. */
export const weekdayName = (index, weekday) => format(noon("2024-01-01") + index * dayLength, { weekday, timeZone: "UTC" });

/** "12:00 PM" */
export const clock = (time) => format(Date.parse("1970-01-01T" + time + "Z"), { timeStyle: "short", timeZone: "UTC" });

/** "12:00 PM – 2:00 PM" */
export const span = (slot) => clock(slot.start_time) + (slot.end_time ? " – " + clock(slot.end_time) : "");

/** Days from Monday on, 0 to 6. */
export const weekday = (date) => (new Date(noon(date)).getUTCDay() + 6) % 7;

export const addDays = (date, days) => new Date(noon(date) + days * dayLength).toISOString().slice(0, 10);

export const daysIn = (month) => new Date(Date.UTC(+month.slice(0, 4), +month.slice(5), 0)).getUTCDate();

/** The first day of the week where the visitor lives, counted from Monday. */
export function firstWeekday() {
  const region = new Intl.Locale(locale);
  const first = (region.getWeekInfo ? region.getWeekInfo() : region.weekInfo || {}).firstDay;
  if (first) return first - 1;
  return /US|CA|MX|CO|PE|VE|GT|HN|NI|SV|DO|PA|PY|PR|BR|JP|IN|ZA|IL|PH/.test(region.maximize().region) ? 6 : 0;
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function offset(moment, zone) {
  const options = { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" };
  const wall = format(moment, { ...options, minute: "2-digit", second: "2-digit" }, "en-US").match(/\d+/g).map(Number);
  return Date.UTC(wall[2], wall[0] - 1, wall[1], wall[3], wall[4], wall[5]) - Math.floor(moment / 1000) * 1000;
}

/**
 * The moment at which the clocks of a zone show a date and time.
 *
 * As the server decides it (RFC 5545, section 3.3.5): of a time that occurs twice the first, and a skipped one as if the clocks had not
 * been put forward.
 */
export function instant(date, time, zone) {
  const local = Date.parse(`${date}T${time}Z`);
  const before = offset(local - dayLength, zone);
  const after = offset(local + dayLength, zone);
  if (offset(local - before, zone) === before || offset(local - after, zone) !== after) return local - before;
  return local - after;
}

/** "Berlin (CET)", or nothing where the visitor's clock shows the same. */
export function foreignZone(date, zone) {
  const moment = instant(date, "12:00:00", zone);
  if (offset(moment, zone) === -new Date(moment).getTimezoneOffset() * 60_000) return "";
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" }).formatToParts(moment);
  const short = parts.find((part) => part.type === "timeZoneName").value;
  const place = zone.split("/").pop().replace(/_/g, " ");
  return place === short ? short : `${place} (${short})`;
}
