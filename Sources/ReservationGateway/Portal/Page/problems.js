// What went wrong, in the visitor's words, where it has to be put right.

import { find, has, text, write } from "./text.js";
import { longDate } from "./time.js";

/** What a refusal means for the visitor, and what to do next. */
export function explain(refusal) {
  const date = refusal.details && refusal.details.reserved_date;
  if (date) return text("e_reserved_for", { date: longDate(date) });
  const key = "e_" + String(refusal.code).toLowerCase();
  return text(has(key) ? key : "e_unknown");
}

/** Says what is wrong with a field, at the field; nothing takes it away. */
export function mark(field, message = "") {
  const input = find(field);
  write(find(field + "-error"), message);
  if (message) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/** While `work` goes on the button says so and does nothing. */
export async function busy(button, label, work) {
  if (isBusy(button)) return;
  const usual = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = label;
  try {
    await work();
  } finally {
    if (button.textContent === label) {
      button.removeAttribute("aria-disabled");
      button.textContent = usual;
    }
  }
}

export const isBusy = (button) => button.getAttribute("aria-disabled") === "true";

/** Counts down on a button until it can be used again. */
export function countDown(button, seconds, label) {
  button.setAttribute("aria-disabled", "true");
  const end = Date.now() + Math.max(1, seconds) * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      button.textContent = text("wait", { count: left });
      setTimeout(tick, 500);
    } else {
      button.removeAttribute("aria-disabled");
      button.textContent = label;
    }
  };
  tick();
}
