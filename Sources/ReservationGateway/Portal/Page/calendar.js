// A month as an ARIA grid (WAI-ARIA Authoring Practices, "Grid" and "Date Picker"): one stop for Tab, arrow keys inside.

import { isLoaded, slotsOn, stateOf, today } from "./places.js";
import { element, find, text } from "./text.js";
import { addDays, daysIn, firstWeekday, longDate, monthName, weekday, weekdayName } from "./time.js";

const table = find("calendar");
const body = table.tBodies[0];
const first = firstWeekday();
/** Always as many rows as the longest month needs: what is below must not jump. */
const rows = 6;

let month;
let chosen;
let handlers;

const dayOf = (number) => `${month}-${String(number).padStart(2, "0")}`;
const cell = (date) => body.querySelector(`[data-date="${date}"]`);

/** @param given `choose(date)`, and `turn(direction)`: shows a neighbour and tells whether there is one. */
export function listen(given) {
  handlers = given;
}

/** Draws a month, with nothing known of its days yet. */
export function draw(newMonth) {
  month = newMonth;
  find("month").textContent = monthName(month);
  let day = 1 - ((weekday(dayOf(1)) - first + 7) % 7);
  const days = daysIn(month);
  const cells = Array.from({ length: rows * 7 }, () => (day++ > 0 && day <= days + 1 ? dayCell(dayOf(day - 1)) : element("td")));
  body.replaceChildren(...Array.from({ length: rows }, (_, row) => element("tr", {}, ...cells.slice(row * 7, row * 7 + 7))));
  update();
}

function dayCell(date) {
  return element("td", { "data-date": date, tabindex: "-1", "aria-current": date === today ? "date" : undefined }, String(+date.slice(8)));
}

/** Brings the days up to date, in place. */
export function update(newChosen = chosen) {
  chosen = newChosen;
  table.setAttribute("aria-busy", String(!isLoaded(month)));
  const cells = [...body.querySelectorAll("[data-date]")];
  for (const node of cells) {
    const { date } = node.dataset;
    const state = isLoaded(month) ? stateOf(slotsOn(date)) : "unknown";
    node.className = state;
    node.setAttribute("aria-label", state === "unknown" ? longDate(date) : `${longDate(date)}, ${text(state)}`);
    node.setAttribute("aria-disabled", String(!isChoosable(node)));
    node.setAttribute("aria-selected", String(date === chosen));
  }
  if (!body.contains(document.activeElement)) makeStop(cell(chosen) || cells.find(isChoosable) || cells[0]);
}

const isChoosable = (node) => ["plenty", "few", "full"].includes(node.className);

/** Makes a day the one that Tab reaches. */
function makeStop(node) {
  for (const other of body.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  node.tabIndex = 0;
}

function focus(node) {
  makeStop(node);
  node.focus();
}

function move(date, direction) {
  if (cell(date)) focus(cell(date));
  // Where the neighbour is not the next month, its nearest day.
  else if (handlers.turn(direction)) focus(cell(date) || cell(dayOf(direction > 0 ? 1 : daysIn(month))));
}

/** The same day of a neighbouring month, or its last. */
function turn(date, direction) {
  if (handlers.turn(direction)) focus(cell(month + date.slice(7)) || cell(dayOf(daysIn(month))));
}

function press(key, date) {
  const inWeek = (weekday(date) - first + 7) % 7;
  const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[key];
  const day = +date.slice(8);
  if (days) move(addDays(date, days), Math.sign(days));
  else if (key === "Home") focus(cell(dayOf(Math.max(1, day - inWeek))));
  else if (key === "End") focus(cell(dayOf(Math.min(daysIn(month), day + 6 - inWeek))));
  else if (key === "PageUp") turn(date, -1);
  else if (key === "PageDown") turn(date, 1);
  else if (key === "Enter" || key === " ") choose(cell(date));
  else return false;
  return true;
}

function choose(node) {
  if (!isChoosable(node)) return;
  makeStop(node);
  handlers.choose(node.dataset.date);
}

body.addEventListener("keydown", (event) => {
  const { date } = event.target.dataset;
  if (!date || event.altKey || event.ctrlKey || event.metaKey) return;
  if (press(event.key, date)) event.preventDefault();
});
body.addEventListener("click", (event) => {
  const node = event.target.closest("[data-date]");
  if (node) choose(node);
});

table.tHead.rows[0].replaceChildren(
  ...Array.from({ length: 7 }, (_, index) =>
    element("th", { scope: "col", abbr: weekdayName(first + index, "long") }, weekdayName(first + index, "short")),
  ),
);
