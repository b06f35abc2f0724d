// The administration's keys: the newsroom's own modules, on Django's markup. Without this all of it is links,
// buttons and choices that the server understands.
import { pressEarlyKeys } from "./keys.js";
import * as queue from "./queue.js";
import * as shortcuts from "./shortcuts.js";

markRows(document.getElementById("result_list"));
offerReady(document.querySelector("[data-reason]"));
document.addEventListener("click", onBulk, true);
queue.start(document);
shortcuts.start(document);
pressEarlyKeys();

// Django's list, as the newsroom's lists mark theirs.
function markRows(list) {
  if (!list) return;
  list.dataset.rows = "";
  for (const row of list.tBodies[0]?.rows ?? []) {
    row.dataset.row = "";
    row.querySelector("th a[href], td a[href]")?.setAttribute("data-row-open", "");
    row.querySelector("input.action-select")?.setAttribute("data-row-key", "x");
  }
}

// An action's key without a selection acts on the row one is in; a click never does, it may be far from there.
function onBulk(event) {
  if (!event.target.closest?.("[data-bulk]") || document.querySelector("input.action-select:checked")) return;
  const row = document.activeElement?.closest?.("#result_list [data-row]");
  row?.querySelector("input.action-select")?.click();
}

// A ready reason goes into the field, to be changed there. While the field is empty its number is enough.
function offerReady(field) {
  if (!field) return;
  const choices = [...document.querySelectorAll("input[name=ready]")];
  for (const choice of choices) choice.addEventListener("change", () => fill(field, choice));
  field.addEventListener("keydown", (event) => {
    if (field.value || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const choice = choices.find((one) => one.dataset.key === event.key);
    if (!choice) return;
    event.preventDefault();
    choice.click();
  });
}

function fill(field, choice) {
  field.value = choice.closest("label").querySelector("[data-ready-text]").textContent.trim();
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}
