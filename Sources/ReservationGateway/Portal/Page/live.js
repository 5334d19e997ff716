// Keeps a month up to date while somebody looks at it: by events, by asking now and then where those do not get through.

import { address } from "./api.js"
import { apply, readMonth } from "./places.js"

let month
let source
let timer

/** Reads a month and follows it, in place of another; none to end. */
export function watch(newMonth) {
	close()
	month = newMonth
	if (month) document.hidden ? refresh() : open()
}

function open() {
	close()
	const opened = new EventSource(address("reservation-slots/events", { month }))
	source = opened
	opened.addEventListener("slots", (event) => apply(JSON.parse(event.data)))
	// All pages hear this at once.
	opened.addEventListener("refresh", () => setTimeout(refresh, Math.random() * 2000))
	let isRead = false
	const read = () => {
		if (opened === source) refresh()
		isRead = true
	}
	// What is read once the stream is open misses nothing; where it opens late, the month is read twice.
	opened.onopen = read
	setTimeout(() => isRead || read(), 500)
	opened.onerror = () => {
		isRead || read()
		// Unless it is closed the browser connects again by itself.
		if (opened.readyState === EventSource.CLOSED && opened === source) poll(4)
	}
}

function poll(times) {
	timer = setTimeout(async () => {
		await refresh()
		if (times > 1) poll(times - 1)
		else open()
	}, 10_000 * (1 + Math.random()))
}

const refresh = () => month && readMonth(month)

function close() {
	source?.close()
	source = undefined
	clearTimeout(timer)
}

document.onvisibilitychange = () => {
	if (document.hidden) close()
	else if (month) open()
}
