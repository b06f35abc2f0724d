// Menus, dialogs that buttons open, one submission per click, and a word when the server cannot be reached.
export function start(root) {
  root.addEventListener("click", closeOtherMenus);
  root.addEventListener("keydown", closeMenuOnEscape);
  root.addEventListener("click", openDialog);
  root.addEventListener("click", closeToast);
  root.addEventListener("keydown", sendByKey);
  root.addEventListener("submit", refuseSecondSubmit);
  window.addEventListener("pageshow", forgetSubmissions);
  document.addEventListener("htmx:sendError", (event) => complain(event, "offline-text"));
  document.addEventListener("htmx:responseError", (event) => complain(event, "server-error-text"));
  enhance(root);
}

export function enhance(root) {
  for (const opener of root.querySelectorAll("[data-open-dialog]")) opener.hidden = false;
}

function text(id) {
  return document.getElementById(id)?.content.textContent.trim() ?? "";
}

// What a page asks by itself now and then (data-quiet) fails without a word: nobody waits for it.
function complain(event, words) {
  const asked = event.detail.elt;
  const isHeld = event.type === "htmx:sendError" && asked?.matches("form[data-draft]"); // it says so itself
  if (!isHeld && !asked?.hasAttribute("data-quiet")) toast(text(words), "error");
}

export function toast(message, level = "info") {
  const template = document.getElementById("toast-template");
  const shelf = document.getElementById("toasts");
  if (!template || !shelf || !message) return;
  const note = template.content.firstElementChild.cloneNode(true);
  note.classList.add(`alert--${level}`);
  note.querySelector(".alert__body").textContent = message;
  shelf.replaceChildren(note);
}

function closeToast(event) {
  if (event.target.closest?.("[data-toast-close]")) event.target.closest(".alert").remove();
}

function closeOtherMenus(event) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function closeMenuOnEscape(event) {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

function openDialog(event) {
  const opener = event.target.closest?.("[data-open-dialog]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault(); // a link, which leads to a page without script
  const menu = opener.closest("details[data-menu]");
  if (menu) menu.open = false;
  const dialog = document.getElementById(opener.dataset.openDialog);
  dialog.dispatchEvent(new CustomEvent("dialog:opening"));
  dialog.showModal();
}

// Ctrl and Enter send a form that says so, also out of a field of several lines.
function sendByKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  const form = event.target.closest?.("form[data-send-by-key]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[type=submit]"));
}

function refuseSecondSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-hx-post]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  // After this tick, so that confirm.js can still hold the form back.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
}

function forgetSubmissions() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}
