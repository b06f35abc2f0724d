"""The list of first steps on the home page: few, by role, ticked by what happened and not by a click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Article
from claimtracker.accounts.access import roles_by_desk, sees_everything
from claimtracker.accounts.models import Look, Membership, Role, User, WorkingHours
from reviews import states
from reviews.models import (
    Evidence,
    Handover,
    MailTimes,
    NoticePreference,
    Publication,
    Review,
    TaskHolder,
    Verdict,
)

ME = OuterRef("pk")
LED = Q(desk__memberships__user=ME, desk__memberships__role=Role.LEAD)


@dataclass(frozen=True, slots=True)
class Kind:
    """A step: how to see that it was done (rows that there are then, or a page that was looked at), and the
    name of the address where it is done. A step of a claim leads to the person's own first task, if any."""

    label: Promise
    why: Promise
    where: str
    done: Callable[[], QuerySet[Any]] | Look
    query: str = ""
    args: tuple[str, ...] = ()
    of_a_claim: bool = False
    by_key: str = ""


KINDS: dict[str, Kind] = {
    "bring": Kind(
        _("Bring in a story"),
        _("Paste it; its claims are on the screen within seconds."),
        "claims:article_new",
        lambda: Article.objects.filter(submitted_by=ME),
    ),
    "article": Kind(
        _("Look at an article"),
        _("Every claim stands where it was said, with its reasons beside it."),
        "web:article_list",
        Look.ARTICLE,
    ),
    "drafts": Kind(
        _("See where a draft is looked at"),
        _("Before it goes out, and for nobody but you."),
        "web:drafts",
        Look.DRAFTS,
    ),
    "take": Kind(
        _("Take a task"),
        _("It is yours for a while, and nobody else works on it meanwhile."),
        "reviews:queue",
        lambda: TaskHolder.objects.filter(user=ME),
    ),
    "source": Kind(
        _("Add a source with its words"),
        _("Its address and the passage that says it; the page is kept as it was."),
        "reviews:queue",
        lambda: Evidence.objects.filter(added_by=ME).exclude(quotation=""),
        query="?show=mine",
        of_a_claim=True,
    ),
    "propose": Kind(
        _("Propose a verdict"),
        _("A second person approves it; you never decide alone."),
        "reviews:queue",
        lambda: Verdict.objects.filter(author=ME).exclude(state=states.DRAFT),
        query="?show=mine",
        of_a_claim=True,
    ),
    "decide": Kind(
        _("Decide on a colleague's verdict"),
        _("Approve it, say it in other words, or return it with a reason."),
        "reviews:queue",
        lambda: Review.objects.filter(reviewer=ME),
        query="?show=second",
    ),
    "publish": Kind(
        _("Publish a check"),
        _("The standards say what is missing before it goes out."),
        "reviews:queue",
        lambda: Publication.objects.filter(published_by=ME),
        query="?show=publish",
    ),
    "give": Kind(
        _("Give somebody a task"),
        _("From the queue or from a claim; they accept or decline."),
        "reviews:queue",
        lambda: Handover.objects.filter(giver=ME),
        query="?show=all",
    ),
    "hours": Kind(
        _("Set your desk's working hours"),
        _("Deadlines and leases count by them."),
        "reviews:desks",
        lambda: WorkingHours.objects.filter(LED),
    ),
    "rules": Kind(
        _("Read the routing rules"),
        _("Which claims come to which desk, and how soon."),
        "reviews:routing_rules",
        Look.RULES,
    ),
    "let_in": Kind(
        _("Let a colleague in"),
        _("Each person has a role at a desk; they set their password themselves."),
        "admin:accounts_user_changelist",
        lambda: Membership.objects.exclude(user=ME),
    ),
    "protect": Kind(
        _("Protect your sign-in"),
        _("With a passkey or a code from your phone."),
        "mfa_index",
        lambda: Authenticator.objects.filter(user=ME),
    ),
    "told": Kind(
        _("Choose what you are told"),
        _("In the app, by mail at once, once a day, or never."),
        "web:notice_preferences",
        lambda: NoticePreference.objects.filter(user=ME),
    ),
    "keys": Kind(
        _("Open the sheet of keys"),
        _("Nearly everything goes without the mouse."),
        "web:help_page",
        Look.KEYS,
        args=("keys",),
        by_key="?",
    ),
}
STEPS: dict[str, tuple[str, ...]] = {
    Role.LEAD: ("hours", "rules", "give", "decide", "told", "keys"),
    Role.EDITOR: ("article", "take", "decide", "publish", "told", "keys"),
    Role.CHECKER: ("article", "take", "source", "propose", "told", "keys"),
    Role.MODERATOR: ("protect", "let_in", "rules", "told", "keys"),
    Role.REPORTER: ("bring", "article", "drafts", "told", "keys"),
}


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    label: Promise
    why: Promise
    url: str
    is_done: bool
    by_key: str


@dataclass(frozen=True, slots=True)
class Progress:
    """``steps`` is empty for who has no role. Shown until all is done, or put away."""

    steps: tuple[Step, ...]
    is_put_away: bool

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_over(self) -> bool:
        return self.done == len(self.steps)

    @property
    def is_shown(self) -> bool:
        return not self.is_over and not self.is_put_away


def steps_for(user: Any) -> tuple[str, ...]:
    """The steps of the role in which the person does most; none without a role."""
    held = {str(role) for role in roles_by_desk(user).values()}
    if not held and sees_everything(user):
        held = {str(Role.MODERATOR)}
    return next((names for role, names in STEPS.items() if role in held), ())


def progress_of(user: User, *, claim: int | None = None) -> Progress:
    """How far ``user`` is; ``claim`` is that of a task in hand, to which steps of a claim lead. One query for
    any number of steps."""
    names = steps_for(user)
    if not names:
        return Progress((), is_put_away=False)
    kept = _facts(user, names)
    steps = tuple(_step(name, kept, claim) for name in names)
    return Progress(steps, kept["put_away_at"] is not None)


def _facts(user: User, names: tuple[str, ...]) -> dict[str, Any]:
    happened = {}
    for name in names:
        done = KINDS[name].done
        if not isinstance(done, Look):
            happened[f"did_{name}"] = Exists(done())
    # the hour of the collected mail is a choice as well
    happened["timed"] = Exists(MailTimes.objects.filter(user=ME))
    rows = User.objects.filter(pk=user.pk).values(
        **happened, looked=F("first_steps__looked"), put_away_at=F("first_steps__put_away_at")
    )
    return dict(rows.get())


def _step(name: str, kept: dict[str, Any], claim: int | None) -> Step:
    kind = KINDS[name]
    if isinstance(kind.done, Look):
        is_done = kind.done.value in (kept["looked"] or ())
    else:
        is_done = kept[f"did_{name}"] or (name == "told" and kept["timed"])
    if kind.of_a_claim and claim is not None:
        url = reverse("reviews:claim_detail", args=[claim])
    else:
        url = reverse(kind.where, args=kind.args) + kind.query
    return Step(name, kind.label, kind.why, url, is_done, kind.by_key)
