// What is typed into a form marked data-draft="key" survives a closed tab, a lost connection and an error page.
// It is dropped when the server says that it was saved (data-draft-saved="key" on a message), when htmx
// reports success, or when the person who typed it signs out.
const PREFIX = "claimtracker.draft.";
const SENT = "claimtracker.draft-sent";
const KEEP_MS = 14 * 24 * 3600 * 1000;
const SAVE_AFTER_MS = 400;
const timers = new WeakMap();

export function start(root) {
  dropExpired();
  dropSaved(root);
  root.addEventListener("input", onInput);
  root.addEventListener("change", onInput);
  root.addEventListener("submit", onSubmit);
  root.addEventListener("htmx:afterRequest", onHtmxAnswer);
  window.addEventListener("pagehide", saveAllPending);
  // what is shown anew brings its forms empty: they are filled from what is kept
  root.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig?.verb === "get") saveAllPending();
  });
  enhance(root);
}

export function enhance(root) {
  dropSaved(root);
  const forms = [...root.querySelectorAll("form[data-draft]")];
  if (root.matches?.("form[data-draft]")) forms.push(root);
  for (const form of forms) restore(form);
}

function storageKey(key) {
  return `${PREFIX}${document.body.dataset.user || "nobody"}.${key}`;
}

function attempt(action, fallback = null) {
  try {
    return action();
  } catch {
    return fallback;
  }
}

function read(key) {
  return attempt(() => JSON.parse(localStorage.getItem(storageKey(key))));
}

function drop(key) {
  attempt(() => localStorage.removeItem(storageKey(key)));
}

function controls(form) {
  return [...form.elements].filter(
    (element) =>
      element.name &&
      element.name !== "csrfmiddlewaretoken" &&
      (element.type !== "hidden" || "draftToo" in element.dataset) &&
      !["password", "file", "submit", "button"].includes(element.type) &&
      element.tagName !== "FIELDSET" &&
      !element.closest("[data-no-draft]"),
  );
}

function valueOf(element) {
  if (element.type === "checkbox" || element.type === "radio") return element.checked;
  if (element.multiple) return [...element.selectedOptions].map((option) => option.value);
  return element.value;
}

function snapshot(form) {
  return controls(form).map((element) => {
    const choice = element.type === "checkbox" || element.type === "radio" ? element.value : null;
    return [element.name, choice, valueOf(element)];
  });
}

function save(form) {
  if (!form.isConnected) return; // htmx replaced it meanwhile
  const values = snapshot(form);
  attempt(() => {
    if (JSON.stringify(values) === form.dataset.draftStart) drop(form.dataset.draft);
    else localStorage.setItem(storageKey(form.dataset.draft), JSON.stringify({ at: Date.now(), values }));
  });
}

function onInput(event) {
  const form = event.target.form;
  if (!form?.dataset?.draft) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), SAVE_AFTER_MS));
  form.dataset.draftDirty = "yes";
}

function saveAllPending() {
  for (const form of document.querySelectorAll("form[data-draft-dirty]")) save(form);
}

function onSubmit(event) {
  const form = event.target;
  if (form.matches("[data-drafts-clear]")) {
    dropAllOfThisPerson();
    return;
  }
  if (!form.dataset.draft || event.defaultPrevented) return;
  save(form);
  attempt(() => sessionStorage.setItem(SENT, form.dataset.draft));
}

function onHtmxAnswer(event) {
  // The form that was sent, even when the answer has replaced it; not a part of the page that asks something meanwhile.
  const sender = event.detail.elt;
  if (sender?.matches?.("[data-asks]")) return; // it only asked something
  const form = sender?.matches?.("form") ? sender : sender?.form;
  const kept = event.detail.successful && event.detail.xhr.status < 400;
  if (form?.dataset.draft && kept && event.detail.requestConfig?.verb !== "get") {
    clearTimeout(timers.get(form));
    drop(form.dataset.draft);
    delete form.dataset.draftDirty;
  }
}

// The page after a sent form: a success message without errors in that form means that it was saved.
function dropSaved(root) {
  for (const element of root.querySelectorAll("[data-draft-saved]")) drop(element.dataset.draftSaved);
  if (root !== document) return;
  const sent = attempt(() => sessionStorage.getItem(SENT));
  attempt(() => sessionStorage.removeItem(SENT));
  if (!sent || document.querySelector("[data-drafts-keep], [aria-invalid=true]")) return;
  if (document.querySelector(".messages .alert--success")) drop(sent);
}

function restore(form) {
  if (form.dataset.draftStart) return;
  form.dataset.draftStart = JSON.stringify(snapshot(form));
  if (form.querySelector("[aria-invalid=true]")) return;
  const draft = read(form.dataset.draft);
  if (!draft || JSON.stringify(draft.values) === form.dataset.draftStart) return;
  fill(form, draft.values);
  const folded = form.closest("details:not([open])");
  if (folded) folded.open = true;
  announce(form, draft.at);
  form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
}

function fill(form, values) {
  for (const element of controls(form)) {
    const isChoice = element.type === "checkbox" || element.type === "radio";
    const found = values.find(([name, choice]) => name === element.name && (!isChoice || choice === element.value));
    if (!found) continue;
    if (isChoice) element.checked = found[2];
    else if (element.multiple) for (const option of element.options) option.selected = found[2].includes(option.value);
    else element.value = found[2];
  }
}

function announce(form, at) {
  const template = document.getElementById("draft-note-template");
  if (!template) return;
  const note = template.content.firstElementChild.cloneNode(true);
  const time = note.querySelector("time");
  const when = new Date(at);
  time.dateTime = when.toISOString();
  const format = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  time.textContent = when.toLocaleString(document.documentElement.lang || undefined, format);
  note.querySelector("[data-draft-discard]").addEventListener("click", () => {
    drop(form.dataset.draft);
    fill(form, JSON.parse(form.dataset.draftStart));
    delete form.dataset.draftDirty;
    note.remove();
  });
  form.prepend(note);
}

function ownKeys(prefix) {
  return attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix)), []);
}

function dropAllOfThisPerson() {
  for (const form of document.querySelectorAll("form[data-draft-dirty]")) {
    clearTimeout(timers.get(form));
    delete form.dataset.draftDirty;
  }
  for (const key of ownKeys(storageKey(""))) localStorage.removeItem(key);
}

function dropExpired() {
  for (const key of ownKeys(PREFIX)) {
    const draft = attempt(() => JSON.parse(localStorage.getItem(key)));
    if (!draft || Date.now() - draft.at > KEEP_MS) localStorage.removeItem(key);
  }
}
