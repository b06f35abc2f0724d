// When may a single key act? Never while someone types, never in an open dialog, and only if not switched off.
const KEY = "claimtracker.keys";

export function keysEnabled() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function setKeysEnabled(on) {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // Storage is blocked: keys stay on.
  }
}

export function isTyping(target) {
  if (!(target instanceof Element)) return false;
  if (target.closest("textarea, select, [contenteditable]")) return true;
  const input = target.closest("input");
  return Boolean(input) && !["checkbox", "radio", "button", "submit"].includes(input.type);
}

export function isPlainKey(event) {
  return (
    !event.defaultPrevented &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey &&
    !event.isComposing &&
    !isTyping(event.target) &&
    !document.querySelector("dialog[open]") &&
    keysEnabled()
  );
}

export function scrollIntoView(element) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

// What was pressed while the page was still loading (early-keys.js), as if it came now. A letter after a key that
// leads into a field goes into the field.
export function pressEarlyKeys() {
  for (const { key, shiftKey } of window.claimtrackerEarlyKeys?.() ?? []) {
    const target = document.activeElement ?? document.body;
    if (isTyping(target)) type(target, key);
    else target.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
  }
}

function type(field, letter) {
  if (!field.matches("textarea, input:not([type=email], [type=number])")) return;
  field.setRangeText(letter, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { data: letter, inputType: "insertText", bubbles: true }));
}
