// What went wrong, in the visitor's words, where it has to be put right.

import { pause } from "./api.js"
import { find, set, text, write } from "./text.js"
import { longDate } from "./time.js"

export function explain({ code, details }) {
	const day = details?.reserved_date || details?.valid_until
	return text("e_" + String(code).toLowerCase(), { date: day ? longDate(day) : "…" })
}

export function mark(field, message) {
	write(field + "-error", message || "")
	set(find(field), "aria-invalid", message && "true")
}

/** While `work` goes on, and for the seconds it returns, the button says so and does nothing. */
export async function busy(button, work) {
	if (button.hasAttribute("aria-disabled")) return
	const label = button.textContent
	set(button, "aria-disabled", "true")
	write(button, text("busy"))
	const end = Date.now() + (await work()) * 1000
	for (let count; (count = Math.ceil((end - Date.now()) / 1000)) > 0; await pause(500)) write(button, text("wait", { count }))
	write(button, label)
	set(button, "aria-disabled")
}

export function onSubmit(form, work) {
	form.onsubmit = (event) => {
		event.preventDefault()
		busy(form.querySelector(".primary"), work)
	}
}
