// Swagger UI has a dark look of its own behind this class; the site's remembered theme goes before the system's.
(function () {
  "use strict";
  const system = matchMedia("(prefers-color-scheme: dark)");

  function remembered() {
    try {
      return localStorage.getItem("claimtracker.theme");
    } catch {
      return null;
    }
  }

  function apply() {
    const theme = remembered();
    const dark = theme === "dark" || (theme !== "light" && system.matches);
    document.documentElement.classList.toggle("dark-mode", dark);
  }

  apply();
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply);
})();
