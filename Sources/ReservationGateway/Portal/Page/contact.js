// The second step: where the confirmation goes.

import { call } from "./api.js"
import { explain, mark, onSubmit } from "./problems.js"
import { save, state } from "./state.js"
import { define, go, isCurrent } from "./steps.js"
import { data, find, text, write } from "./text.js"
import { reject } from "./ticket.js"

const form = find("contact-form")
const fields = ["email", "phone"]

/** What nobody's address lacks; the rest the server knows, and says at once. */
export const isEmail = (typed) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*\.[^\s@.\d]{2,}$/.test(typed)

/** A number without what people write into it for legibility; `00` is the way to dial `+`. */
export function bareNumber(typed) {
	const number = typed.normalize("NFKC").replace(/^(\s*(\+|00)[\d\s]*)\(0\)/, "$1")
	return number.replace(/[^\w+]/g, "").replace(/^00/, "+")
}

export function phoneProblem(number) {
	if (/^\d/.test(number)) return "e_phone_country"
	const isWhole = /^\+[1-9]\d{1,14}$/.test(number) && number.length > data.phone_minimum_digits
	return !isWhole && "e_phone"
}

async function verify() {
	const email = find("email").value.trim()
	const phone = bareNumber(find("phone").value)
	if (complain({ email: !isEmail(email) && "e_email", phone: phoneProblem(phone) })) return
	const { id, code } = state.ticket
	try {
		await call("tickets/verify-contact", { body: { ticket_id: id, ticket_code: code, email, phone } })
		save({ contact: { email, phone } })
		if (isCurrent("contact")) go("time")
	} catch (refusal) {
		if (!reject(refusal)) show(refusal)
		return refusal.seconds
	}
}

/** Shows what the server has against the contact, in a later step too. */
export function show(refusal) {
	save({ contact: undefined })
	if (!isCurrent("contact")) go("contact", true)
	const wrong = {}
	for (const { field } of refusal.details.validation_errors || []) {
		const name = field.replace("customer_", "")
		wrong[name] = "e_" + name
	}
	if (!complain(wrong)) write("contact-error", explain(refusal))
}

function complain(wrong) {
	for (const field of fields) mark(field, wrong[field] && text(wrong[field]))
	const first = fields.find((field) => wrong[field])
	write("contact-error", first ? text("e_check") : "")
	if (first) find(first).focus()
	return first
}

form.oninput = ({ target }) => {
	save({ [target.id]: target.value })
	mark(target.id)
	if (!form.querySelector("[aria-invalid]")) write("contact-error", "")
}
onSubmit(form, verify)

define("contact", () => {
	for (const field of fields) find(field).value = state[field] || ""
	complain({})
})
