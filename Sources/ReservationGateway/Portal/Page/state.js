// What the visitor has entered, kept for this tab: a reload loses nothing, closing the tab forgets it.
//
// code, email, phone   as typed
// ticket               {id, code}, once validated
// contact              {email, phone}, once verified
// month, date, slot    chosen in the calendar
// key, pending         a booking's idempotency key and what it is for; whether its answer is still to come
// done                 the answer to the booking
// step, lang           where the visitor is, and in which language

import { data } from "./text.js";

const name = `reservation-${data.orq}`;

export const state = stored();

/** Changes the state and keeps it. */
export function save(changes) {
  Object.assign(state, changes);
  try {
    sessionStorage.setItem(name, JSON.stringify(state));
  } catch {
    // Storage is full or forbidden: everything still works, until a reload.
  }
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(name)) || {};
  } catch {
    return {};
  }
}
