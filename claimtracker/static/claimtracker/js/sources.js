// The form for a source: what its page says of itself goes into fields that nobody filled, and words are picked from the
// copy in a dialog beside it. What somebody typed is never replaced.
import { selectedIn } from "./selection.js";

const LONGEST = 5000;
let picked = null;

export function start(root) {
  root.addEventListener("input", onInput);
  root.addEventListener("click", onClick);
  root.addEventListener("keydown", onKey);
  root.addEventListener("selectionchange", onSelection);
  root.addEventListener("mousedown", (event) => {
    if (event.target.closest?.("[data-quote-words]")) event.preventDefault(); // the selection stays
  });
  root.addEventListener("htmx:afterSettle", onSettle);
  root.addEventListener("evidence:changed", onAdded);
  enhance(root);
}

export function enhance(root) {
  const facts = root.matches?.("[data-page-facts]") ? root : root.querySelector("[data-page-facts]");
  if (facts) fill(facts);
}

// The form that was sent is gone, and the focus with it: go on at the next one. On a touch screen that would
// bring up the keys, so there it stays where it was.
function onAdded() {
  const form = document.querySelector("[data-source-form]");
  const at = document.activeElement;
  const isHere = !at || at === document.body || form?.contains(at); // htmx goes to the field of the same name
  if (!form || !isHere) return;
  if (matchMedia("(pointer: fine)").matches) form.elements.url.focus({ preventScroll: true });
  // the board grew: what was added, and the place of the next one, stay before one's eyes
  requestAnimationFrame(() => form.elements.url.scrollIntoView({ block: "center" }));
}

function fill(facts) {
  const form = facts.closest("[data-source-form]");
  if (!form) return;
  for (const name of ["title", "publisher"]) put(form.elements[name], facts.dataset[name], facts.dataset.url);
}

function put(field, words, url) {
  const isOurs = field.value !== "" && field.value === field.dataset.fromPage;
  const isOfAnother = isOurs && field.dataset.fromUrl !== url;
  if (field.value.trim() && !isOurs) return;
  if (words ? field.value === words : !isOfAnother) return;
  field.value = words;
  field.dataset.fromPage = words;
  field.dataset.fromUrl = url;
  if (document.activeElement === field) field.select(); // whoever is about to type writes over it
  field.dispatchEvent(new Event("input", { bubbles: true })); // kept with the draft
}

// Words that were typed are looked for in the copy; a place that belonged to others must not go along.
function onInput(event) {
  const form = event.target.form;
  if (event.target.name !== "quotation" || !form?.matches("[data-source-form]") || event.target.dataset.picking) return;
  form.elements.place_text.value = "";
  form.elements.place_start.value = "";
}

const dialog = () => document.getElementById("copy");
const text = () => dialog()?.querySelector("[data-copy-text]");

function open() {
  const box = dialog();
  const words = text();
  if (!box.open) box.showModal();
  for (const only of box.querySelectorAll("[data-picker-only]")) only.hidden = false;
  picked = null;
  if (!words) return;
  // a caret that moves by keys, in a text that nobody can change
  words.contentEditable = "true";
  words.setAttribute("role", "textbox");
  words.setAttribute("aria-readonly", "true");
  words.setAttribute("aria-multiline", "true");
  words.setAttribute("aria-describedby", "copy-help");
  words.setAttribute("inputmode", "none");
  words.spellcheck = false;
  words.addEventListener("beforeinput", (event) => event.preventDefault());
  const mark = words.querySelector("mark");
  words.focus({ preventScroll: true });
  if (mark) {
    document.getSelection().selectAllChildren(mark);
    mark.scrollIntoView({ block: "center" });
  } else {
    document.getSelection().setPosition(words.querySelector("[data-start]"), 0);
  }
  onSelection();
}

function onSettle(event) {
  if (event.target.id === "copy") open();
}

function onSelection() {
  const words = text();
  if (!words || !dialog().open || !words.contains(document.getSelection().anchorNode)) return;
  picked = selectedIn(words);
  const size = picked ? picked.end - picked.start : 0;
  const button = dialog().querySelector("[data-quote-words]");
  button.disabled = size === 0 || size > LONGEST;
  const said = dialog().querySelector("[data-picked]");
  said.dataset.none ??= said.textContent;
  said.textContent = !size ? said.dataset.none : size > LONGEST ? said.dataset.tooLong : shortened(picked.quote);
}

function shortened(words) {
  return words.length <= 160 ? `“${words}”` : `“${words.slice(0, 80).trimEnd()} … ${words.slice(-70).trimStart()}”`;
}

function onKey(event) {
  const words = event.target.closest?.("#copy [data-copy-text]");
  if (!words || event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  quote();
}

function onClick(event) {
  if (event.target.closest?.("[data-quote-words]")) quote();
}

function quote() {
  const form = document.querySelector("[data-source-form]");
  const words = text();
  onSelection(); // of the last key the browser may not have told yet
  if (!picked || !form || !words || picked.end - picked.start > LONGEST) return;
  const { start, quote: exact } = picked;
  const field = form.elements.quotation;
  form.closest("details").open = true;
  form.elements.place_text.value = words.dataset.digest;
  form.elements.place_start.value = start;
  field.dataset.picking = "yes";
  field.value = exact;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  delete field.dataset.picking;
  dialog().close();
  field.focus();
}
