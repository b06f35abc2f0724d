// A form or button with data-confirm="…" asks first. Without script the server's own check is the guard.
let asking = null;

export function start(root) {
  root.addEventListener("submit", onSubmit, true);
  document.addEventListener("htmx:confirm", onHtmxConfirm);
}

function onSubmit(event) {
  const form = event.target;
  const submitter = event.submitter;
  const question = submitter?.dataset.confirm ?? form.dataset.confirm;
  const isHtmx = form.matches("[hx-post], [hx-get], [hx-delete]");
  if (!question || isHtmx || form.dataset.confirmed === "yes") {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  ask(question, submitter?.textContent.trim()).then((yes) => {
    if (!yes) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter ?? undefined);
  });
}

function onHtmxConfirm(event) {
  const source = event.detail.elt.closest("[data-confirm]");
  if (!source) return;
  event.preventDefault();
  ask(source.dataset.confirm, source.dataset.confirmYes).then((yes) => yes && event.detail.issueRequest(true));
}

function ask(question, yesLabel) {
  const dialog = document.getElementById("confirm-dialog");
  if (!dialog) return Promise.resolve(window.confirm(question));
  if (asking) return Promise.resolve(false);
  dialog.querySelector("[data-confirm-text]").textContent = question;
  const yes = dialog.querySelector("[data-confirm-yes]");
  yes.dataset.plain ??= yes.textContent;
  yes.textContent = yesLabel || yes.dataset.plain;
  dialog.returnValue = "no";
  dialog.showModal();
  asking = new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  }).finally(() => {
    asking = null;
  });
  return asking;
}
