"""A claim's history in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claims.states import BY_ITS_SENDER

from ..policies import may_see_verdict
from ..selectors.history import Event, history_of
from .publishing_panel import about_standards
from .wording import due_at, moment

ICONS = {
    "claim.added": "cursor-arrow-rays",
    "claim.dismissed": "minus-circle",
    "claim.edited": "pencil",
    "claim.adjusted": "arrows-right-left",
    "claim.split": "scissors",
    "claim.restored": "arrow-path",
    "claim.confirmed": "check",
    "claim.selection_explained": "megaphone",
    "triage.decided": "funnel",
    "claim.refreshed": "cpu-chip",
    "claim.withdrawn": "minus-circle",
    "match.confirmed": "link",
    "match.rejected": "x-mark",
    "match.reconsidered": "arrow-path",
    "family.merged": "link",
    "family.detached": "scissors",
    "family.split": "scissors",
    "family.undone": "arrow-uturn-left",
    "claim.watched": "bell",
    "claim.unwatched": "bell-slash",
    "alert.raised": "bell-alert",
    "review_task.routed": "inbox",
    "review_task.rerouted": "inbox",
    "review_task.reopened": "arrow-path",
    "review_task.taken": "user",
    "review_task.released": "arrow-uturn-left",
    "review_task.undone": "arrow-uturn-left",
    "review_task.assigned": "user",
    "review_task.handed_over": "arrow-right",
    "review_task.deadline_moved": "clock",
    "review_task.accepted": "check",
    "review_task.declined": "arrow-uturn-left",
    "review_task.expired": "clock",
    "review_task.cancelled": "minus-circle",
    "evidence.added": "document-text",
    "evidence.removed": "trash",
    "evidence.changed": "exclamation-triangle",
    "evidence.returned": "check-circle",
    "evidence.change_settled": "eye",
    "verdict.carried_over": "document-duplicate",
    "verdict.text_carried": "check-circle",
    "verdict.text_removed": "exclamation-triangle",
    "verdict.submitted": "paper-airplane",
    "verdict.returned": "arrow-uturn-left",
    "verdict.approved": "check-badge",
    "verdict.edited": "pencil",
    "verdict.taken_back": "arrow-uturn-left",
    "verdict.disputed": "scale",
    "verdict.adjudicated": "scale",
    "blind_review.opened": "eye-slash",
    "blind_review.submitted": "eye-slash",
    "blind_review.waived": "minus-circle",
    "review_task.also_because": "arrow-path",
    "publication.published": "check-circle",
    "publication.corrected": "pencil-square",
    "publication.rechecked": "check-badge",
    "publication.retracted": "x-circle",
    "standards.explained": "chat-bubble-left",
    "standards.overridden": "shield-exclamation",
    "notification.sent": "bell",
    "reply.asked": "paper-airplane",
    "reply.called_off": "minus-circle",
    "reply.contact_logged": "chat-bubble-left",
    "reply.received": "inbox",
    "reply.unanswered": "clock",
    "reply.shown": "check",
    "reply.set_aside": "minus-circle",
    "complaint.received": "inbox",
    "complaint.let_in": "inbox",
    "complaint.escalated": "clock",
    "complaint.decided": "scale",
    "complaint.erased": "minus-circle",
    "dossier.made": "document-text",
}

# what these say tells, or lets one guess, what was found
TELLING = ("verdict.", "blind_review.", "review_task.reopened", "comment.")


@dataclass(frozen=True, slots=True)
class Line:
    who: str
    what: str
    title: str
    note: str
    icon: str
    at: datetime
    when: str


def timeline_of(claim: Claim, user: Any) -> list[Line]:
    """The claim's history, newest first, down to how it was found."""
    events = history_of(claim)
    hidden = () if may_see_verdict(user, claim.pk) else TELLING
    lines = [_line(event, user, is_told=not event.verb.startswith(hidden)) for event in events]
    if claim.extractor_version:
        rereadings = [event.details.get("from", "") for event in events if event.verb == "claim.refreshed"]
        first = rereadings[-1] if rereadings else claim.extractor_version
        what = _("found the claim (extractor %(version)s)") % {"version": first}
        at = claim.created_at
        lines.append(Line("Claimtracker", what, "", "", "cpu-chip", at, moment(at)))
    return lines


