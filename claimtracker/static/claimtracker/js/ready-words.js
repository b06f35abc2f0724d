// Ready words beside a field, marked data-insert="id of the field": a click puts them into it, after what stands
// there already. Without this they are there to read.
export function start(root) {
  enhance(root);
}

export function enhance(root) {
  for (const item of root.querySelectorAll("[data-insert]")) offer(item);
}

function offer(item) {
  const field = document.getElementById(item.dataset.insert);
  if (!field || item.querySelector("button")) return;
  const words = item.textContent.trim();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-btn ready-words__pick";
  button.textContent = words;
  button.addEventListener("click", () => insert(field, words));
  item.replaceChildren(button);
}

function insert(field, words) {
  const written = field.value.trimEnd();
  if (!written.includes(words)) {
    field.value = written ? `${written}\n${words}` : words;
    // whoever keeps drafts or checks what is typed hears of it
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}
