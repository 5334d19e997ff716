// The last step: the ticket, to show at the entrance, to keep and to print.

import { appointment } from "./ics.js";
import { zoneName } from "./places.js";
import { save, state } from "./state.js";
import { define, go } from "./steps.js";
import { find, text, write } from "./text.js";
import { foreignZone, longDate, span } from "./time.js";

let addresses = [];

function enter() {
  const { slot, ticket_code: code, qr_code: qr, confirmation_sent: isSent, email } = state.done;
  const zone = foreignZone(slot.date, zoneName());
  write(find("pass-date"), longDate(slot.date));
  write(find("pass-time"), zone ? `${span(slot)} · ${zone}` : span(slot));
  write(find("pass-code"), code);
  write(find("sent"), isSent ? text("sent", { email: masked(email) }) : "");
  find("qr").hidden = find("save-qr").hidden = !qr;
  addresses.forEach((address) => URL.revokeObjectURL(address));
  addresses = [];
  offer("add-to-calendar", appointment(state.done, zoneName()), "text/calendar;charset=utf-8", code + ".ics");
  if (!qr) return;
  find("qr").src = qr;
  find("qr").alt = text("qr", { code });
  offer("save-qr", Uint8Array.from(atob(qr.split(",")[1]), (byte) => byte.charCodeAt(0)), "image/png", code + ".png");
}

/** Makes a link one to a file. */
function offer(id, content, type, name) {
  const href = URL.createObjectURL(new Blob([content], { type }));
  addresses.push(href);
  Object.assign(find(id), { href, download: name });
}

/** "j***@example.com": enough to see a slip, too little for who looks over a shoulder. */
const masked = (email) => email.slice(0, 1) + "***" + email.slice(email.lastIndexOf("@"));

async function copy() {
  try {
    await navigator.clipboard.writeText(state.done.ticket_code);
  } catch {
    // There is no such clipboard for a page that came by plain HTTP.
    getSelection().selectAllChildren(find("pass-code"));
    document.execCommand("copy");
  }
  find("copy").textContent = text("copied");
  write(find("announcement"), text("copied"));
  setTimeout(() => (find("copy").textContent = text("copy")), 3000);
}

find("copy").addEventListener("click", copy);
find("print").addEventListener("click", () => print());
find("another").addEventListener("click", () => {
  // Who books for several people enters the contact once.
  save({ done: undefined, ticket: undefined, slot: undefined, code: "" });
  go("ticket");
});

define("done", { isComplete: () => false, enter });