def _line(event: Event, user: Any, *, is_told: bool = True) -> Line:
    """``is_told``: may this person read the words of it?"""
    return Line(
        who=_who(event, user),
        what=what_of(event),
        title=event.title,
        note=event.note if is_told else "",
        icon=ICONS.get(event.verb, "information-circle"),
        at=event.at,
        when=moment(event.at),
    )


def _who(event: Event, user: Any) -> str:
    if event.user_id is not None and event.user_id == user.pk:
        return _("You")
    return event.actor or _("A person whose account was erased")


def _published(event: Event) -> str:
    number = {"n": event.details.get("version", 1)}
    if event.verb == "publication.rechecked":
        return _("looked again and published version %(n)s: the finding is the same") % number
    return _("published version %(n)s") % number


def _added(stance: str) -> str:
    return {
        "supports": _("added a source that supports it"),
        "refutes": _("added a source that refutes it"),
    }.get(stance, _("added a source for context"))


def what_of(event: Event) -> str:
    """What somebody did, in a sentence that begins after their name."""
    details = event.details
    match event.verb:
        case "evidence.added":
            return _added(event.stance)
        case "verdict.submitted" if details.get("revision", 1) > 1:
            return _("proposed the verdict again (revision %(n)s)") % {"n": details["revision"]}
        case "publication.published" | "publication.corrected" | "publication.rechecked":
            return _published(event)
        case "claim.refreshed":
            reader = {"version": details.get("extractor", "")}
            if details.get("before"):
                return _("read it again and put it otherwise (extractor %(version)s)") % reader
            return _("read it again and found the same (extractor %(version)s)") % reader
        case "claim.withdrawn" if details.get("extractor") == BY_ITS_SENDER:
            return _("withdrew the article, and this claim with it")
        case "claim.withdrawn":
            reader = {"version": details.get("extractor", "")}
            return _("no longer found the claim (extractor %(version)s)") % reader
        case "review_task.reopened" if details.get("cause", "correction") != "correction":
            return _("asked to look at it again")
        case "review_task.cancelled" if details.get("because") == "family":
            return _("cancelled the task, because another claim of its family is checked or in hand")
        case "verdict.carried_over":
            return _("carried over the verdict on claim %(claim)s (version %(n)s) as a draft") % {
                "claim": details["from_claim"],
                "n": details["version"],
            }
        case "triage.decided":
            return {
                "dismiss": _("decided in triage: it is not checked"),
                "merge": _("decided in triage: claim %(claim)s says the same")
                % {"claim": details.get("into") or "?"},
            }.get(str(details.get("outcome")), _("decided in triage: it is checked"))
        case "review_task.rerouted":
            return _("brought its place in the queue of the %(desk)s desk up to date") % {"desk": event.desk}
        case "review_task.routed":
            return _("put it into the queue of the %(desk)s desk") % {"desk": event.desk}
        case "review_task.assigned" if event.to:
            return _("gave the task to %(name)s") % {"name": event.to}
        case "review_task.handed_over" if event.to:
            return _("handed the task over to %(name)s") % {"name": event.to}
        case "review_task.deadline_moved":
            return _("moved the deadline to %(when)s") % {"when": due_at(details["due_at"])}
    said = _of_watch(event) or _of_review(event) or _sentences().get(event.verb)
    said = said or about_standards(event.verb, event.details.get("code", ""))
    return said or event.verb.replace("_", " ").replace(".", ": ")


def _of_watch(event: Event) -> str:
    """What concerns the desks that watch a claim; empty for everything else."""
    details = event.details
    match event.verb:
        case "claim.watched":
            return _("let the %(desk)s desk watch it") % {"desk": event.desk}
        case "claim.unwatched":
            return _("ended the watch of the %(desk)s desk") % {"desk": event.desk}
        case "alert.raised" if details.get("of") == "match":
            return _("told the %(desk)s desk that it was very likely said again") % {"desk": event.desk}
        case "alert.raised":
            return _("told the %(desk)s desk that it was said again (%(n)s times)") % {
                "desk": event.desk,
                "n": details.get("alerts", 1),
            }
    return ""


