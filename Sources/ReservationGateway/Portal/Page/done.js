// The last step: the ticket, to show at the entrance, to keep and to print.

import { appointment } from "./ics.js"
import { timesOf, zone } from "./places.js"
import { save, state } from "./state.js"
import { define, go } from "./steps.js"
import { find, text, write } from "./text.js"
import { longDate } from "./time.js"

function enter() {
	const { slot, ticket_code: code, qr_code: qr, confirmation_sent: isSent, email } = state.done
	write("pass-date", longDate(slot.date))
	write("pass-time", timesOf(slot))
	write("pass-code", code)
	write("sent", isSent ? text("sent", { email: masked(email) }) : "")
	offer("add-to-calendar", appointment(state.done, zone), "text/calendar", code + ".ics")
	// The server may be unable to draw one; the code in text is as good at the entrance.
	find("qr").hidden = find("save-qr").hidden = !qr
	if (!qr) return
	Object.assign(find("qr"), { src: qr, alt: text("qr", { code }) })
	offer("save-qr", Uint8Array.from(atob(qr.split(",")[1]), (byte) => byte.charCodeAt(0)), "image/png", code + ".png")
}

function offer(id, content, type, download) {
	Object.assign(find(id), { href: URL.createObjectURL(new Blob([content], { type })), download })
}

/** "j***@example.com": enough to see a slip, too little for who looks over a shoulder. */
const masked = (email) => `${email[0]}***${email.slice(email.lastIndexOf("@"))}`

async function copy() {
	try {
		await navigator.clipboard.writeText(state.done.ticket_code)
	} catch {
		// A page that came by plain HTTP has no such clipboard.
		getSelection().selectAllChildren(find("pass-code"))
		document.execCommand("copy")
	}
	write("copy", text("copied"))
	write("announcement", text("copied"))
	setTimeout(() => write("copy", text("copy")), 3000)
}

find("copy").onclick = copy
find("print").onclick = () => print()
find("another").onclick = () => {
	// Who books for several people enters the contact once.
	save({ done: undefined, ticket: undefined, slot: undefined, code: "" })
	go("ticket")
}

define("done", enter)
