// An appointment for the visitor's own calendar (RFC 5545).

import { data, text } from "./text.js"
import { addDays, instant, now } from "./time.js"

const utc = (moment) => new Date(moment).toISOString().replace(/[-:]|\.\d+/g, "")

const escape = (value) => value.replace(/[\\;,]/g, "\\$&")

/** Lines end after 75 bytes at the latest, never inside a character (section 3.1). */
function fold(line) {
	let folded = ""
	let length = 0
	for (const character of line) {
		const bytes = new TextEncoder().encode(character).length
		length += bytes
		if (length > 75) {
			folded += "\r\n "
			length = 1 + bytes
		}
		folded += character
	}
	return folded + "\r\n"
}

/** The times are written in UTC, so that no reader needs to know the venue's zone. */
export function appointment(reservation, zone) {
	const { date, start_time: from, end_time: to } = reservation.slot
	const lines = [
		"BEGIN:VCALENDAR",
		"VERSION:2.0",
		"PRODID:-//reservation-portal//reserve//EN",
		"BEGIN:VEVENT",
		`UID:reservation-${reservation.reservation_id}@${location.hostname}`,
		`DTSTAMP:${utc(now())}`,
		`DTSTART:${utc(instant(date, from, zone))}`,
		`DTEND:${utc(instant(to > from ? date : addDays(date, 1), to, zone))}`,
		`SUMMARY:${escape(data.organization)}`,
		`DESCRIPTION:${escape(`${text("ticket_label")}: ${reservation.ticket_code}`)}`,
		"END:VEVENT",
		"END:VCALENDAR",
	]
	return lines.map(fold).join("")
}
