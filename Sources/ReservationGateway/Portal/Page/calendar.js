// A month as a grid (WAI-ARIA Authoring Practices, "Grid" and "Date Picker"): one stop for Tab, arrow keys inside.

import { isLoaded, slotsOn, stateOf, today } from "./places.js"
import { element, find, set, text, write } from "./text.js"
import { addDays, daysIn, firstWeekday, longDate, monthName, weekday, weekdayName } from "./time.js"

const table = find("calendar")
const body = table.tBodies[0]
const first = firstWeekday()
const week = [...Array(7).keys()]
/** As many as the longest month needs: what is below must not jump. */
const rows = week.slice(1)

let month
let chosen
let handlers

const dayOf = (number) => `${month}-${String(number).padStart(2, "0")}`
const cell = (date) => body.querySelector(`[data-date="${date}"]`)
const column = (date) => (weekday(date) - first + 7) % 7

/** `choose(date)`; `turn(direction)` shows a neighbour, if there is one, and says so. */
export function listen(given) {
	handlers = given
}

export function draw(newMonth) {
	month = newMonth
	write("month", monthName(month))
	const before = column(dayOf(1)) + 6
	const days = daysIn(month)
	const dayCell = (number) => {
		if (number < 1 || number > days) return element("td", {})
		const date = dayOf(number)
		return element("td", { "data-date": date, tabindex: "-1", "aria-current": date === today && "date" }, String(number))
	}
	body.replaceChildren(...rows.map((row) => element("tr", {}, ...week.map((index) => dayCell(row * 7 + index - before)))))
	update(chosen)
}

export function update(newChosen) {
	chosen = newChosen
	const isKnown = isLoaded(month)
	set(table, "aria-busy", String(!isKnown))
	const cells = [...body.querySelectorAll("[data-date]")]
	for (const node of cells) {
		const { date } = node.dataset
		const state = stateOf(...slotsOn(date))
		node.className = state
		set(node, "aria-label", longDate(date) + (isKnown ? ", " + text(state) : ""))
		set(node, "aria-disabled", String(!isOpen(node)))
		set(node, "aria-selected", String(date === chosen))
	}
	if (!body.contains(document.activeElement)) makeStop(cell(chosen) || cells.find(isOpen) || cells[0])
}

const isOpen = (node) => node.className !== "closed"

function makeStop(node) {
	for (const other of body.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1
	node.tabIndex = 0
}

function focus(node) {
	makeStop(node)
	node.focus()
}

function choose(node) {
	if (!node || !isOpen(node)) return
	makeStop(node)
	handlers.choose(node.dataset.date)
}

function cross(direction, date, otherwise) {
	if (handlers.turn(direction)) focus(cell(month + date.slice(7)) || cell(dayOf(otherwise || daysIn(month))))
}

function press(key, date) {
	const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[key]
	const begin = date.slice(8) - column(date)
	const wanted = days && addDays(date, days)
	if (cell(wanted)) focus(cell(wanted))
	else if (days) cross(Math.sign(days), wanted, days > 0 && 1)
	else if (key === "Home") focus(cell(dayOf(Math.max(1, begin))))
	else if (key === "End") focus(cell(dayOf(Math.min(daysIn(month), begin + 6))))
	else if (key === "PageUp") cross(-1, date)
	else if (key === "PageDown") cross(1, date)
	else if (key === "Enter" || key === " ") choose(cell(date))
	else return false
	return true
}

body.onkeydown = (event) => {
	const { date } = event.target.dataset
	const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey
	if (isPlain && date && press(event.key, date)) event.preventDefault()
}
body.onclick = (event) => choose(event.target.closest("[data-date]"))

table.tHead.rows[0].append(
	...week.map((index) => element("th", { abbr: weekdayName(first + index, "long") }, weekdayName(first + index, "short"))),
)
