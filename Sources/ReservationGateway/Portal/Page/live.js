// Keeps a month up to date while somebody looks at it: by server-sent events, by asking now and then where those do not get through.

import { address } from "./api.js"
import { apply, readMonth } from "./places.js"

let month
let source
let timer

/** Reads a month and follows it, in place of another. */
export function watch(newMonth) {
	month = newMonth
	return document.hidden ? readMonth(month) : open()
}

export function stop() {
	month = undefined
	close()
}

function open() {
	close()
	const opened = new EventSource(address("reservation-slots/events", { month }))
	source = opened
	opened.addEventListener("slots", (event) => apply(JSON.parse(event.data)))
	opened.addEventListener("refresh", refresh)
	// What is read after the stream has opened misses nothing; what was read before must be read again.
	const reading = month
	return new Promise((resolve) => {
		let isRead = false
		const begin = () => {
			if (!isRead) resolve(readMonth(reading))
			isRead = true
		}
		setTimeout(begin, 500)
		opened.onopen = () => (isRead ? refresh() : begin())
		opened.onerror = () => {
			begin()
			// Unless it is closed the browser connects again by itself, and "open" comes once more.
			if (opened.readyState === EventSource.CLOSED && opened === source) poll(4)
		}
	})
}

/** Asks each 10 to 20 seconds; then the stream may be worth another try. */
function poll(times) {
	timer = setTimeout(async () => {
		await refresh()
		if (times > 1) poll(times - 1)
		else open().catch(() => {})
	}, 10_000 * (1 + Math.random()))
}

const refresh = () => month && readMonth(month).catch(() => {})

function close() {
	if (source) source.close()
	source = undefined
	clearTimeout(timer)
}

document.onvisibilitychange = () => {
	if (document.hidden) close()
	else if (month) open().catch(() => {})
}
