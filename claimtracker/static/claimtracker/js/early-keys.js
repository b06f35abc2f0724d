// Runs before the page is there: a key that somebody presses before the modules have arrived is kept for them
// (shortcuts.js asks for it), else it would be lost without a word. What goes into a field is the field's own.
(function () {
  "use strict";
  const KEEP_MS = 5000;
  const MOST = 20;
  const early = [];

  function keep(event) {
    const isChord = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key.length !== 1 || event.key === " " || isChord || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]") && !event.target.matches("[type=checkbox], [type=radio]")) return;
    if (early.length < MOST) early.push({ key: event.key, shiftKey: event.shiftKey, at: event.timeStamp });
  }

  document.addEventListener("keydown", keep);
  window.claimtrackerEarlyKeys = function () {
    document.removeEventListener("keydown", keep);
    const youngest = performance.now() - KEEP_MS;
    return early.splice(0).filter((key) => key.at > youngest);
  };
})();
