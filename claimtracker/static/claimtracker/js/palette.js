// Ctrl-K goes anywhere: to a page or action that the menus name, or to what search finds while one types.
let current = -1;

export function start(root) {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  root.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(dialog);
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-palette-close]")) return dialog.close();
    if (!event.target.closest?.("[data-palette-open]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(dialog);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
  dialog.addEventListener("input", () => {
    list(dialog);
    move(dialog, 0);
  });
  dialog.addEventListener("keydown", (event) => onKey(dialog, event));
  dialog.addEventListener("htmx:afterSwap", () => move(dialog, Math.max(current, 0)));
}

function open(dialog) {
  if (dialog.open) return;
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.open = false;
  const input = dialog.querySelector("[data-palette-input]");
  input.value = "";
  document.getElementById("palette-hits").replaceChildren();
  list(dialog);
  dialog.showModal();
  input.focus();
  move(dialog, 0);
}

// Every link that the page's own menus and shortcuts name, once for each address.
function list(dialog) {
  const wanted = dialog.querySelector("[data-palette-input]").value.trim().toLocaleLowerCase();
  const group = dialog.querySelector("[data-palette-commands]");
  const seen = new Set();
  const items = [];
  for (const link of document.querySelectorAll(".nav__link[href], .topbar [data-key][href], .menu__item[href]")) {
    const name = link.dataset.keyLabel ?? ownText(link);
    if (seen.has(link.href) || !wanted.split(/\s+/).every((word) => name.toLocaleLowerCase().includes(word))) continue;
    seen.add(link.href);
    const item = document.createElement("a");
    item.className = "palette__item";
    item.setAttribute("role", "option");
    item.href = link.href;
    item.tabIndex = -1;
    item.textContent = name;
    items.push(item);
  }
  group.replaceChildren(...items);
}

function ownText(link) {
  const copy = link.cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, .nav__count")) extra.remove();
  return copy.textContent.trim();
}

function options(dialog) {
  return [...dialog.querySelectorAll('[role="option"]')];
}

function move(dialog, to) {
  const all = options(dialog);
  const input = dialog.querySelector("[data-palette-input]");
  current = all.length ? Math.min(Math.max(to, 0), all.length - 1) : -1;
  all.forEach((option, number) => {
    option.id ||= `palette-option-${crypto.randomUUID()}`;
    option.setAttribute("aria-selected", String(number === current));
  });
  if (current < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", all[current].id);
  all[current].scrollIntoView({ block: "nearest" });
}

function onKey(dialog, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const all = options(dialog).length;
    if (all) move(dialog, (current + step + all) % all);
  } else if (event.key === "Enter" && event.target.matches("[data-palette-input]")) {
    const chosen = options(dialog)[current];
    if (!chosen) return; // the form asks the page of search
    event.preventDefault();
    chosen.click();
  }
}
