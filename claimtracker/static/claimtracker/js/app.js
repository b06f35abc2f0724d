// The one entry point: every module finds its own markup, on load and in whatever htmx swaps in.
import * as article from "./article.js";
import * as confirm from "./confirm.js";
import * as drafts from "./drafts.js";
import { pressEarlyKeys } from "./keys.js";
import * as mentions from "./mentions.js";
import * as offline from "./offline.js";
import * as palette from "./palette.js";
import * as picking from "./picking.js";
import * as place from "./place.js";
import * as presence from "./presence.js";
import * as query from "./query.js";
import * as queue from "./queue.js";
import * as readyWords from "./ready-words.js";
import * as shell from "./shell.js";
import * as shortcuts from "./shortcuts.js";
import * as sources from "./sources.js";

// offline first: a form that cannot be sent is held back before anybody marks it as sent
const modules = [
  offline, shell, shortcuts, drafts, confirm, article, mentions, palette, picking, presence, queue, place, query, readyWords,
  sources,
];

for (const module of modules) module.start(document);
pressEarlyKeys();
document.addEventListener("htmx:load", (event) => {
  if (event.target === document.body) return;
  for (const module of modules) module.enhance?.(event.target);
});
