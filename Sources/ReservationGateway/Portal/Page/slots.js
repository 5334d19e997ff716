// The third step: a day in the calendar, then one of its times.

import * as calendar from "./calendar.js";
import { stop, watch } from "./live.js";
import { isLoaded, months, onChange, readMonths, slotsOn, stateOf, zoneName } from "./places.js";
import { explain } from "./problems.js";
import { save, state } from "./state.js";
import { define, go, isCurrent } from "./steps.js";
import { element, find, text, venueLinks, write } from "./text.js";
import { clock, foreignZone, longDate, span } from "./time.js";

const list = find("slots");
const trouble = find("time-error");
const turns = { [-1]: find("previous-month"), 1: find("next-month") };
let month;
/** The day's slots as they were last shown, to tell what has changed. */
let shown = new Map();

async function enter() {
  trouble.replaceChildren();
  try {
    await readMonths();
  } catch (refusal) {
    trouble.append(explain(refusal));
    return;
  }
  if (!isCurrent("time")) return;
  find("planner").hidden = !months.length;
  const free = months.find((each) => each.available_count > 0);
  if (!free) trouble.append(element("p", {}, text(months.length ? "none_free" : "none_open")), element("p", {}, ...spaced(venueLinks())));
  const before = months.find((each) => each.month === state.month);
  const begin = before || free || months[0];
  if (begin) show(begin.month);
}

const spaced = (nodes) => nodes.flatMap((node) => [node, " "]);

const neighbour = (direction) => months[months.findIndex((each) => each.month === month) + direction];

async function show(newMonth) {
  month = newMonth;
  save({ month });
  calendar.draw(month);
  for (const direction of [-1, 1]) turns[direction].disabled = !neighbour(direction);
  drawDay();
  try {
    await watch(month);
  } catch (refusal) {
    write(trouble, explain(refusal));
  }
}

/** Shows the month before or after, if there is one. */
function turn(direction) {
  const next = neighbour(direction);
  if (next) show(next.month);
  return Boolean(next);
}

function choose(date) {
  if (date !== state.date) shown = new Map();
  save({ date });
  calendar.update(date);
  drawDay();
  find("day").scrollIntoView({ block: "nearest", behavior: "smooth" });
}

function drawDay() {
  const date = state.date && state.date.slice(0, 7) === month && isLoaded(month) ? state.date : "";
  const slots = date ? slotsOn(date) : [];
  write(find("day-title"), date ? longDate(date) : text("pick_day"));
  const zone = date && foreignZone(date, zoneName());
  write(find("zone"), zone ? text("zone", { zone }) : date && !slots.length ? text("no_times") : "");
  announce(slots);
  const ids = slots.map((slot) => slot.id).join();
  if (list.dataset.ids !== ids) {
    list.dataset.ids = ids;
    list.replaceChildren(...slots.map(() => item()));
  }
  slots.forEach((slot, index) => fill(list.children[index].firstChild, slot));
}

function item() {
  const parts = ["when", "count", "state"].map((name) => element("span", { class: name }));
  return element("li", {}, element("button", { type: "button", class: "slot", click: pick }, ...parts, element("i")));
}

/** A slot's button, changed only where its slot has. */
function fill(button, slot) {
  const [when, count, state_, meter] = button.children;
  const name = stateOf([slot]);
  button.slot_ = slot;
  button.className = "slot " + name;
  if (name === "full") button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
  if (state.slot && state.slot.id === slot.id) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  write(when, span(slot));
  write(count, text("booked", { booked: slot.booked_count, total: slot.total_capacity }));
  write(state_, text(name));
  meter.style.setProperty("--share", slot.booked_count / slot.total_capacity);
}

function pick(event) {
  const { slot_: slot } = event.currentTarget;
  if (stateOf([slot]) === "full") return;
  save({ slot });
  go("confirm");
}

/** Tells a screen reader of what matters on the chosen day, not of every count. */
function announce(slots) {
  const news = [];
  for (const slot of slots) {
    const name = stateOf([slot]);
    const before = shown.get(slot.id);
    if (before && before !== name && name !== "plenty") news.push(text("now_" + name, { time: clock(slot.start_time) }));
  }
  shown = new Map(slots.map((slot) => [slot.id, stateOf([slot])]));
  if (news.length) write(find("announcement"), news.join(" "));
}

function refresh() {
  if (!isCurrent("time") || !month) return;
  calendar.update(state.date);
  drawDay();
}

calendar.listen({ choose, turn });
for (const direction of [-1, 1]) turns[direction].addEventListener("click", () => turn(direction));
onChange(refresh);
// Times begin while one looks at them.
setInterval(refresh, 30_000);

define("time", { isComplete: () => Boolean(state.slot), enter, leave: stop });
