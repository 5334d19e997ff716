// The fourth step: the booking, once however often it is asked for.

import { call } from "./api.js"
import { show as showContact } from "./contact.js"
import { watch } from "./live.js"
import { alternatives, hasStarted, isLoaded, latest, onChange, timesOf } from "./places.js"
import { busy, explain } from "./problems.js"
import { save, state } from "./state.js"
import { define, go, isCurrent } from "./steps.js"
import { data as venue, element, find, text, write } from "./text.js"
import { reject } from "./ticket.js"
import { longDate, span } from "./time.js"

const button = find("book")
const trouble = find("confirm-error")

function reset() {
	const { slot, contact, ticket } = state
	trouble.replaceChildren()
	button.hidden = false
	find("summary").replaceChildren(
		row("step_time", "time", longDate(slot.date), timesOf(slot)),
		row("ticket_label", "ticket", ticket.code),
		row("email_label", "contact", contact.email),
		row("phone_label", "contact", contact.phone),
	)
	watch(slot.date.slice(0, 7))
}

function row(key, step, ...facts) {
	const label = `${text("change")}: ${text(key)}`
	const change = element("button", { "aria-label": label, onclick: () => go(step) }, text("change"))
	const value = element("dd", {}, ...facts.map((fact) => element("span", {}, fact)))
	return element("div", {}, element("dt", {}, text(key)), value, element("dd", {}, change))
}

/** One key for each intention, so that repetitions and reloads book once. */
function keyFor(of) {
	if (state.key?.of !== of) {
		save({ key: { of, value: crypto.getRandomValues(new Uint32Array(4)).join("-") } })
	}
	return state.key.value
}

async function book() {
	const { ticket, slot, contact } = state
	const { email: customer_email, phone: customer_phone } = contact
	const body = { ticket_id: ticket.id, ticket_code: ticket.code, slot_id: slot.id, customer_email, customer_phone }
	const key = keyFor(JSON.stringify(body))
	body.language = venue.lang
	save({ pending: true })
	trouble.replaceChildren()
	try {
		const { data } = await call("reservations/create", { body, key })
		save({ done: { ...data, email: customer_email }, pending: undefined, key: undefined })
		go("done", true)
	} catch (refusal) {
		// After 429 or a fault of the server it may be booked: the same key again, then.
		save({ pending: undefined, key: refusal.status < 429 ? undefined : state.key })
		if (reject(refusal)) return
		if (refusal.code === "INVALID_CONTACT") showContact(refusal)
		else if (/^SLOT|^VISIT/.test(refusal.code)) offer(refusal, refusal.details.alternative_slots)
		else write(trouble, explain(refusal))
		return refusal.seconds
	}
}

/** In place of the button: what is free. */
function offer(problem, slots = problem.details?.valid_until ? [] : alternatives(state.slot)) {
	const choices = slots.map((slot) => {
		const label = `${longDate(slot.date)}, ${span(slot)}`
		return element("button", { class: "slot", onclick: () => take({ id: slot.slot_id, ...slot }, label) }, label)
	})
	trouble.replaceChildren(
		element("p", {}, explain(problem), " ", choices.length ? text("alternatives") : ""),
		...choices,
		element("button", { class: "action", onclick: () => go("time") }, text("other_times")),
	)
	button.hidden = true
}

function take(slot, label) {
	save({ slot, date: slot.date, month: slot.date.slice(0, 7) })
	reset()
	write("announcement", label)
	button.focus()
}

function check() {
	if (!isCurrent("confirm") || state.pending || button.hidden || !isLoaded(state.slot.date)) return
	const slot = latest(state.slot)
	const code = !slot ? "SLOT_NOT_FOUND" : hasStarted(slot) ? "SLOT_CLOSED" : slot.available_count ? "" : "SLOT_FULL"
	if (code) offer({ code })
}

const press = () => busy(button, book)

button.onclick = press
onChange(check)
setInterval(check, 30_000)

define("confirm", () => {
	reset()
	if (state.pending) press()
})
