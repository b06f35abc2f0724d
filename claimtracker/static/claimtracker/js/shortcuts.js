// `?` opens the sheet. Anything with data-key="n" or data-key="g q" is followed by that key and lists itself.
import { isPlainKey, isTyping, keysEnabled, setKeysEnabled } from "./keys.js";

const CHORD_MS = 1200;
let pending = "";
let pendingUntil = 0;

export function start(root) {
  root.addEventListener("keydown", onKey);
  root.addEventListener("keydown", onSend);
  root.addEventListener("keydown", onEscape);
  const sheet = document.getElementById("shortcuts");
  if (!sheet) return;
  sheet.addEventListener("dialog:opening", () => prepare(sheet));
  const toggle = sheet.querySelector("[data-keys-enabled]");
  toggle.checked = keysEnabled();
  toggle.addEventListener("change", () => setKeysEnabled(toggle.checked));
}

// Ctrl and Enter send the form that one writes in, by its chief button.
function onSend(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.defaultPrevented) return;
  const form = event.target.form;
  if (form?.method !== "post" || !event.target.matches("textarea, input")) return;
  event.preventDefault();
  const chief = ".btn--primary[type=submit]:not(:disabled)";
  const plain = "[type=submit]:not([formaction], [name], :disabled)";
  form.requestSubmit(form.querySelector(chief) ?? form.querySelector(plain) ?? undefined);
}

// Escape leaves a field, so that single keys act again; menus, lists and dialogs close first.
function onEscape(event) {
  const field = event.target;
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || !isTyping(field)) return;
  if (document.querySelector("dialog[open], details[data-menu][open]") || field.getAttribute("aria-expanded") === "true") return;
  if (field.matches("[type=search], [list], select") || !field.form || field.form.method !== "post") return;
  field.blur();
}

function onKey(event) {
  if (!isPlainKey(event)) return;
  if (event.key === "?") {
    event.preventDefault();
    const sheet = document.getElementById("shortcuts");
    if (!sheet) return;
    prepare(sheet);
    sheet.showModal();
    return;
  }
  const chord = event.timeStamp < pendingUntil ? `${pending} ${event.key}` : event.key;
  pending = "";
  const target = usable(chord) ?? usable(event.key);
  if (target) {
    event.preventDefault();
    pendingUntil = 0;
    follow(target);
    return;
  }
  if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    pending = event.key;
    pendingUntil = event.timeStamp + CHORD_MS;
  }
}

// A form (data-key-focus) is gone to: its first field, or what is chosen there.
function follow(target) {
  const folded = target.closest("details:not([open])");
  if (folded && !target.matches("summary")) folded.open = true;
  if (target.matches("input:not([type=checkbox], [type=radio]), textarea, select")) target.focus();
  else if (target.matches("[data-key-focus]")) (target.querySelector("input:checked") ?? firstField(target))?.focus();
  else target.click();
}

function firstField(form) {
  return form.querySelector("input:not([type=hidden], :disabled), textarea:not(:disabled), select:not(:disabled)");
}

function prepare(sheet) {
  listKeys(sheet);
  noteSeen(sheet.dataset.seenUrl);
}

// Once for each person and browser: the list of first steps ticks its line by it.
function noteSeen(url) {
  const person = `keys-seen-${document.body.dataset.user}`;
  if (!url || localStorage.getItem(person)) return;
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(url, { method: "POST", headers: { "X-CSRFToken": token } })
    .then((answer) => answer.ok && localStorage.setItem(person, "yes"))
    .catch(() => {}); // the next time will do
}

function usable(key) {
  const candidates = document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
  return [...candidates].find((element) => !element.disabled && element.getAttribute("aria-disabled") !== "true");
}

function listKeys(sheet) {
  const list = sheet.querySelector("[data-key-list]");
  for (const row of list.querySelectorAll("[data-listed]")) row.remove();
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = element.dataset.key;
    if (seen.has(key) || element.disabled) continue;
    seen.add(key);
    list.append(row(key, element.dataset.keyLabel || element.textContent.trim()));
  }
}

function row(key, label) {
  const wrapper = document.createElement("div");
  wrapper.dataset.listed = "yes";
  const term = document.createElement("dt");
  for (const part of key.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = part.length === 1 ? part.toUpperCase() : part;
    term.append(cap, " ");
  }
  const description = document.createElement("dd");
  description.textContent = label;
  wrapper.append(term, description);
  return wrapper;
}
