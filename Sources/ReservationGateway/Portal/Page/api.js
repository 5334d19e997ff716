// Calls of the gateway. A dead spot or a restart is waited out, and the page says so.

import { data, text, write } from "./text.js"
import { synchronize } from "./time.js"

const patience = 20_000
const waiting = new Set()

export const address = (path, query) => `/api/${path}?${new URLSearchParams({ ...query, orq: data.orq })}`

/** Asks until there is a definite answer; throws refusals. `key` makes repetitions of a booking harmless. */
export async function call(path, { body, key, query } = {}) {
	const caller = Symbol()
	for (let attempt = 0; ; attempt++) {
		const { status, seconds, success, error = {}, ...answer } = await ask(address(path, query), body, key)
		waiting[status ? "delete" : "add"](caller)
		write("banner", waiting.size ? text(navigator.onLine ? "retrying" : "offline") : "")
		if (success) return answer
		if (status) throw { status, seconds, code: error.code || "", details: error }
		// Everybody who was turned away must not come back at the same moment.
		await pause(Math.max(seconds * 1000, Math.min(8000, 500 * 2 ** attempt)) * (1 + Math.random() / 2))
	}
}

async function ask(url, body, key) {
	const abort = new AbortController()
	const timer = setTimeout(() => abort.abort(), patience)
	const headers = { "content-type": "application/json", ...(key && { "idempotency-key": key }) }
	let seconds = 0
	try {
		const { signal } = abort
		const reply = await fetch(url, body ? { method: "POST", headers, body: JSON.stringify(body), signal } : { signal })
		synchronize(reply.headers.get("date"))
		seconds = Math.min(reply.headers.get("retry-after"), 600) || 0
		return reply.status > (body ? 501 : 499) ? { seconds } : { ...(await reply.json()), status: reply.status, seconds }
	} catch {
		// No connection, or a hotel's sign-in page has answered.
		return { seconds }
	} finally {
		clearTimeout(timer)
	}
}

export function pause(milliseconds) {
	return new Promise((resume) => {
		setTimeout(resume, milliseconds)
		addEventListener("online", resume, { once: true })
	})
}
