// Ticking rows: X, Shift for a range, all on the page, Escape for none. A letter on a button with
// data-bulk-key="a" presses it for the ticked rows, or for the current one when none is.
import { isPlainKey } from "./keys.js";
import { currentRow, move, rows } from "./queue.js";

let anchor = null;

export function start(root) {
  stayInSight(root.querySelector("#result"));
  for (const left of root.querySelectorAll("[data-undo-ms]")) countDown(left, Number(left.dataset.undoMs));
  if (!root.querySelector("[data-bulk]")) return;
  root.addEventListener("keydown", onKey);
  root.addEventListener("click", onClick);
  root.addEventListener("change", onChange);
  window.addEventListener("pageshow", (event) => {
    // a page from the browser's memory keeps its ticks; what it sends now is another form
    if (event.persisted && crypto.randomUUID) document.querySelector("[data-bulk] [name=key]").value = crypto.randomUUID();
    show();
  });
  show();
}

function boxes() {
  return rows().map((row) => row.querySelector(".row__check")).filter(Boolean);
}

function ticked() {
  return boxes().filter((box) => box.checked);
}

function onKey(event) {
  if (!isPlainKey(event)) return;
  const all = rows();
  const row = currentRow(all);
  const key = event.key.toLowerCase();
  if (key === "x" && all.length) {
    event.preventDefault();
    if (!row) return move(all, row, 1);
    const box = row.querySelector(".row__check");
    if (event.shiftKey && anchor) range(box);
    else tick(box, !box.checked);
  } else if (key === "escape" && ticked().length) {
    for (const box of boxes()) box.checked = false;
    show();
  } else if (key.length === 1) {
    press(event, key, all, row);
  }
}

function press(event, key, all, row) {
  const button = document.querySelector(`[data-bulk-key="${CSS.escape(key)}"]`);
  if (!button) return;
  event.preventDefault();
  if (!ticked().length) {
    if (!row) return move(all, row, 1); // nothing is chosen yet: show which row the key would act in
    tick(row.querySelector(".row__check"), true);
  }
  button.click();
}

function tick(box, on) {
  box.checked = on;
  anchor = box;
  show();
}

function range(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(anchor), all.indexOf(box)].sort((a, b) => a - b);
  for (const one of all.slice(Math.max(from, 0), to + 1)) one.checked = true;
  show();
}

function onClick(event) {
  const box = event.target.closest?.(".row__check");
  if (!box) return;
  if (event.shiftKey && anchor && box.checked) range(box);
  anchor = box;
}

function onChange(event) {
  if (event.target.matches?.("[data-pick-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.matches?.("[data-pick-all], .row__check")) show();
}

function show() {
  const form = document.querySelector("[data-bulk]");
  const number = ticked().length;
  const all = form.querySelector("[data-pick-all]");
  const count = form.querySelector("[data-count]");
  const said = number ? count.dataset.one.replace("%d", number) : "";
  if (count.textContent !== said) count.textContent = said;
  all.checked = number > 0 && number === boxes().length;
  all.indeterminate = number > 0 && !all.checked;
  form.classList.toggle("bulk--idle", !number);
  form.classList.toggle("bulk--on", number > 0);
}

// Far down in a list the result would be out of sight; after a while it goes back to its place.
function stayInSight(result) {
  if (!result) return;
  result.classList.add("result--fresh");
  setTimeout(() => result.classList.remove("result--fresh"), 11000);
}

function countDown(form, ms) {
  const until = performance.now() + ms;
  const left = form.querySelector(".result__left");
  const step = () => {
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (seconds <= 0) return form.remove();
    left.textContent = seconds;
    setTimeout(step, 250);
  };
  step();
}
