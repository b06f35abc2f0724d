"""What the claim's page shows to second, blind and deciding reviewers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claimtracker.accounts.models import User

from .. import policies, states
from ..forms import ReasonForm, RefusableForm
from ..forms.reviewing import BlindReviewForm, DissentForm, EditForm, OtherwiseForm, ReviewedReasonForm
from ..models import Rating, ReasonTemplate, Review, ReviewTask, Verdict
from ..models.review import Outcome
from ..models.review_task import TaskKind
from ..selectors.workspace import Workspace

if TYPE_CHECKING:
    from .workspace import Sent

Steps = dict[int, int | None]


@dataclass(frozen=True, slots=True)
class RatingCard:
    radio: Any
    rating: Rating
    step: int | None


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """What one reviewer concluded of the proposal."""

    review: Review
    step: int | None
    agrees: bool


def reviewing_context(
    user: User, space: Workspace, sent: Sent, panel: str, ratings: list[Rating], steps: Steps
) -> dict[str, Any]:
    """Never says anything of the verdict while the panel is ``blind``."""
    context: dict[str, Any] = {"left_over": _left_over(sent, panel)}
    if panel == "blind":
        return context | _blind(user, space, sent, ratings, steps)
    verdict = space.verdict
    if verdict is None or panel not in {"decide", "disputed", "publish"}:
        return context
    context["reviews"] = [_line(review, steps) for review in _reviews_of(verdict)]
    if panel == "decide":
        return context | _deciding(user, space, verdict, sent, ratings, steps)
    if panel == "disputed":
        return context | _disputed(user, space, verdict, sent, steps)
    return context


def _left_over(sent: Sent, panel: str) -> RefusableForm | None:
    """A refused form that has no place on the page any more, because somebody else was faster."""
    shown = {
        "decide": ("edit", "dissent", "waiver"),
        "disputed": ("uphold", "otherwise", "giving_back"),
        "blind": ("blind", "waiver"),
    }.get(panel, ())
    slots = ("edit", "dissent", "blind", "waiver", "uphold", "otherwise", "giving_back")
    return next((form for slot in slots if slot not in shown and (form := getattr(sent, slot))), None)


def rating_cards(form: RefusableForm, ratings: list[Rating], steps: Steps) -> list[RatingCard]:
    radios = {str(radio.data["value"]): radio for radio in form["rating"].subwidgets}
    return [RatingCard(radios[r.slug], r, steps.get(r.pk)) for r in ratings if r.slug in radios]


def _blind(user: User, space: Workspace, sent: Sent, ratings: list[Rating], steps: Steps) -> dict[str, Any]:
    task = open_blind_task(space, user)
    context: dict[str, Any] = {
        "blind_task": task,
        "hidden_because": policies.may_see_verdict(user, space.claim.pk),
    }
    if task is None:
        return context
    can_rate = policies.can_submit_blind_review(user, task)
    if can_rate or sent.blind:
        form = sent.blind or BlindReviewForm(prefix="blind")
        context |= {"blind_form": form, "blind_cards": rating_cards(form, ratings, steps)}
    context |= {"can_rate": can_rate, **_waiver(user, task, sent)}
    return context


def _deciding(
    user: User, space: Workspace, verdict: Verdict, sent: Sent, ratings: list[Rating], steps: Steps
) -> dict[str, Any]:
    second = _open(space, TaskKind.SECOND_REVIEW)
    task = open_blind_task(space, user)
    dissent = sent.dissent or DissentForm(prefix="dissent", initial={"revision": verdict.revision})
    others = [rating for rating in ratings if rating.pk != verdict.rating_id]
    return {
        "can_decide": policies.can_decide_verdict(user, verdict, desk=space.claim.desk_id),
        "can_take_back": policies.can_take_back_verdict(user, verdict, second_review=second),
        "edit_form": sent.edit or EditForm.of_proposal(verdict),
        "dissent_form": dissent,
        "dissent_cards": rating_cards(dissent, others, steps),
        "reason_templates": list(ReasonTemplate.objects.filter(retired_at__isnull=True)),
        "blind_task": task,
        **(_waiver(user, task, sent) if task else {}),
    }


def _disputed(user: User, space: Workspace, verdict: Verdict, sent: Sent, steps: Steps) -> dict[str, Any]:
    revision = {"revision": verdict.revision}
    otherwise = sent.otherwise or OtherwiseForm.of_proposal(verdict)
    given = differing_ratings(verdict)
    otherwise.offer(given)
    return {
        "can_adjudicate": policies.can_adjudicate_verdict(user, verdict, desk=space.claim.desk_id),
        "uphold_form": sent.uphold or ReviewedReasonForm(prefix="uphold", initial=revision),
        "otherwise_form": otherwise,
        "otherwise_cards": rating_cards(otherwise, given, steps),
        "giving_back_form": sent.giving_back or ReviewedReasonForm(prefix="back", initial=revision),
        "reason_templates": list(ReasonTemplate.objects.filter(retired_at__isnull=True)),
    }


def differing_ratings(verdict: Verdict) -> list[Rating]:
    """What the other reviewers gave, other than what was proposed."""
    given = Review.objects.filter(verdict=verdict, outcome__in=(Outcome.DISSENT, Outcome.RATED))
    return list(
        Rating.objects.filter(pk__in=given.values("rating"))
        .exclude(pk=verdict.rating_id or 0)
        .order_by("position")
    )


def open_blind_task(space: Workspace, user: User) -> ReviewTask | None:
    """The open blind review: this person's own, or else the one that waits."""
    tasks = [t for t in space.tasks if t.kind == TaskKind.BLIND_REVIEW and t.state in states.OPEN]
    mine = [task for task in tasks if task.assignee_id == user.pk]
    return next(iter(mine or tasks), None)


def _open(space: Workspace, kind: str) -> ReviewTask | None:
    return next((task for task in space.tasks if task.kind == kind and task.state in states.OPEN), None)


def _waiver(user: User, task: ReviewTask, sent: Sent) -> dict[str, Any]:
    return {
        "can_waive": policies.can_waive_blind_review(user, task),
        "waiver_form": sent.waiver or ReasonForm(prefix="waiver"),
    }


def _reviews_of(verdict: Verdict) -> list[Review]:
    reviews = Review.objects.filter(verdict=verdict).select_related("reviewer", "rating", "first_rating")
    return list(reviews.order_by("id"))


def _line(review: Review, steps: Steps) -> ReviewLine:
    step = steps.get(review.rating_id) if review.rating_id else None
    return ReviewLine(review, step, review.rating_id == review.first_rating_id)