def _of_review(event: Event) -> str:
    """What a blind reviewer or a lead said of a proposal; empty for everything else."""
    match event.verb:
        case "verdict.adjudicated":
            return {
                "upheld": _("decided that the proposal stands"),
                "changed": _("decided for the other rating"),
            }.get(str(event.details.get("outcome")), _("decided that neither is ready"))
        case "blind_review.submitted" if event.details.get("agrees"):
            return _("reviewed it blind and gave the same rating")
        case "blind_review.submitted":
            return _("reviewed it blind and gave another rating")
    return ""


def _sentences() -> dict[str, str]:
    return {**_of_the_claim(), **_of_its_check()}


def _of_the_claim() -> dict[str, str]:
    return {
        "article.ingested": _("took an article in that it stands in"),
        "article.version_recorded": _("took a newer text of an article in"),
        "comment.added": _("wrote a comment"),
        "comment.edited": _("changed a comment"),
        "comment.removed": _("removed a comment"),
        "claim.added": _("marked the claim in the text"),
        "claim.confirmed": _("confirmed the claim"),
        "claim.dismissed": _("dismissed the claim"),
        "claim.selection_explained": _("said to readers why it is checked"),
        "claim.edited": _("changed the claim's wording or speaker"),
        "claim.adjusted": _("chose other words of the text for the claim"),
        "claim.split": _("made two claims of it"),
        "claim.restored": _("restored the claim"),
        "match.confirmed": _("confirmed that it was seen before"),
        "match.rejected": _("rejected a match: not the same"),
        "match.reconsidered": _("took the decision on a match back"),
        "family.merged": _("brought it into one family with claims that say the same"),
        "family.detached": _("detached it from its family"),
        "family.split": _("split its family"),
        "family.undone": _("undid the last change of its family"),
    }


def _of_its_check() -> dict[str, str]:
    return {
        "review_task.reopened": _("asked for a correction"),
        "review_task.taken": _("took the task"),
        "review_task.released": _("gave the task back to the queue"),
        "review_task.undone": _("undid this at once"),
        "review_task.assigned": _("gave the task to somebody"),
        "review_task.handed_over": _("handed the task over"),
        "review_task.accepted": _("accepted the task"),
        "review_task.declined": _("declined the task, so it is in the queue again"),
        "review_task.expired": _("put the task back into the queue, because its time ran out"),
        "review_task.cancelled": _("cancelled the task"),
        "evidence.removed": _("took a source off the board"),
        "evidence.changed": _("found that the page of a source changed or is gone"),
        "evidence.returned": _("found the page of a source as it was"),
        "evidence.change_settled": _("looked at what changed on the page of a source"),
        "verdict.text_carried": _("found the words as they were in a newer version of the article"),
        "verdict.text_removed": _("no longer found the words in a newer version of the article"),
        "verdict.submitted": _("proposed a verdict"),
        "verdict.returned": _("returned the verdict"),
        "verdict.approved": _("approved the verdict"),
        "publication.retracted": _("retracted the check"),
        "verdict.edited": _("edited the verdict"),
        "verdict.taken_back": _("opened the verdict again to edit it"),
        "verdict.disputed": _("would rate it otherwise; a lead decides"),
        "blind_review.opened": _("asked for a blind review"),
        "blind_review.waived": _("went on without the blind review"),
        "review_task.also_because": _("gave another reason to look at it again"),
        "notification.sent": _("sent a reminder"),
        "reply.asked": _("asked the other side for a reply"),
        "reply.called_off": _("called the request for a reply off"),
        "reply.contact_logged": _("wrote into the contact log"),
        "reply.received": _("received a reply from the other side"),
        "reply.unanswered": _("noted that nobody replied in time"),
        "reply.shown": _("decided to quote the reply"),
        "reply.set_aside": _("decided not to quote the reply"),
        "complaint.received": _("received a reader’s complaint"),
        "complaint.let_in": _("let a held complaint in"),
        "complaint.escalated": _("told of a reader’s complaint that nobody had answered"),
        "complaint.decided": _("answered a reader’s complaint"),
        "complaint.erased": _("erased who complained, and in which words"),
        "source.protected": _("made a source confidential"),
        "source.named": _("decided that a source may be named"),
        "source.edited": _("described a source anew"),
        "source.read": _("read a confidential source"),
        "dossier.made": _("had the dossier put together"),
    }
