// The second step: where the confirmation goes.

import { call } from "./api.js";
import { busy, countDown, explain, isBusy, mark } from "./problems.js";
import { save, state } from "./state.js";
import { define, go, isCurrent } from "./steps.js";
import { data, find, text, write } from "./text.js";
import { isAboutTicket, reject } from "./ticket.js";

const form = find("contact-form");
const button = form.querySelector(".primary");
const fields = ["email", "phone"];

const atom = "[\\w!#$%&'*+\\-/=?^`{|}~\\u00a1-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef]+";
const local = new RegExp(`^${atom}(\\.${atom})*$`);
const label = /^(?!-|.*-$)[a-z0-9\u00a1-\u02ff\u0370-\ud7ff\uf900-\ufdcf\ufdf0-\uff00\uff5f-\uffef-]{1,63}$/;
const top = /^(xn-.+|[a-z\u00a1-\uffef]{2,})$/;

/** The server's rule (RFC 5322 without quoted local parts), up to the length of an internationalised domain. */
export function isEmail(typed) {
  const at = typed.lastIndexOf("@");
  const labels = typed.slice(at + 1).toLowerCase().split(".");
  const bytes = (part) => new TextEncoder().encode(part).length;
  if (at < 1 || bytes(typed.slice(0, at)) > 64 || bytes(typed) > 254 || /[\p{C}\p{Z}]/u.test(typed)) return false;
  if (labels.length < 2 || !top.test(labels[labels.length - 1])) return false;
  return local.test(typed.slice(0, at)) && labels.every((part) => label.test(part));
}

/** A number without what people write into it for legibility; `00` is the way to dial `+`. */
export function bareNumber(typed) {
  return typed
    .normalize("NFKC")
    .replace(/^(\s*(?:\+|00)[\d\s]*)\(0\)/, "$1")
    .replace(/[\s().\-/\u2010-\u2015\u200e\u202a-\u202c\u2212]/g, "")
    .replace(/^00/, "+");
}

/** What is wrong with a number, as the key of a sentence; nothing when all is well. */
export function phoneProblem(number) {
  if (/^\d/.test(number)) return "e_phone_country";
  const digits = (number.match(/^\+([1-9]\d{1,14})$/) || [])[1];
  return digits && digits.length >= data.phone_minimum_digits ? "" : "e_phone";
}

function submit() {
  if (isBusy(button)) return;
  const email = find("email").value.trim();
  const phone = bareNumber(find("phone").value);
  const phoneWrong = phoneProblem(phone);
  const wrong = { email: isEmail(email) ? "" : text("e_email"), phone: phoneWrong && text(phoneWrong) };
  if (complain(wrong)) return;
  busy(button, text("busy"), () => verify({ email, phone }));
}

async function verify(contact) {
  const { id, code } = state.ticket;
  try {
    await call("tickets/verify-contact", { body: { ticket_id: id, ticket_code: code, ...contact } });
    save({ contact });
    if (isCurrent("contact")) go("time");
  } catch (refusal) {
    if (isAboutTicket(refusal)) reject(refusal);
    else show(refusal);
    if (refusal.seconds) countDown(button, refusal.seconds, text("next"));
  }
}

/** Shows what the server has against the contact, here or in a later step. */
export function show(refusal) {
  save({ contact: undefined });
  if (!isCurrent("contact")) go("contact", true);
  const named = (refusal.details.validation_errors || []).map((problem) => problem.field.replace("customer_", ""));
  const wrong = {};
  for (const field of fields) wrong[field] = named.includes(field) ? text("e_" + field) : "";
  if (!complain(wrong)) write(find("contact-error"), explain(refusal));
}

/** Marks fields and goes to the first; true when there is one. */
function complain(wrong) {
  for (const field of fields) mark(field, wrong[field]);
  const first = fields.find((field) => wrong[field]);
  write(find("contact-error"), first ? text("e_check") : "");
  if (first) find(first).focus();
  return Boolean(first);
}

for (const field of fields) {
  find(field).addEventListener("input", () => {
    save({ [field]: find(field).value });
    mark(field);
  });
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

define("contact", {
  isComplete: () => Boolean(state.contact),
  enter() {
    for (const field of fields) {
      find(field).value = state[field] || "";
      mark(field);
    }
    write(find("contact-error"), "");
  },
});
