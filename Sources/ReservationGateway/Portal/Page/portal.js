// Starts the page. All modules are named here, to be fetched side by side.

import "./api.js"
import "./calendar.js"
import "./confirm.js"
import "./contact.js"
import "./done.js"
import "./ics.js"
import "./live.js"
import "./places.js"
import "./problems.js"
import "./slots.js"
import { save, state } from "./state.js"
import { begin } from "./steps.js"
import { data, element, find, translate } from "./text.js"
import { fill, normalize, recheck, submit } from "./ticket.js"
import "./time.js"

const address = new URL(location.href)
const query = address.searchParams

function inLanguage(lang) {
	const other = new URL(location.href)
	other.searchParams.set("lang", lang)
	return other.href
}

/** In place of this document, so that the back button still goes one step back. */
function change(event) {
	event.preventDefault()
	location.replace(inLanguage(event.target.lang))
}

function languageLink(lang) {
	const isHere = lang === data.lang && "true"
	return element("a", { href: inLanguage(lang), lang, hreflang: lang, "aria-current": isHere, onclick: change }, lang.toUpperCase())
}

function start() {
	// The code that came with a link leaves the address, where it could be seen or passed on.
	const code = query.get("ticket") || ""
	query.delete("ticket")
	history.replaceState(history.state, "", address)
	if (query.has("lang")) save({ lang: data.lang })
	// Going back may bring a document from before another language was chosen.
	else if (state.lang && state.lang !== data.lang) return location.replace(inLanguage(state.lang))
	find("fallback").remove()
	translate()
	find("languages").append(...data.languages.map(languageLink))
	if (code && !state.pending && state.done?.ticket_code !== normalize(code)) {
		save({ done: undefined, ticket: undefined })
		fill(code)
		begin("ticket")
		submit()
	} else {
		begin()
		if (state.ticket && !state.done && !state.pending) recheck()
	}
}

start()
