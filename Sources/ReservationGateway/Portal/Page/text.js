// What the gateway wrote into the page, and the page's sentences.

const read = (id) => JSON.parse(document.getElementById(id).textContent);

/** The organisation and its contact, languages, time zone. */
export const data = read("data");
const strings = read("strings");

/** The visitor's own variety of the page's language, for dates and 12 or 24 hours. */
export const locale = (navigator.languages || []).find((tag) => tag.split("-")[0] === data.lang) || data.lang;

const plurals = new Intl.PluralRules(data.lang);
const numbers = new Intl.NumberFormat(locale);

export const has = (key) => key in strings;

/** A sentence; `{name}` is filled in from `values`, and `values.count` chooses between singular and plural. */
export function text(key, values = {}) {
  const sentence = strings[key] ?? strings[`${key}_${plurals.select(values.count)}`] ?? strings[`${key}_other`] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const value = name === "organization" ? data.organization : values[name];
    return typeof value === "number" ? numbers.format(value) : value;
  });
}

export const find = (id) => document.getElementById(id);

/** A new element. Functions become listeners; children are elements or text, never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Sets text only where it differs, so that a screen reader is not told the same again. */
export function write(node, content) {
  if (node.textContent !== content) node.textContent = content;
}

/** Fills in everything that the page itself says. */
export function translate() {
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", text(node.dataset.label));
}

/** The venue's e-mail, phone and website as links. */
export function venueLinks() {
  const { email, phone, website } = data.contact;
  const targets = [email && ["mailto:" + email, email], phone && ["tel:" + phone, phone], website && [website, website]];
  return targets.filter(Boolean).map(([href, label]) => element("a", { href }, label));
}
