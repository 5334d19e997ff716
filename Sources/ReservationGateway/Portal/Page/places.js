// What the page knows of the venue's slots: read once a month, kept up to date by events.

import { call } from "./api.js"
import { data } from "./text.js"
import { foreignZone, instant, now, span } from "./time.js"

export let months = []
export let today = ""
export let zone = data.time_zone

const known = new Map()
const listeners = []
/** For each month being read, the slots told of meanwhile, which are newer. */
const readings = new Set()

export const onChange = (listener) => listeners.push(listener)

export async function readMonths() {
	const answer = await call("reservation-slots/months")
	months = answer.data
	today = answer.metadata.today
	zone = answer.metadata.time_zone
}

export async function readMonth(month) {
	const told = []
	readings.add(told)
	try {
		const answer = await call("reservation-slots/available", { query: { month } })
		known.set(month, new Map(answer.data.map((slot) => [slot.id, slot])))
	} finally {
		readings.delete(told)
	}
	apply(told)
}

export function apply(slots) {
	for (const told of readings) told.push(...slots)
	for (const slot of slots) {
		const month = slotsIn(slot.date)
		if (slot.status === "CLOSED") month.delete(slot.id)
		else month.set(slot.id, slot)
	}
	for (const listener of listeners) listener()
}

export const isLoaded = (date) => known.has(date.slice(0, 7))

const slotsIn = (date) => known.get(date.slice(0, 7)) || new Map()

export const latest = (slot) => slotsIn(slot.date).get(slot.id)

export const slotsOn = (date) =>
	[...slotsIn(date).values()]
		.filter((slot) => slot.date === date && !hasStarted(slot))
		.sort((one, other) => start(one) - start(other))

const start = (slot) => (slot.starts = slot.starts || instant(slot.date, slot.start_time, zone))

export const hasStarted = (slot) => !data.allow_started && start(slot) <= now()

export function timesOf(slot) {
	const place = foreignZone(slot.date, zone)
	return span(slot) + (place && " · " + place)
}

/** Of slots together: few is a quarter or less. */
export function stateOf(...slots) {
	const sum = (name) => slots.reduce((total, slot) => total + slot[name], 0)
	const free = sum("available_count")
	if (!free) return slots.length ? "full" : "closed"
	return free * 4 <= sum("total_capacity") ? "few" : "plenty"
}

/** What is free on the same day. */
export const alternatives = (slot) => slotsOn(slot.date).filter((other) => other.available_count && other.id !== slot.id)
