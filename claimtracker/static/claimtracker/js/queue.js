// Lists marked data-rows: J and K move, Enter opens (the focused link does that itself), and a letter on an element with data-row-key="t" acts in the current row only (without one, it chooses the first).
import { isPlainKey, scrollIntoView } from "./keys.js";

export function start(root) {
  root.addEventListener("keydown", onKey);
  root.addEventListener("focusin", onFocus);
}

export function rows() {
  return [...document.querySelectorAll("[data-rows] [data-row]")];
}

export function currentRow(all) {
  return all.find((row) => row.contains(document.activeElement)) ?? all.find((row) => row.ariaCurrent === "true");
}

function setCurrent(row) {
  for (const other of rows()) if (other !== row) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
}

function onFocus(event) {
  const row = event.target.closest?.("[data-rows] [data-row]");
  if (row) setCurrent(row);
}

function onKey(event) {
  if (!isPlainKey(event)) return;
  const all = rows();
  if (!all.length) return;
  const key = event.key.toLowerCase();
  const row = currentRow(all);
  if (key === "j" || key === "k") {
    event.preventDefault();
    move(all, row, key === "j" ? 1 : -1);
  } else if (row && key.length === 1) {
    const control = row.querySelector(`[data-row-key="${CSS.escape(key)}"]:not(:disabled)`);
    if (!control) return;
    event.preventDefault();
    control.click();
  } else if (!row && key.length === 1 && all.some((one) => one.querySelector(`[data-row-key="${CSS.escape(key)}"]`))) {
    event.preventDefault(); // nothing is chosen yet: show which row the key would act in
    move(all, row, 1);
  }
}

export function move(all, row, step) {
  const at = row ? all.indexOf(row) : step > 0 ? -1 : all.length;
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  focusRow(next);
  scrollIntoView(next);
}

export function focusRow(row) {
  (row.querySelector("[data-row-open]") ?? row.querySelector("a[href]"))?.focus({ preventScroll: true });
  setCurrent(row);
}
