// A list keeps one's place: after an action, or coming back from a claim, the same row has the focus at the
// same height; where it went away, the one after it.
import { currentRow, focusRow, rows } from "./queue.js";

const PREFIX = "claimtracker.place";
const KEEP_MS = 30 * 60 * 1000;

export function start(root) {
  if (!root.querySelector("[data-list]")) return;
  window.addEventListener("pagehide", keep);
  const place = restore();
  if (place) window.addEventListener("pageshow", () => putBack(place), { once: true });
}

// Of the person who is signed in: whoever comes after them in this browser begins at the top.
function key() {
  return `${PREFIX}.${document.body.dataset.user || "nobody"}`;
}

function keep() {
  const list = document.querySelector("[data-list]");
  const all = rows();
  const row = currentRow(all);
  if (!row) return;
  const kept = {
    list: list.dataset.list,
    ids: all.map((one) => one.id),
    at: all.indexOf(row),
    top: row.getBoundingClientRect().top,
    when: Date.now(),
  };
  try {
    sessionStorage.setItem(key(), JSON.stringify(kept));
  } catch {
    // Storage is blocked: the list begins at its top.
  }
}

function kept() {
  try {
    const found = JSON.parse(sessionStorage.getItem(key()) ?? "null");
    sessionStorage.removeItem(key());
    return found && Date.now() - found.when < KEEP_MS ? found : null;
  } catch {
    return null;
  }
}

// At once, so that a key pressed early acts in this row.
function restore() {
  const list = document.querySelector("[data-list]");
  const was = kept();
  if (!was || was.list !== list.dataset.list || location.hash || document.querySelector("[autofocus]")) return null;
  const order = [...was.ids.slice(was.at), ...was.ids.slice(0, was.at).reverse()];
  const row = order.map((id) => document.getElementById(id)).find(Boolean);
  if (!row) return null;
  focusRow(row);
  if (document.getElementById("result")) row.querySelector("[data-row-open]")?.setAttribute("aria-describedby", "result");
  return { row, top: was.top };
}

// Once the browser has scrolled as it likes; unless the person has gone on to another place by then.
function putBack({ row, top }) {
  if (row.contains(document.activeElement)) window.scrollBy({ top: row.getBoundingClientRect().top - top, behavior: "instant" });
}
