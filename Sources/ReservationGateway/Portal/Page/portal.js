// Starts the page.

import "./confirm.js";
import "./contact.js";
import "./done.js";
import "./slots.js";
import { save, state } from "./state.js";
import { begin } from "./steps.js";
import { data, element, find, translate } from "./text.js";
import { fill, normalize, recheck, submit } from "./ticket.js";

const query = new URLSearchParams(location.search);

/** The page in another language, as a new document in place of this one: the back button still goes one step back. */
function languageAddress(language) {
  const address = new URL(location.href);
  address.searchParams.set("lang", language);
  return address;
}

function offerLanguages() {
  const links = data.languages.map((language) => {
    const name = new Intl.DisplayNames([language], { type: "language" }).of(language);
    const attributes = { href: languageAddress(language), lang: language, hreflang: language, title: name };
    if (language === data.lang) attributes["aria-current"] = "true";
    return element("a", { ...attributes, "aria-label": `${language.toUpperCase()} ${name}`, click: change }, language.toUpperCase());
  });
  find("languages").replaceChildren(...links);
}

function change(event) {
  event.preventDefault();
  save({ lang: event.currentTarget.lang });
  location.replace(event.currentTarget.href);
}

/** Going back may bring a document in the language of before. */
function isOtherLanguage() {
  if (!state.lang || state.lang === data.lang) return false;
  location.replace(languageAddress(state.lang));
  return true;
}

/** The code that came with a link leaves the address, where it could be seen, kept or passed on. */
function takeCode() {
  const code = query.get("ticket");
  if (code === null) return "";
  query.delete("ticket");
  const rest = query.toString();
  history.replaceState(history.state, "", location.pathname + (rest ? "?" + rest : "") + location.hash);
  return code;
}

function start() {
  const code = takeCode();
  if (query.has("lang")) save({ lang: data.lang });
  else if (isOtherLanguage()) return;
  find("fallback").remove();
  translate();
  offerLanguages();
  const isKnown = state.pending || (state.done && state.done.ticket_code === normalize(code));
  if (code && !isKnown) {
    save({ done: undefined, ticket: undefined });
    fill(code);
    begin("ticket");
    submit();
  } else {
    begin();
    if (state.ticket && !state.done && !state.pending) recheck();
  }
}

addEventListener("pageshow", (event) => event.persisted && isOtherLanguage());
start();
