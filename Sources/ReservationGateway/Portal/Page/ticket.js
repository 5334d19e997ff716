// The first step: the code on the ticket.

import { call } from "./api.js";
import { busy, countDown, explain, isBusy } from "./problems.js";
import { save, state } from "./state.js";
import { define, go, isCurrent } from "./steps.js";
import { find, text, write } from "./text.js";

const input = find("code");
const button = find("ticket-form").querySelector("button");

/**
 * The code in what was typed or pasted: small letters, spaces, missing or typographic dashes, a whole link are forgiven.
 *
 * @returns `TKT-YYYY-XXXXXX-XXXXXX`, or nothing when that is not in it.
 */
export function normalize(typed) {
  const letters = typed.normalize("NFKC").toUpperCase();
  const found = letters.match(/(?:TKT|^)[\W_]*(\d{4})((?:[\W_]*[A-Z0-9]){12})(?![\W_]*[A-Z0-9])/);
  if (!found) return "";
  const rest = found[2].replace(/[\W_]/g, "");
  return `TKT-${found[1]}-${rest.slice(0, 6)}-${rest.slice(6)}`;
}

/** Fills in a code that came with a link. */
export function fill(code) {
  input.value = normalize(code) || code.trim().slice(0, 100);
  save({ code: input.value });
}

export function submit() {
  if (isBusy(button)) return;
  const code = normalize(input.value);
  if (!code) {
    complain(text("e_invalid_ticket_code"));
    return;
  }
  fill(code);
  complain("");
  busy(button, text("busy"), () => validate(code));
}

async function validate(code) {
  try {
    const { data } = await call("tickets/validate", { body: { ticket_code: code } });
    save({ ticket: { id: data.ticket_id, code: data.ticket_code } });
    if (isCurrent("ticket")) go("contact");
  } catch (refusal) {
    save({ ticket: undefined });
    complain(explain(refusal));
    if (refusal.seconds) countDown(button, refusal.seconds, text("next"));
  }
}

/** A ticket that was good and no longer is: back to the beginning, with the reason; the contact stays. */
export function reject(refusal) {
  save({ ticket: undefined, key: undefined, pending: undefined });
  go("ticket", true);
  complain(explain(refusal));
}

/** Whether a refusal is about the ticket. */
export const isAboutTicket = (refusal) => /^(INVALID_)?TICKET_|^ORGANIZATION_/.test(refusal.code);

/** Asks again about a ticket that was validated before the page was loaded. */
export async function recheck() {
  const { code } = state.ticket;
  try {
    await call("tickets/validate", { body: { ticket_code: code } });
  } catch (refusal) {
    const isStale = isAboutTicket(refusal) && !state.pending && !state.done && state.ticket && state.ticket.code === code;
    if (isStale) reject(refusal);
  }
}

function complain(message) {
  write(find("ticket-error"), message);
  if (!message) {
    input.removeAttribute("aria-invalid");
    return;
  }
  input.setAttribute("aria-invalid", "true");
  if (isCurrent("ticket")) input.focus();
}

input.addEventListener("input", () => save({ code: input.value }));
input.addEventListener("change", () => {
  if (normalize(input.value)) fill(input.value);
});
find("ticket-form").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

define("ticket", {
  isComplete: () => Boolean(state.ticket),
  enter() {
    input.value = state.code || "";
    complain("");
  },
});
