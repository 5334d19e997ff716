// The steps and the browser's history: each step is an entry, reached only when what it needs is there.

import { data, element, find, text, write } from "./text.js";
import { save, state } from "./state.js";

const names = ["ticket", "contact", "time", "confirm", "done"];
const steps = {};
let current;

/**
 * Adds a step.
 *
 * @param step `isComplete()`: whether the next one may be shown; `enter()`; and `leave()`, if anything is to be done then.
 */
export function define(name, step) {
  steps[name] = step;
  const back = find("step-" + name).querySelector("button.back");
  if (back && !back.id) back.addEventListener("click", () => goBack(name));
}

export const isCurrent = (name) => current === name;

/** Goes to a step as a new entry of the history, or in place of the present one. */
export function go(name, replaces = false) {
  const target = reachable(name);
  if (replaces) history.replaceState(history.state, "", "#" + target);
  else history.pushState({ from: current }, "", "#" + target);
  show(target, true);
}

/** Begins where the address says, or where the visitor was. */
export function begin(name) {
  addEventListener("popstate", () => resume(location.hash.slice(1), true));
  find("steps").hidden = false;
  resume(name || location.hash.slice(1) || state.step, false);
}

function resume(name, isMove) {
  const target = reachable(name);
  if (location.hash !== "#" + target) history.replaceState(history.state, "", "#" + target);
  show(target, isMove);
}

/** The step itself, or the first one before it that is not complete. */
function reachable(wanted) {
  // What is booked is not booked again, and a booking under way is seen through.
  if (state.done) return "done";
  if (state.pending) return "confirm";
  const last = names.includes(wanted) ? wanted : "ticket";
  return names.find((name) => name === last || !steps[name].isComplete());
}

function goBack(name) {
  const before = names[names.indexOf(name) - 1];
  if (history.state && history.state.from === before) history.back();
  else go(before);
}

function show(name, isMove) {
  if (current && current !== name && steps[current].leave) steps[current].leave();
  current = name;
  save({ step: name });
  for (const other of names) find("step-" + other).hidden = other !== name;
  drawProgress(name);
  const heading = find(name + "-title");
  document.title = `${heading.textContent} · ${data.organization}`;
  for (const link of document.querySelectorAll("#languages a")) link.hash = name;
  write(find("announcement"), "");
  steps[name].enter();
  if (!isMove) return;
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}

function drawProgress(name) {
  const reached = names.indexOf(name);
  const items = names.map((other, index) =>
    element(
      "li",
      { class: index < reached ? "past" : index > reached ? "ahead" : "here", "aria-current": index === reached ? "step" : undefined },
      element("span", {}, text("step_" + other)),
    ),
  );
  find("steps").replaceChildren(...items);
}
