// The first step: the code on the ticket.

import { call } from "./api.js"
import { explain, mark, onSubmit } from "./problems.js"
import { save, state } from "./state.js"
import { define, go, isCurrent } from "./steps.js"
import { find } from "./text.js"

const form = find("ticket-form")
const input = find("code")

/** The code in what was typed: small letters, spaces, missing or typographic dashes, a whole link are forgiven. */
export function normalize(typed) {
	const letters = typed.normalize("NFKC").toUpperCase()
	const found = letters.match(/(?:TKT|^)[\W_]*(\d{4})((?:[\W_]*[A-Z0-9]){12})(?![\W_]*[A-Z0-9])/)
	if (!found) return ""
	const rest = found[2].replace(/[\W_]/g, "")
	return `TKT-${found[1]}-${rest.slice(0, 6)}-${rest.slice(6)}`
}

export function fill(code) {
	input.value = normalize(code) || code.trim().slice(0, 99)
	save({ code: input.value })
}

export const submit = () => form.dispatchEvent(new Event("submit", { cancelable: true }))

const ask = (code) => call("tickets/validate", { body: { ticket_code: code } })

async function validate() {
	const code = normalize(input.value)
	if (!code) return complain({ code: "INVALID_TICKET_CODE" })
	fill(code)
	mark("code")
	try {
		const { data } = await ask(code)
		save({ ticket: { id: data.ticket_id, code: data.ticket_code } })
		if (isCurrent("ticket")) go("contact")
	} catch (refusal) {
		save({ ticket: undefined })
		return complain(refusal)
	}
}

function complain(refusal) {
	mark("code", explain(refusal))
	if (isCurrent("ticket")) input.focus()
	return refusal.seconds
}

/** Where the ticket is no longer good: back to the beginning, with the reason. The contact stays. */
export function reject(refusal) {
	if (!/^(INVALID_)?TICKET_|^ORGANIZATION_/.test(refusal.code)) return false
	save({ ticket: undefined, key: undefined })
	go("ticket", true)
	complain(refusal)
	return true
}

/** A ticket that was good before a reload may no longer be. */
export function recheck() {
	const { ticket } = state
	ask(ticket.code).catch((refusal) => state.ticket === ticket && !state.pending && !state.done && reject(refusal))
}

input.oninput = () => save({ code: input.value })
input.onchange = () => fill(input.value)
onSubmit(form, validate)

define("ticket", () => {
	input.value = state.code || ""
	mark("code")
})
