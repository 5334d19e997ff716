// What the visitor has entered, kept for this tab: code, email, phone as typed; ticket and contact once checked; month, date, slot;
// key and pending of a booking, and done, its answer; step; lang.

import { data } from "./text.js"

const name = `reservation-${data.orq}`

export const state = {}
try {
	Object.assign(state, JSON.parse(sessionStorage.getItem(name)))
} catch {
	// Storage is forbidden or damaged: everything works, until a reload.
}

export function save(changes) {
	Object.assign(state, changes)
	try {
		sessionStorage.setItem(name, JSON.stringify(state))
	} catch {
		// As above.
	}
}
