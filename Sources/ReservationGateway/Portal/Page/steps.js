// The steps and the browser's history: each step is an entry, reached only when what it needs is there.

import { watch } from "./live.js"
import { save, state } from "./state.js"
import { data, element, find, text, write } from "./text.js"

const names = ["ticket", "contact", "time", "confirm", "done"]
/** What each adds to the state, and the later ones need. */
const results = ["ticket", "contact", "slot", "done"]
const steps = {}
let current

export function define(name, enter) {
	steps[name] = enter
}

export const isCurrent = (name) => current === name

/** Goes to a step, as a new entry of the history or in place of this one. */
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
	watch()
	current = name
	save({ step: name })
	show(name)
	steps[name]()
	if (!isMove) return
	scrollTo(0, 0)
	const heading = find(name + "-title")
	heading.tabIndex = -1
	heading.focus()
}

function reachable(wanted) {
	// What is booked is not booked again, and a booking under way is seen through.
	if (state.done) return "done"
	if (state.pending) return "confirm"
	const last = names.includes(wanted) ? wanted : "ticket"
	return names.find((name, index) => name === last || !state[results[index]])
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
	document.title = `${find(name + "-title").textContent} · ${data.organization}`
	write("announcement", "")
}
