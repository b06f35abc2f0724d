// The words of a claim move by a word at a time, or are dragged over in the text; the fields follow, and the text shows it.
//   <div data-adjust><article data-adjust-text><p data-start="12">…</p></article><form>…[data-adjust-part="first"]…
import { selectedIn } from "./selection.js";

const root = document.querySelector("[data-adjust]");
const text = root?.querySelector("[data-adjust-text]");
const form = root?.querySelector("form");
const FIELDS = { first: ["quote", "start", "end"], second: ["second_quote", "second_start", "second_end"] };
const OUTSIDE = /[“”„"‘’'«»‹›()[\]{},.;:!?…]/u;
let active = "first";
let dragging = false;

// Every word of the shown text with its place in code points, and every code point with its node.
const words = [];
const points = new Map();

if (root && text && form) begin();

function begin() {
  for (const block of text.querySelectorAll("[data-start]")) read(block);
  for (const word of words) trim(word);
  for (const steps of root.querySelectorAll("[data-adjust-steps]")) steps.hidden = false;
  root.addEventListener("click", onClick);
  root.addEventListener("keydown", onKey);
  root.addEventListener("focusin", onFocus);
  root.addEventListener("toggle", onToggle, true);
  form.addEventListener("input", onInput);
  text.addEventListener("pointerdown", () => (dragging = true));
  document.addEventListener("pointerup", onDrop);
  show();
}

function read(block) {
  const node = block.firstChild;
  let at = Number(block.dataset.start);
  let unit = 0;
  let word = null;
  for (const point of block.textContent) {
    points.set(at, { node, unit });
    if (point.trim()) {
      word ??= words[words.push({ start: at, end: at }) - 1];
      word.end = at + 1;
    } else word = null;
    at += 1;
    unit += point.length;
  }
  points.set(at, points.get(at) ?? { node, unit });
}

// Quotation marks, brackets and full stops belong to the sentence, not to the word.
function trim(word) {
  const outside = (at) => {
    const { node, unit } = points.get(at);
    return OUTSIDE.test(String.fromCodePoint(node.data.codePointAt(unit)));
  };
  let { start, end } = word;
  while (start < end && outside(start)) start += 1;
  while (end > start && outside(end - 1)) end -= 1;
  if (start < end) Object.assign(word, { start, end });
}

function spanOf(part) {
  const [, start, end] = FIELDS[part].map((name) => form.elements[name].value);
  return start !== "" && end !== "" ? { start: Number(start), end: Number(end) } : null;
}

function put(part, span) {
  const [quote, start, end] = FIELDS[part].map((name) => form.elements[name]);
  start.value = span.start;
  end.value = span.end;
  quote.value = textBetween(span);
  quote.dispatchEvent(new Event("change", { bubbles: true })); // kept with the draft
  show();
}

function rangeOf(span) {
  const from = points.get(span.start);
  const to = points.get(span.end - 1);
  if (!from || !to) return null;
  const range = document.createRange();
  range.setStart(from.node, from.unit);
  range.setEnd(to.node, to.unit + (to.node.data.codePointAt(to.unit) > 0xffff ? 2 : 1));
  return range;
}

function textBetween(span) {
  const range = rangeOf(span);
  if (!range) return "";
  const blocks = [...range.cloneContents().querySelectorAll("[data-start]")];
  return blocks.length ? blocks.map((block) => block.textContent).join("\n") : range.toString();
}

function show() {
  if (!globalThis.CSS?.highlights) return; // the fields hold the words all the same
  for (const part of Object.keys(FIELDS)) {
    const span = spanOf(part);
    const range = span && rangeOf(span);
    if (range) CSS.highlights.set(`adjust-${part}`, new Highlight(range));
    else CSS.highlights.delete(`adjust-${part}`);
  }
}

function step(edge, by) {
  const span = spanOf(active) ?? unclaimed();
  if (!span) return;
  const first = words.findIndex((word) => word.end > span.start);
  const last = words.findLastIndex((word) => word.start < span.end);
  if (first < 0 || last < 0) return;
  if (edge === "start") {
    const word = words[Math.min(Math.max(first + by, 0), last)];
    put(active, { start: word.start, end: span.end });
  } else {
    const word = words[Math.max(Math.min(last + by, words.length - 1), first)];
    put(active, { start: span.start, end: word.end });
  }
}

// A second claim begins with what follows the first one in the text.
function unclaimed() {
  const first = spanOf("first");
  if (active !== "second" || !first) return null;
  const next = words.find((word) => word.start >= first.end) ?? words.at(-1);
  return next ? { start: next.start, end: next.end } : null;
}

function onClick(event) {
  const button = event.target.closest("[data-adjust-step]");
  if (!button) return;
  active = button.closest("[data-adjust-part]").dataset.adjustPart;
  const [edge, by] = button.dataset.adjustStep.split(" ");
  step(edge, Number(by));
}

function onKey(event) {
  if (!event.target.closest("[data-adjust-steps]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by) return;
  event.preventDefault();
  step(event.shiftKey ? "end" : "start", by);
}

function onFocus(event) {
  const part = event.target.closest("[data-adjust-part]");
  if (part) active = part.dataset.adjustPart;
}

function onToggle(event) {
  if (!event.target.matches('[data-adjust-part="second"]')) return;
  active = event.target.open ? "second" : "first";
  if (event.target.open) return;
  for (const name of FIELDS.second) form.elements[name].value = "";
  show();
}

function onDrop() {
  if (!dragging) return;
  dragging = false;
  const found = selectedIn(text);
  if (!found) return;
  // whole words, however the hand slipped
  const first = words.find((word) => word.end > found.start);
  const last = words.findLast((word) => word.start < found.end);
  if (first && last) put(active, { start: first.start, end: last.end });
  document.getSelection().removeAllRanges();
}

// Typed words are looked up in the text; a place that belonged to other words must not go along.
function onInput(event) {
  for (const [quote, start, end] of Object.values(FIELDS)) {
    if (event.target.name !== quote) continue;
    form.elements[start].value = "";
    form.elements[end].value = "";
    show();
  }
}
