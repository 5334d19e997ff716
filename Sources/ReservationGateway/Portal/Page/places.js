// What the page knows of the venue's slots: read once a month, kept up to date by events.

import { call } from "./api.js";
import { data } from "./text.js";
import { addDays, instant, now } from "./time.js";

/** Months that have slots: {month, available_count}, ascending. */
export let months = [];
export let today = "";
let zone = data.time_zone;

const known = new Map();
const listeners = new Set();
/** For each month being read, the slots told of meanwhile: they are newer than what is read. */
const readings = new Set();

export const zoneName = () => zone;
export const isLoaded = (month) => known.has(month);

/** Calls back whenever slots changed. */
export function onChange(listener) {
  listeners.add(listener);
}

export async function readMonths() {
  const answer = await call("reservation-slots/months");
  months = answer.data;
  today = answer.metadata.today;
  zone = answer.metadata.time_zone;
}

export async function readMonth(month) {
  const told = [];
  readings.add(told);
  try {
    const answer = await call("reservation-slots/available", { query: { month } });
    known.set(month, new Map(answer.data.map((slot) => [slot.id, slot])));
    zone = answer.metadata.time_zone;
  } finally {
    readings.delete(told);
  }
  apply(told);
}

/** Takes in slots as they now are. */
export function apply(slots) {
  for (const told of readings) told.push(...slots);
  for (const slot of slots) {
    const month = known.get(slot.date.slice(0, 7));
    if (!month) continue;
    if (slot.status === "CLOSED") month.delete(slot.id);
    else month.set(slot.id, slot);
  }
  for (const listener of listeners) listener();
}

const slotsIn = (month) => known.get(month) || new Map();

/** What a slot has become; nothing when it is gone or its month has not been read. */
export const latest = (slot) => slotsIn(slot.date.slice(0, 7)).get(slot.id);

/** A day's slots that have not started, in order. */
export function slotsOn(date) {
  return [...slotsIn(date.slice(0, 7)).values()]
    .filter((slot) => slot.date === date && !hasStarted(slot))
    .sort((one, other) => one.start_time.localeCompare(other.start_time));
}

const start = (slot) => (slot.starts = slot.starts || instant(slot.date, slot.start_time, zone));

export const hasStarted = (slot) => !data.allow_started && start(slot) <= now();

/** "plenty", "few" (a quarter or less), "full" or "closed" (none to choose) of some slots together. */
export function stateOf(slots) {
  if (!slots.length) return "closed";
  const sum = (name) => slots.reduce((total, slot) => total + slot[name], 0);
  const free = slots.reduce((total, slot) => total + (slot.status === "FULL" ? 0 : slot.available_count), 0);
  if (!free) return "full";
  return free * 4 <= sum("total_capacity") ? "few" : "plenty";
}

/** As the server chooses them: the same day first, then the days around it, the nearest start first. */
export function alternatives(slot) {
  const distance = (other) => Math.abs(start(other) - start(slot));
  const near = (dates) => dates.flatMap(slotsOn).filter((other) => stateOf([other]) !== "full" && other.id !== slot.id);
  const nearest = (dates) => near(dates).sort((one, other) => distance(one) - distance(other));
  return [...nearest([slot.date]), ...nearest([addDays(slot.date, -1), addDays(slot.date, 1)])].slice(0, 5);
}
