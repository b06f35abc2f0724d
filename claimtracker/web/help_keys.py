"""The keys, by page, as the help shows them; a test holds the list to what the pages bind."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Keys = tuple[tuple[str, ...], Promise]


@dataclass(frozen=True, slots=True)
class KeyGroup:
    title: Promise
    keys: tuple[Keys, ...]


KEY_GROUPS = (
    KeyGroup(
        _("Everywhere"),
        (
            (("?",), _("the keys of this page")),
            (("Ctrl", "K"), _("go anywhere, or search")),
            (("N",), _("a new article")),
            (("G", "H"), _("home")),
            (("G", "Q"), _("the queue")),
            (("G", "A"), _("articles")),
            (("G", "P"), _("published checks")),
            (("G", "N"), _("news for you")),
            (("/",), _("the field to search or narrow the list")),
            (("J", "K"), _("next and previous row")),
            (("Enter",), _("open it")),
        ),
    ),
    KeyGroup(
        _("The queue"),
        (
            (("T",), _("take the task and open it")),
            (("A",), _("take it, or all selected ones, and stay")),
            (("R",), _("give it, or all selected ones, back")),
            (("X",), _("select the task; with Shift up to here")),
            (("Esc",), _("select nothing")),
            (("Z",), _("undo, for ten seconds")),
        ),
    ),
    KeyGroup(
        _("An article"),
        (
            (("Ctrl", "Enter"), _("find the claims of what was pasted")),
            (("M",), _("mark the selected words as a claim")),
            (("X",), _("choose the claim, to decide about several")),
        ),
    ),
    KeyGroup(
        _("A claim"),
        (
            (("T",), _("take its task")),
            (("E",), _("add a source, by its address")),
            (("V",), _("write the verdict")),
            (("Ctrl", "Enter"), _("send the form that you write in")),
            (("S",), _("a suggestion is the same")),
            (("D",), _("it is different")),
            (("W",), _("watch the claim for your desk")),
            (("P",), _("publish, or approve and publish")),
        ),
    ),
    KeyGroup(
        _("Moderation, in the administration"),
        (
            (("N",), _("open what waits next")),
            (("S",), _("skip it: the next one")),
            (("H",), _("the first page of the administration")),
            (("A",), _("accept: what is open, selected, or the row")),
            (("R",), _("reject it, with a reason")),
            (("L",), _("a request is a claim that we have")),
            (("E",), _("ask somebody else to decide on what was flagged")),
            (("1", "9"), _("choose a ready reason, from 1 to 9, while the field is empty")),
            (("Z",), _("undo the last decision, where it can be undone")),
        ),
    ),
)
