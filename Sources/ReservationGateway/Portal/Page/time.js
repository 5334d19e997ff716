// Dates and times of the venue, in the visitor's words.

import { locale } from "./text.js"

const day = 86_400_000
const formats = {}
let skew = 0

// The server judges what has started.
export function synchronize(date) {
	skew = Date.parse(date) - Date.now() || 0
}

export const now = () => Date.now() + skew

function format(moment, options, language = locale) {
	const name = language + JSON.stringify(options)
	formats[name] = formats[name] || new Intl.DateTimeFormat(language, options)
	return formats[name].format(moment)
}

const noon = (date) => Date.parse(date + "T12:00Z")
const inWords = (date, options) => format(noon(date), { timeZone: "UTC", ...options })

export const longDate = (date) => inWords(date, { dateStyle: "full" })

export const monthName = (month) => inWords(month + "-01", { month: "long", year: "numeric" })

export const weekdayName = (index, weekday) => inWords(addDays("2024-01-01", index), { weekday })

export const clock = (time) => format(Date.parse(`1970-01-01T${time}Z`), { timeStyle: "short", timeZone: "UTC" })

/** "12:00 PM – 2:00 PM" */
export const span = (slot) => `${clock(slot.start_time)} – ${clock(slot.end_time)}`

export const weekday = (date) => (new Date(noon(date)).getUTCDay() + 6) % 7

export const addDays = (date, days) => new Date(noon(date) + days * day).toISOString().slice(0, 10)

export const daysIn = (month) => new Date(Date.UTC(month.slice(0, 4), month.slice(5), 0)).getUTCDate()

export function firstWeekday() {
	const region = new Intl.Locale(locale)
	const { firstDay } = region.getWeekInfo ? region.getWeekInfo() : region.weekInfo || {}
	if (firstDay) return firstDay - 1
	return /US|CA|MX|CO|PE|VE|BR|IN|JP|ZA/.test(region.maximize().region) ? 6 : 0
}

function offset(moment, timeZone) {
	const part = "numeric"
	const options = { timeZone, hourCycle: "h23", year: part, month: part, day: part, hour: part, minute: part, second: part }
	const [month, date, year, ...time] = format(moment, options, "en-US").match(/\d+/g)
	return Date.UTC(year, month - 1, date, ...time) - Math.floor(moment / 1000) * 1000
}

/** When a zone's clocks show a time: the first of two; a skipped one as on the clock of before (RFC 5545, section 3.3.5). */
export function instant(date, time, zone) {
	const local = Date.parse(`${date}T${time}Z`)
	const before = offset(local - day, zone)
	const after = offset(local + day, zone)
	const isBefore = offset(local - before, zone) === before || offset(local - after, zone) !== after
	return local - (isBefore ? before : after)
}

/** "Berlin (CET)", or nothing where the visitor's clock shows the same. */
export function foreignZone(date, timeZone) {
	const moment = instant(date, "12:00:00", timeZone)
	if (offset(moment, timeZone) === new Date(moment).getTimezoneOffset() * -60_000) return ""
	const name = format(moment, { timeZone, timeZoneName: "short" }).split(" ").pop()
	return `${timeZone.split("/").pop().replace(/_/g, " ")} (${name})`
}
