// What the gateway wrote into the page, and the page's sentences.

export const find = (id) => document.getElementById(id)

const read = (id) => JSON.parse(find(id).textContent)

export const data = read("data")
const strings = read("strings")

/** The visitor's own variety of the page's language, for dates and 12 or 24 hours. */
export const locale = navigator.languages.find((tag) => tag.split("-")[0] === data.lang) || data.lang

/** A sentence with `{name}` filled in. */
export function text(key, values = {}) {
	return (strings[key] || strings.e_unknown).replace(/\{(\w+)\}/g, (_, name) => {
		const value = name === "organization" ? data.organization : values[name]
		return typeof value === "number" ? value.toLocaleString(locale) : value
	})
}

export function set(node, name, value) {
	if (value) node.setAttribute(name, value)
	else node.removeAttribute(name)
}

/** Sets text only where it differs: a screen reader is not told the same again. */
export function write(id, content) {
	const node = find(id) || id
	if (node.textContent !== content) node.textContent = content
}

/** A new element. Functions are handlers; children are elements or text, never markup. */
export function element(name, attributes, ...children) {
	const made = document.createElement(name)
	for (const [key, value] of Object.entries(attributes)) {
		if (typeof value === "function") made[key] = value
		else set(made, key, value)
	}
	made.append(...children)
	return made
}

export function translate() {
	for (const node of document.querySelectorAll("[data-text]")) write(node, text(node.dataset.text))
	for (const node of document.querySelectorAll("[data-label]")) set(node, "aria-label", text(node.dataset.label))
}
