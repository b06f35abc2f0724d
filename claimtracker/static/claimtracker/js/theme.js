// Runs before the first paint: applies the remembered theme, then wires the switches of the page.
(function () {
  "use strict";
  const KEY = "claimtracker.theme";
  const root = document.documentElement;

  function remembered() {
    try {
      const value = localStorage.getItem(KEY);
      return value === "light" || value === "dark" ? value : "auto";
    } catch {
      return "auto";
    }
  }

  function apply(value) {
    if (value === "auto") delete root.dataset.theme;
    else root.dataset.theme = value;
    for (const input of document.querySelectorAll("[data-theme-switch] input")) {
      input.checked = input.value === value;
    }
  }

  apply(remembered());

  document.addEventListener("DOMContentLoaded", function () {
    for (const fieldset of document.querySelectorAll("[data-theme-switch]")) fieldset.hidden = false;
    apply(remembered());
  });
  document.addEventListener("change", function (event) {
    if (!event.target.closest("[data-theme-switch]")) return;
    try {
      localStorage.setItem(KEY, event.target.value);
    } catch {
      // Storage is blocked: the choice holds for this page only.
    }
    apply(event.target.value);
  });
  window.addEventListener("storage", function (event) {
    if (event.key === KEY) apply(remembered());
  });
})();
