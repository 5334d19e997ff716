// What went wrong, in the visitor's words, where it has to be put right.

import { find, set, text, write } from "./text.js"
import { longDate } from "./time.js"

export function explain({ code, details }) {
	const date = details?.reserved_date
	return date ? text("e_reserved_for", { date: longDate(date) }) : text("e_" + String(code).toLowerCase())
}

/** Says at a field what is wrong with it; nothing takes that away. */
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
	const end = (await work()) * 1000 + Date.now()
	const tick = () => {
		const count = Math.ceil((end - Date.now()) / 1000)
		write(button, count > 0 ? text("wait", { count }) : label)
		if (count > 0) setTimeout(tick, 500)
		else set(button, "aria-disabled")
	}
	tick()
}

export function onSubmit(form, work) {
	form.onsubmit = (event) => {
		event.preventDefault()
		busy(form.querySelector(".primary"), work)
	}
}
