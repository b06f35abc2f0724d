// Words selected in the article become a claim: the selection is turned into code points and put into the form.
// The browser counts UTF-16 units, the server code points; the two meet here and nowhere else.
import { isPlainKey } from "./keys.js";

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

// The article's block around a node, or none: claims never begin or end outside of the text.
function blockOf(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const block = element?.closest("[data-start]");
  return block && reader()?.contains(block) ? block : null;
}

// Code points of the article's own text from the block's beginning to a point; words for screen readers do not count.
function offsetIn(block, container, offset) {
  const range = document.createRange();
  range.selectNodeContents(block);
  range.setEnd(container, offset);
  const fragment = range.cloneContents();
  for (const extra of fragment.querySelectorAll(".visually-hidden")) extra.remove();
  return Array.from(fragment.textContent).length;
}

function position(container, offset) {
  const block = blockOf(container);
  return block ? Number(block.dataset.start) + offsetIn(block, container, offset) : null;
}

function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount || !button()) return null;
  const range = selection.getRangeAt(0);
  let { endContainer, endOffset } = range;
  if (!blockOf(endContainer) || (endOffset === 0 && blockOf(endContainer) !== blockOf(range.startContainer))) {
    // a triple click ends at the beginning of the next block
    const first = blockOf(range.startContainer);
    if (!first) return null;
    endContainer = first;
    endOffset = first.childNodes.length;
  }
  let start = position(range.startContainer, range.startOffset);
  let end = position(endContainer, endOffset);
  if (start === null || end === null) return null;
  const text = textOf(range, endContainer, endOffset);
  const points = Array.from(text);
  const leading = points.findIndex((point) => point.trim());
  if (leading < 0) return null;
  start += leading;
  end -= points.length - points.findLastIndex((point) => point.trim()) - 1;
  return end > start ? { start, end, quote: text.trim(), range } : null;
}

function textOf(range, endContainer, endOffset) {
  const own = range.cloneRange();
  own.setEnd(endContainer, endOffset);
  const fragment = own.cloneContents();
  for (const extra of fragment.querySelectorAll(".visually-hidden")) extra.remove();
  const blocks = [...fragment.querySelectorAll("[data-start]")];
  return blocks.length ? blocks.map((block) => block.textContent).join("\n") : fragment.textContent;
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
