// A form whose words are kept (data-draft) is never sent into nothing: where the server cannot be reached it says that
// nothing was saved, and sends itself when the connection is back, unless somebody went on writing or called it off.
const PING = "/health/live";
const PATIENCE_MS = 6000;
const FRESH_MS = 5000;
const WAITS_MS = [3000, 5000, 10_000, 20_000, 30_000];
const held = new Map(); // form → { submitter, note, isChanged }
let heardAt = 0;
let tries = 0;
let timer = 0;

export function start(root) {
  root.addEventListener("submit", onSubmit);
  root.addEventListener("input", onInput);
  root.addEventListener("click", onClick);
  root.addEventListener("htmx:afterRequest", onAnswer);
  for (const lost of ["htmx:sendError", "htmx:timeout"]) root.addEventListener(lost, onLost);
  window.addEventListener("offline", tellOffline);
  window.addEventListener("online", onBack);
  if (!navigator.onLine) tellOffline();
}

// Before anybody else hears of it: a form that is not sent is not marked as sent either.
function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || !("draft" in form.dataset) || form.matches("[hx-post]")) return;
  if (form.dataset.reached) {
    delete form.dataset.reached;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.reaching) return;
  form.dataset.reaching = "yes";
  const { submitter } = event;
  isReached().then((yes) => {
    delete form.dataset.reaching;
    if (!form.isConnected) return;
    if (yes) send(form, submitter);
    else hold(form, submitter);
  });
}

async function isReached() {
  await new Promise((resolve) => setTimeout(resolve)); // inside its own submission a form cannot be sent
  if (!navigator.onLine) return false;
  if (Date.now() - heardAt < FRESH_MS) return true;
  try {
    await fetch(PING, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    heardAt = Date.now();
    return true;
  } catch {
    return false;
  }
}

function send(form, submitter) {
  release(form);
  if (!form.matches("[hx-post]")) {
    form.dataset.reached = "yes";
    form.dataset.confirmed = "yes"; // who was asked whether they are sure is not asked again
  }
  form.requestSubmit(submitter?.isConnected ? submitter : undefined);
}

function hold(form, submitter) {
  heardAt = 0;
  if (!held.has(form)) {
    const note = copyOf("held-note-template");
    const row = submitter?.closest(".btn-row") ?? form.lastElementChild;
    row.before(note);
    held.set(form, { submitter, note, isChanged: false });
  } else {
    Object.assign(held.get(form), { submitter, isChanged: false });
  }
  show(form);
  tryLater();
}

function show(form) {
  const { note, isChanged } = held.get(form);
  for (const part of note.querySelectorAll("[data-held-when]")) {
    part.hidden = (part.dataset.heldWhen === "changed") !== isChanged;
  }
}

function release(form) {
  held.get(form)?.note.remove();
  held.delete(form);
}

function onInput(event) {
  const form = event.target.form;
  if (!held.has(form) || held.get(form).isChanged) return;
  held.get(form).isChanged = true; // what is being written now is sent by who writes it
  show(form);
}

function onClick(event) {
  const note = event.target.closest?.("[data-held]");
  if (!note) return;
  const [form] = [...held].find(([, one]) => one.note === note) ?? [];
  if (!form) return;
  if (event.target.closest("[data-held-drop]")) release(form);
  else if (event.target.closest("[data-held-send]")) sendHeld(form);
}

function sendHeld(form) {
  const { submitter } = held.get(form);
  return isReached().then((yes) => yes && held.has(form) && send(form, submitter));
}

function onAnswer(event) {
  if (event.detail.failed && !event.detail.xhr?.status) return;
  heardAt = Date.now();
  const note = staleNote(event.detail.elt);
  if (note && event.detail.successful) note.hidden = true;
}

function onLost(event) {
  heardAt = 0;
  const asked = event.detail.elt;
  const note = staleNote(asked);
  if (note) note.hidden = false;
  if (!asked?.matches("form[data-draft]")) return;
  hold(asked, event.detail.requestConfig?.triggeringEvent?.submitter);
}

function staleNote(element) {
  return element?.id ? document.querySelector(`[data-stale-note="${CSS.escape(element.id)}"]`) : null;
}

function tellOffline() {
  heardAt = 0;
  const strip = document.getElementById("offline");
  if (strip && !strip.childElementCount) strip.append(copyOf("offline-strip-template"));
}

function onBack() {
  document.getElementById("offline")?.replaceChildren();
  tries = 0;
  sendAll();
}

async function sendAll() {
  for (const form of [...held.keys()]) {
    if (!form.isConnected) release(form);
    else if (!held.get(form).isChanged) await sendHeld(form);
  }
  tryLater();
}

function tryLater() {
  clearTimeout(timer);
  if (![...held.values()].some((one) => !one.isChanged)) return;
  timer = setTimeout(sendAll, WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]);
  tries += 1;
}

function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}
