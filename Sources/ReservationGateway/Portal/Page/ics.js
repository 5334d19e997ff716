// An appointment for the visitor's own calendar (RFC 5545).

import { data, text } from "./text.js";
import { addDays, instant, now } from "./time.js";

const utc = (moment) => new Date(moment).toISOString().replace(/[-:]|\.\d+/g, "");

const escape = (value) => value.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");

/** Lines end after 75 bytes at the latest, never inside a character (section 3.1). */
function fold(line) {
  const encoder = new TextEncoder();
  let folded = "";
  let length = 0;
  for (const character of line) {
    const bytes = encoder.encode(character).length;
    if (length + bytes > 75) {
      folded += "\r\n ";
      length = 1;
    }
    folded += character;
    length += bytes;
  }
  return folded;
}

/** @param zone the venue's; the times are written in UTC, so that no reader needs to know it. */
export function appointment(reservation, zone) {
  const { date, start_time: from, end_time: to } = reservation.slot;
  const { email, phone, website } = data.contact;
  const contact = [email, phone].filter(Boolean).join(", ");
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//reservation-portal//reserve//EN",
    "BEGIN:VEVENT",
    `UID:reservation-${reservation.reservation_id}@${location.hostname}`,
    `DTSTAMP:${utc(now())}`,
    `DTSTART:${utc(instant(date, from, zone))}`,
    `DTEND:${utc(instant(to > from ? date : addDays(date, 1), to, zone))}`,
    `SUMMARY:${escape(text("event"))}`,
    `DESCRIPTION:${escape(`${text("ticket_label")}: ${reservation.ticket_code}`)}`,
    contact && `CONTACT:${escape(contact)}`,
    website && `URL:${website}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.filter(Boolean).map((line) => fold(line) + "\r\n").join("");
}
