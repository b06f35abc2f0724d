// The open page of a claim tells whether one writes in it: a field of a form was changed and not sent yet.
const WRITES_FOR = 60_000;
let lastInput = 0;

export function start(root) {
  root.addEventListener("input", (event) => {
    if (event.target.closest?.("form[method='post'] :is(textarea, input:not([type='search']))")) lastInput = Date.now();
  });
  root.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches?.("[data-here]")) return;
    event.detail.parameters.board = document.getElementById("evidence")?.dataset.board ?? "";
    event.detail.parameters.writing = Date.now() - lastInput < WRITES_FOR && lastInput ? "yes" : "no";
  });
  // a page in the background is not open to anybody
  root.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches?.("[data-here]") && document.hidden) event.preventDefault();
  });
}
