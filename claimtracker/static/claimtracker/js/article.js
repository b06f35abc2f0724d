// The text and its rail move together: hover or focus on one marks the other; J and K walk the claims.
//   <div data-reader> … <mark data-claim="12"> … <li data-claim-card="12"> …
import { isPlainKey, scrollIntoView } from "./keys.js";

export function start(root) {
  for (const type of ["pointerover", "focusin"]) root.addEventListener(type, onPoint);
  root.addEventListener("pointerout", onLeave);
  root.addEventListener("keydown", onKey);
  root.addEventListener("change", onChoice);
}

function reader() {
  return document.querySelector("[data-reader]");
}

function idsOf(element) {
  const value = element.dataset.claimCard ?? element.dataset.claim ?? "";
  return value.split(" ").filter(Boolean);
}

function onPoint(event) {
  const element = event.target.closest?.("[data-reader] :is([data-claim], [data-claim-card])");
  if (!element) return;
  // Where claims overlap, the last id is the innermost one.
  const id = idsOf(element).at(-1);
  const fromText = element.hasAttribute("data-claim");
  // Only who walks the claims by keyboard is shown their words; a tap inside a card must not carry it away.
  const walks = event.type === "focusin" && event.target.matches("[data-claim-open]:focus-visible");
  activate(id, { follow: fromText ? "card" : walks ? "mark" : null });
}

function onLeave(event) {
  if (event.target.closest?.("[data-reader] :is([data-claim], [data-claim-card])") && !hasFocusInside()) activate(null);
}

function hasFocusInside() {
  return Boolean(document.activeElement?.closest("[data-reader] :is([data-claim], [data-claim-card])"));
}

function activate(id, { follow = null } = {}) {
  const root = reader();
  for (const element of root.querySelectorAll(".is-active")) element.classList.remove("is-active");
  if (!id) return;
  const marks = [...root.querySelectorAll("[data-claim]")].filter((mark) => idsOf(mark).includes(id));
  const card = root.querySelector(`[data-claim-card="${CSS.escape(id)}"]`);
  for (const element of [...marks, card]) element?.classList.add("is-active");
  if (follow === "card" && card) scrollWithin(card);
  if (follow === "mark" && marks[0]) scrollIntoView(marks[0]);
}

// Only the rail scrolls when the pointer is over the text; the text stays where the reader's eye is.
function scrollWithin(card) {
  const list = card.closest("[data-rail-list]");
  if (!list || list.scrollHeight <= list.clientHeight) return;
  const box = { top: list.getBoundingClientRect().top, bottom: Math.min(list.getBoundingClientRect().bottom, innerHeight) };
  const own = card.getBoundingClientRect();
  if (own.top < box.top) list.scrollTop -= box.top - own.top;
  else if (own.bottom > box.bottom) list.scrollTop += Math.min(own.bottom - box.bottom, own.top - box.top);
}

// X chooses the claim on which one is, for a decision about several.
function choose(event, root) {
  const card = document.activeElement?.closest("[data-claim-card]") ?? root.querySelector("[data-claim-card].is-active");
  const box = card?.querySelector('[name="claims"]');
  if (!box) return;
  event.preventDefault();
  box.click();
}

function onChoice(event) {
  if (!event.target.matches('[data-reader] [name="claims"]')) return;
  const count = reader().querySelector("[data-decide-count]");
  const chosen = reader().querySelectorAll('[name="claims"]:checked').length;
  if (count) count.textContent = (chosen === 1 ? count.dataset.one : count.dataset.many).replace("#", chosen);
}

function onKey(event) {
  const root = reader();
  if (!root || !isPlainKey(event)) return;
  if (event.key.toLowerCase() === "x") return choose(event, root);
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step) return;
  const cards = [...root.querySelectorAll("[data-claim-card]:not([hidden])")];
  if (!cards.length) return;
  event.preventDefault();
  const at = cards.findIndex((card) => card.classList.contains("is-active") || card.contains(document.activeElement));
  const next = cards[at < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.min(Math.max(at + step, 0), cards.length - 1)];
  const link = next.querySelector("[data-claim-open], a[href], button") ?? next;
  link.focus({ preventScroll: true });
  scrollIntoView(next);
}
