// Words selected in the article become a claim: the selection is put into the form, as code points.
import { isPlainKey } from "./keys.js";
import { selectedIn } from "./selection.js";

document.addEventListener("selectionchange", () => requestAnimationFrame(offer));
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-mark-here]")) fill();
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "m" || !isPlainKey(event) || !selected()) return;
  event.preventDefault();
  fill();
});

const reader = () => document.querySelector("[data-reader]");
const button = () => document.querySelector("[data-mark-here]");

function selected() {
  return button() ? selectedIn(reader()) : null;
}

function offer() {
  const here = button();
  if (!here) return;
  const found = selected();
  here.hidden = !found;
  if (!found) return;
  const box = found.range.getBoundingClientRect();
  // inside the reader's box, so that it scrolls with the words
  const frame = reader().getBoundingClientRect();
  const left = Math.min(Math.max(box.left - frame.left, 0), Math.max(frame.width - here.offsetWidth, 0));
  here.style.setProperty("inset-inline-start", `${left}px`);
  here.style.setProperty("inset-block-start", `${box.bottom - frame.top + 8}px`);
}

function fill() {
  const found = selected();
  const form = document.querySelector("[data-mark-form]");
  if (!found || !form) return;
  form.elements.quote.value = found.quote;
  form.elements.start.value = found.start;
  form.elements.end.value = found.end;
  form.closest("details").open = true;
  button().hidden = true;
  form.elements.claimant.focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
}

// Typed words are looked up in the text; a place that belonged to other words must not go along.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches?.("[data-mark-form]") || event.target.name !== "quote") return;
  form.elements.start.value = "";
  form.elements.end.value = "";
});
