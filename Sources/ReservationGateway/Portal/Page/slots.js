// The third step: a day in the calendar, then one of its times.

import * as calendar from "./calendar.js"
import { watch } from "./live.js"
import { isLoaded, months, onChange, readMonths, slotsOn, stateOf, zone } from "./places.js"
import { save, state } from "./state.js"
import { define, go, isCurrent } from "./steps.js"
import { element, find, set, text, write } from "./text.js"
import { clock, foreignZone, longDate, span } from "./time.js"

const list = find("slots")
const trouble = find("time-error")
const turns = { [-1]: find("previous-month"), 1: find("next-month") }
let month
let slots = []
let shown = new Map()

async function enter() {
	trouble.replaceChildren()
	await readMonths()
	if (!isCurrent("time")) return
	find("planner").hidden = !months.length
	const free = months.find((each) => each.available_count)
	if (!free) trouble.append(text(months.length ? "none_free" : "none_open"), " ", find("venue").cloneNode(true))
	const begin = months.find((each) => each.month === state.month) || free || months[0]
	if (begin) show(begin.month)
}

const neighbour = (direction) => months[months.findIndex((each) => each.month === month) + direction]

function show(newMonth) {
	month = newMonth
	save({ month })
	calendar.draw(month)
	for (const direction of [-1, 1]) turns[direction].disabled = !neighbour(direction)
	refresh()
	watch(month)
}

function turn(direction) {
	const next = neighbour(direction)
	if (next) show(next.month)
	return next
}

function choose(date) {
	shown.clear()
	save({ date })
	refresh()
	find("day").scrollIntoView({ block: "nearest" })
}

function refresh() {
	if (!isCurrent("time") || !month) return
	calendar.update(state.date)
	const date = state.date && state.date.startsWith(month) && isLoaded(month) ? state.date : ""
	slots = date ? slotsOn(date) : []
	const zoneHere = date && foreignZone(date, zone)
	write("day-title", date ? longDate(date) : text("pick_day"))
	write("zone", date && !slots.length ? text("no_times") : zoneHere && text("zone", { zone: zoneHere }))
	const ids = slots.map((slot) => slot.id).join()
	if (list.dataset.ids !== ids) {
		list.dataset.ids = ids
		list.replaceChildren(...slots.map(item))
	}
	slots.forEach(fill)
	announce()
}

function item(_, index) {
	const parts = ["when", "count", "state"].map((name) => element("span", { class: name }))
	return element("li", {}, element("button", { onclick: () => pick(slots[index]) }, ...parts))
}

function fill(slot, index) {
	const button = list.children[index].firstChild
	const [when, count, label] = button.children
	const name = stateOf(slot)
	button.className = "slot " + name
	set(button, "aria-disabled", name === "full" && "true")
	set(button, "aria-current", state.slot?.id === slot.id && "true")
	write(when, span(slot))
	write(count, text("booked", { booked: slot.booked_count, total: slot.total_capacity }))
	write(label, text(name))
}

function pick(slot) {
	if (!slot.available_count) return
	save({ slot })
	go("confirm")
}

/** Tells a screen reader of what matters on the chosen day, not of every count. */
function announce() {
	const news = []
	for (const slot of slots) {
		const name = stateOf(slot)
		const before = shown.get(slot.id)
		if (before && before !== name && name !== "plenty") news.push(text("now_" + name, { time: clock(slot.start_time) }))
		shown.set(slot.id, name)
	}
	if (news.length) write("announcement", news.join(" "))
}

calendar.listen({ choose, turn })
for (const direction of [-1, 1]) turns[direction].onclick = () => turn(direction)
onChange(refresh)
setInterval(refresh, 30_000)

define("time", enter)
