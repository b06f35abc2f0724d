// Completes the word at the caret from the field's own datalist: arrows choose, Enter or Tab takes, Escape
// closes. Without script the browser offers the same list.
export function start(root) {
  for (const form of root.querySelectorAll("[data-query]")) enhanceField(form.querySelector("input[list]"));
}

function enhanceField(field) {
  const source = field.list;
  if (!source) return;
  const options = [...source.options].map((option) => ({ text: option.value, label: option.label }));
  field.removeAttribute("list");
  const box = document.createElement("ul");
  box.className = "completions";
  box.id = `${field.id}-completions`;
  box.role = "listbox";
  box.ariaLabel = field.labels[0]?.textContent ?? "";
  box.hidden = true;
  field.after(box);
  field.role = "combobox";
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", box.id);
  field.addEventListener("input", () => offer(field, box, options));
  field.addEventListener("blur", () => close(field, box));
  field.addEventListener("keydown", (event) => onKey(event, field, box));
  box.addEventListener("pointerdown", (event) => {
    const option = event.target.closest(".completion");
    if (!option) return;
    event.preventDefault(); // the focus stays in the field
    take(field, box, option);
  });
}

function wordAt(field) {
  const end = field.selectionStart ?? field.value.length;
  const before = field.value.slice(0, end);
  if ((before.match(/"/g) ?? []).length % 2) return null; // inside quotation marks
  const start = before.search(/\S*$/);
  return { start, end, typed: before.slice(start).toLowerCase() };
}

function offer(field, box, options) {
  const word = wordAt(field);
  const fits = word?.typed
    ? options.filter(({ text, label }) => starts(text, word.typed) || (word.typed.length > 1 && starts(label, word.typed)))
    : [];
  const found = fits.filter(({ text }) => text !== word.typed).slice(0, 8);
  box.replaceChildren(...found.map((one, index) => line(one, `${box.id}-${index}`)));
  box.hidden = !found.length;
  field.setAttribute("aria-expanded", String(!box.hidden));
  field.removeAttribute("aria-activedescendant");
}

function starts(text, typed) {
  return text.toLowerCase().startsWith(typed);
}

function line({ text, label }, id) {
  const item = document.createElement("li");
  item.className = "completion";
  item.role = "option";
  item.id = id;
  item.ariaSelected = "false";
  item.dataset.text = text;
  const term = document.createElement("code");
  term.textContent = text;
  const says = document.createElement("span");
  says.textContent = label === text ? "" : label;
  item.append(term, says);
  return item;
}

function onKey(event, field, box) {
  if (box.hidden || event.isComposing) return;
  const all = [...box.children];
  const at = all.findIndex((one) => one.ariaSelected === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(field, all, at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length);
  } else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) {
    event.preventDefault();
    take(field, box, all[at]);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close(field, box);
  }
}

function choose(field, all, at) {
  for (const [index, one] of all.entries()) one.ariaSelected = String(index === at);
  field.setAttribute("aria-activedescendant", all[at].id);
  all[at].scrollIntoView({ block: "nearest" });
}

function take(field, box, option) {
  const word = wordAt(field);
  const text = option.dataset.text;
  const rest = field.value.slice(word.end);
  const space = text.endsWith(":") || rest.startsWith(" ") ? "" : " ";
  field.value = field.value.slice(0, word.start) + text + space + rest;
  const caret = word.start + text.length + space.length;
  field.setSelectionRange(caret, caret);
  close(field, box);
}

function close(field, box) {
  box.hidden = true;
  box.replaceChildren();
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}
