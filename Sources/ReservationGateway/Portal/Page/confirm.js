// The fourth step: everything at a glance, and the booking, which is made once however often it is asked for.

import { call } from "./api.js";
import { show as showContact } from "./contact.js";
import { stop, watch } from "./live.js";
import { alternatives, hasStarted, isLoaded, latest, onChange, stateOf, zoneName } from "./places.js";
import { busy, countDown, explain, isBusy } from "./problems.js";
import { save, state } from "./state.js";
import { define, go, isCurrent } from "./steps.js";
import { element, find, text, write } from "./text.js";
import { isAboutTicket, reject } from "./ticket.js";
import { foreignZone, longDate, span } from "./time.js";

const button = find("book");
const trouble = find("confirm-error");

function enter() {
  forget();
  drawSummary();
  if (state.pending) book();
  else follow();
}

async function follow() {
  try {
    await watch(state.slot.date.slice(0, 7));
  } catch {
    // The booking itself will tell what is wrong.
  }
}

function drawSummary() {
  const { slot, contact, ticket } = state;
  const zone = foreignZone(slot.date, zoneName());
  find("summary").replaceChildren(
    ...row(text("date"), longDate(slot.date), "time"),
    ...row(text("time"), zone ? `${span(slot)} · ${zone}` : span(slot), "time"),
    ...row(text("ticket_label"), ticket.code, "ticket"),
    ...row(text("email_label"), contact.email, "contact"),
    ...row(text("phone_label"), contact.phone, "contact"),
  );
}

function row(name, value, step) {
  const label = `${text("change")}: ${name}`;
  const change = element("button", { type: "button", "aria-label": label, click: () => go(step) }, text("change"));
  return [element("div", {}, element("dt", {}, name), element("dd", {}, value), element("dd", {}, change))];
}

/** One key for one intention, so that repetitions and reloads book once. */
function key() {
  const of = [state.ticket.id, state.slot.id, state.contact.email, state.contact.phone].join(" ");
  if (!state.key || state.key.of !== of) {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    save({ key: { of, value: bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("") } });
  }
  return state.key.value;
}

function book() {
  if (isBusy(button)) return;
  const { ticket, slot, contact } = state;
  const idempotencyKey = key();
  save({ pending: true });
  forget();
  stop();
  const body = {
    ticket_id: ticket.id,
    ticket_code: ticket.code,
    slot_id: slot.id,
    customer_email: contact.email,
    customer_phone: contact.phone,
  };
  busy(button, text("booking"), async () => {
    try {
      const { data } = await call("reservations/create", { body, key: idempotencyKey });
      save({ done: { ...data, email: contact.email }, pending: undefined, key: undefined });
      go("done", true);
    } catch (refusal) {
      // After a fault on the server's side it is not certain that nothing was booked: the same key again, then.
      save({ pending: undefined, key: refusal.status < 500 ? undefined : state.key });
      refused(refusal);
    }
  });
}

function refused(refusal) {
  if (isAboutTicket(refusal)) reject(refusal);
  else if (refusal.code === "INVALID_CONTACT") showContact(refusal);
  else if (refusal.code.startsWith("SLOT_")) {
    offer(explain(refusal), refusal.details.alternative_slots || alternatives(state.slot));
    follow();
  } else {
    write(trouble, explain(refusal));
    if (refusal.seconds) countDown(button, refusal.seconds, text("book"));
  }
}

/** In place of the button: what is free instead. */
function offer(message, slots) {
  const choices = slots.map((slot) => ({ ...slot, id: slot.id || slot.slot_id }));
  const buttons = choices.map((slot) =>
    element("button", { type: "button", class: "slot plenty", click: () => take(slot) }, `${longDate(slot.date)}, ${span(slot)}`),
  );
  trouble.replaceChildren(
    element("p", {}, message + (buttons.length ? " " + text("alternatives") : "")),
    ...buttons,
    element("button", { type: "button", class: "action", click: () => go("time") }, text("other_times")),
  );
  button.hidden = true;
}

function take(slot) {
  save({ slot, date: slot.date, month: slot.date.slice(0, 7) });
  forget();
  drawSummary();
  write(find("announcement"), `${longDate(slot.date)}, ${span(slot)}`);
  button.focus();
  follow();
}

function forget() {
  trouble.replaceChildren();
  button.hidden = false;
}

/** Says at once when the chosen time is gone. */
function check() {
  if (!isCurrent("confirm") || state.pending || button.hidden || !isLoaded(state.slot.date.slice(0, 7))) return;
  const slot = latest(state.slot);
  const code = !slot ? "SLOT_NOT_FOUND" : hasStarted(slot) ? "SLOT_CLOSED" : stateOf([slot]) === "full" ? "SLOT_FULL" : "";
  if (code) offer(explain({ code }), alternatives(state.slot));
}

button.addEventListener("click", book);
onChange(check);
setInterval(check, 30_000);

define("confirm", { isComplete: () => Boolean(state.done), enter, leave: stop });
