// The steps and the browser's history: each step is an entry, reached only when what it needs is there.

import { save, state } from "./state.js"
import { data, element, find, text, write } from "./text.js"

const names = ["ticket", "contact", "time", "confirm", "done"]
/** What each adds to the state; without that none of the later ones is shown. */
const results = { ticket: "ticket", contact: "contact", time: "slot", confirm: "done" }
const steps = {}
let current

export function define(name, enter, leave) {
	steps[name] = { enter, leave }
}

export const isCurrent = (name) => current === name

/** Goes to a step, as a new entry of the history or in place of the present one. */
export function go(name, isInPlace) {
	if (!isInPlace) history.pushState({ from: current }, "", "#" + reachable(name))
	arrive(name, true)
}

/** Begins where the address says, or where the visitor was. */
export function begin(name) {
	onpopstate = () => arrive(location.hash.slice(1), true)
	for (const back of document.querySelectorAll(".back:not([id])")) back.onclick = goBack
	arrive(name || location.hash.slice(1) || state.step)
}

function arrive(wanted, isMove) {
	const name = reachable(wanted)
	history.replaceState(history.state, "", "#" + name)
	if (steps[current]) steps[current].leave?.()
	current = name
	save({ step: name })
	show(name)
	steps[name].enter()
	if (!isMove) return
	scrollTo({ top: 0, behavior: "instant" })
	find(name + "-title").focus({ preventScroll: true })
}

/** The step itself, or the first one before it that is not complete. */
function reachable(wanted) {
	// What is booked is not booked again, and a booking under way is seen through.
	if (state.done) return "done"
	if (state.pending) return "confirm"
	const last = names.includes(wanted) ? wanted : "ticket"
	return names.find((name) => name === last || !state[results[name]])
}

function goBack() {
	const before = names[names.indexOf(current) - 1]
	if (history.state?.from === before) history.back()
	else go(before)
}

function show(name) {
	const here = names.indexOf(name)
	const items = names.map((each, index) => {
		find("step-" + each).hidden = index !== here
		return element("li", { class: index <= here && "reached", "aria-current": index === here && "step" }, element("span", {}, text("step_" + each)))
	})
	find("steps").replaceChildren(...items)
	for (const link of document.querySelectorAll("#languages a")) link.hash = name
	document.title = `${find(name + "-title").textContent} · ${data.organization}`
	write("announcement", "")
}
