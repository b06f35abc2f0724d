"""Every rule by its code: which criterion it holds, how hard, and whether people may answer for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .facts import Finding, Severity

# this room is plain Python: the application gives it the language of whoever asks (reviews/apps.py)
translate: Callable[[str], str] = str


def gettext_noop(text: str) -> str:
    """Marks a sentence for those who translate it."""
    return text


@dataclass(frozen=True, slots=True)
class Rule:
    """``field`` is the input to mend. An error that ``can_be_explained`` becomes a warning with the reason
    beside it; one that ``stops_proposals`` is mended before a second person is asked; only errors that
    ``can_be_overridden`` can a lead answer for. ``message`` tells the desk what to do; ``for_readers`` says
    the same as readers find it beside the reason."""

    criterion: str
    severity: Severity
    message: str
    field: str = ""
    can_be_explained: bool = False
    can_be_overridden: bool = True
    stops_proposals: bool = False
    for_readers: str = ""

    def found(self, code: str, **words: str) -> Finding:
        said = (self.message, self.for_readers or self.message)
        message, for_readers = (translate(text).format(**words) for text in said)
        return Finding(code, self.severity, self.criterion, message, self.field, for_readers=for_readers)


RULES: dict[str, Rule] = {
    # --- non-partisanship (2)
    "conflict_of_interest": Rule(
        "2.5", "error", gettext_noop("Somebody behind this verdict declared a conflict of interest.")
    ),
    # --- sources (3)
    "no_source": Rule(
        "3.1",
        "error",
        gettext_noop("Add at least one source with its address or full citation."),
        "evidence",
        stops_proposals=True,
    ),
    "source_incomplete": Rule(
        "3.1",
        "error",
        gettext_noop("Give title, publisher and day of reading of every source: {which}."),
        "evidence",
        for_readers=gettext_noop("A source is not named in full: {which}."),
    ),
    "no_primary_source": Rule(
        "3.2",
        "warning",
        gettext_noop("No primary source or data set is cited."),
        "evidence",
        can_be_explained=True,
    ),
    "one_publisher": Rule(
        "3.3",
        "error",
        gettext_noop(
            "Only one named publisher is cited; find a second, or say why it is the only relevant source."
        ),
        "evidence",
        can_be_explained=True,
        for_readers=gettext_noop("Only one named publisher is cited."),
    ),
    "confidential_without_reason": Rule(
        "3.1",
        "error",
        gettext_noop("Say why a source is withheld from readers."),
        "evidence",
        for_readers=gettext_noop("A source is withheld."),
    ),
    "interest_unknown": Rule(
        "3.4",
        "warning",
        gettext_noop("{which} speaks for itself here; say in the source's note which interest it has."),
        "evidence",
        can_be_explained=True,
        for_readers=gettext_noop("{which} speaks for itself here."),
    ),
    # --- the newsroom (4)
    "policy_missing": Rule(
        "4.1", "warning", gettext_noop("Readers cannot find your {which}. An administrator sets the address.")
    ),
    # --- method (5)
    "summary_missing": Rule(
        "5.1",
        "error",
        gettext_noop("Say the finding in one sentence for the reader."),
        "summary",
        can_be_overridden=False,
        stops_proposals=True,
    ),
    "rationale_missing": Rule(
        "5.1",
        "error",
        gettext_noop("Explain how the evidence leads to the rating."),
        "rationale",
        can_be_overridden=False,
        stops_proposals=True,
    ),
    "selection_unexplained": Rule(
        "5.2",
        "warning",
        gettext_noop("Nobody has said why this claim was chosen."),
        "selection",
    ),
    "one_sided": Rule(
        "5.3",
        "warning",
        gettext_noop("All evidence points one way; was the other side sought?"),
        "evidence",
        can_be_explained=True,
        for_readers=gettext_noop("All evidence points one way."),
    ),
    "rating_missing": Rule(
        "5.4",
        "error",
        gettext_noop("Choose a rating."),
        "rating",
        can_be_overridden=False,
        stops_proposals=True,
    ),
    "claimant_not_asked": Rule(
        "5.5",
        "warning",
        gettext_noop("Nobody has asked {who} for a comment yet."),
        "reply",
        can_be_explained=True,
        for_readers=gettext_noop("We have not asked {who} for a comment."),
    ),
    "reply_awaited": Rule(
        "5.5", "error", gettext_noop("{who} was asked for a reply and has until {until}."), "reply"
    ),
    "reply_unread": Rule(
        "5.5",
        "error",
        gettext_noop("A reply of {who} has come in. Read it and decide whether it is shown."),
        "reply",
        for_readers=gettext_noop("A reply of {who} has come in."),
    ),
    # --- corrections (6)
    "correction_unexplained": Rule(
        "6.3",
        "error",
        gettext_noop("Tell readers what changed and why."),
        "change_note",
        can_be_overridden=False,
    ),
    "correction_kind_missing": Rule(
        "6.3", "error", gettext_noop("Choose what kind of change this is."), "change", can_be_overridden=False
    ),
    "verdict_change_unnamed": Rule(
        "6.3",
        "error",
        gettext_noop("The rating is another than before ({before}): call it a change of verdict."),
        "change",
        can_be_overridden=False,
    ),
    "verdict_unchanged": Rule(
        "6.3",
        "error",
        gettext_noop("The rating is the same as before, so this is no change of verdict."),
        "change",
        can_be_overridden=False,
    ),
    "recheck_differs": Rule(
        "6.3",
        "error",
        gettext_noop(
            "More than the day differs from before ({which}), so this is no re-check: choose what it is."
        ),
        "change",
        can_be_overridden=False,
    ),
    "complaint_route_missing": Rule(
        "6.4",
        "warning",
        gettext_noop("Readers cannot find where to ask for a correction. Set the address."),
    ),
}

EXPLAINABLE = frozenset(code for code, rule in RULES.items() if rule.can_be_explained)
