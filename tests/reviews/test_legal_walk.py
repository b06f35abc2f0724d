"""The walk: every state of a verdict with every action and every role. What is legal works; everything else
is refused with a sentence by the action, and by the database when somebody goes round it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused
from reviews.actions.adjudication import decide_otherwise, return_disputed, uphold_verdict
from reviews.actions.assignment import release_task, take_task
from reviews.actions.blind_review import submit_blind_review, waive_blind_review
from reviews.actions.corrections import retract_publication
from reviews.actions.deciding import keep_revision, record_review
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.second_review import (
    approve_verdict,
    dissent_from_verdict,
    edit_and_approve,
    request_changes,
)
from reviews.actions.verdicts import save_draft, submit_verdict, take_back_verdict
from reviews.models import Publication, ReviewTask, Verdict
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = {"summary": "A third of it is right.", "rationale": "The audited accounts list a third of the sum."}
PEOPLE = ("author", "reporter", "checker", "editor", "lead", "moderator", "elsewhere")
CHECKERS, EDITORS, LEADS = {"checker", "editor", "lead"}, {"editor", "lead"}, {"lead"}


@dataclass
class Scene:
    """One claim with its verdict in a state, and the people around it."""

    people: dict[str, User]
    verdict: Verdict
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def research(self) -> ReviewTask | None:
        return (
            ReviewTask.objects.filter(claim=self.verdict.claim, kind__in=("research", "recheck"))
            .order_by("-id")
            .first()
        )

    def open_task(self, kind: str) -> ReviewTask | None:
        return ReviewTask.objects.filter(claim=self.verdict.claim, kind=kind).order_by("-id").first()


def scene(state: str) -> Scene:
    people = {
        "author": factories.make_user(Role.CHECKER),
        "reporter": factories.make_user(Role.REPORTER),
        "checker": factories.make_user(Role.CHECKER),
        "editor": factories.make_user(Role.EDITOR),
        "lead": factories.make_user(Role.LEAD),
        "moderator": factories.make_user(Role.MODERATOR),
        "elsewhere": factories.make_user(Role.LEAD, factories.make_desk("health")),
    }
    author, second = people["author"], factories.make_user(Role.EDITOR)
    if state == "draft":
        task = factories.make_taken_task(author)
        factories.make_evidence(task.claim, author)
        return Scene(people, save_draft(task, by=author, rating=factories.make_rating(), **_words()))
    verdict = factories.make_submitted_verdict(author)
    if state == "returned":
        request_changes(verdict, by=second, reason="Cite the accounts.")
    elif state == "disputed":
        dissent_from_verdict(
            verdict, by=second, revision=1, rating=factories.make_rating("true"), reason="It is all right."
        )
    elif state in ("approved", "published"):
        approve_verdict(verdict, by=second, revision=1)
    made = Scene(people, Verdict.objects.get(pk=verdict.pk))
    if state == "published":
        publish_verdict(made.verdict, by=second)
    return made


def _words() -> dict[str, Any]:
    return dict(WORDS)


def _other() -> Any:
    return factories.make_rating("true")


ACTIONS: dict[str, Callable[[Scene, User], Any]] = {
    "submit": lambda s, by: submit_verdict(s.research, by=by, rating=factories.make_rating(), **_words()),
    "save_draft": lambda s, by: save_draft(s.research, by=by, rating=None, **_words()),
    "take_back": lambda s, by: take_back_verdict(s.verdict, by=by),
    "approve": lambda s, by: approve_verdict(s.verdict, by=by, revision=s.verdict.revision),
    "edit": lambda s, by: edit_and_approve(s.verdict, by=by, revision=s.verdict.revision, **_words()),
    "return": lambda s, by: request_changes(s.verdict, by=by, reason="Say more."),
    "dissent": lambda s, by: dissent_from_verdict(
        s.verdict, by=by, revision=s.verdict.revision, rating=_other(), reason="Look again."
    ),
    "uphold": lambda s, by: uphold_verdict(
        s.verdict, by=by, revision=s.verdict.revision, reason="It stands."
    ),
    "otherwise": lambda s, by: decide_otherwise(
        s.verdict, by=by, revision=s.verdict.revision, rating=_other(), reason="It is so.", **_words()
    ),
    "give_back": lambda s, by: return_disputed(
        s.verdict, by=by, revision=s.verdict.revision, reason="Neither is ready."
    ),
    "publish": lambda s, by: publish_verdict(s.verdict, by=by),
    "recheck": lambda s, by: open_recheck(s.verdict.claim, by=by, reason="A slip."),
    "retract": lambda s, by: retract_publication(s.verdict.claim, by=by, version=1, note="It was forged."),
}
# (state, action) → who may; every other combination is illegal
LEGAL: dict[tuple[str, str], set[str]] = {
    ("draft", "submit"): {"author"},
    ("draft", "save_draft"): {"author"},
    ("returned", "submit"): {"author"},
    ("returned", "save_draft"): {"author"},
    ("submitted", "take_back"): {"author"},
    ("submitted", "approve"): EDITORS,
    ("submitted", "edit"): EDITORS,
    ("submitted", "return"): EDITORS,
    ("submitted", "dissent"): EDITORS,
    ("disputed", "uphold"): LEADS,
    ("disputed", "otherwise"): LEADS,
    ("disputed", "give_back"): LEADS,
    ("approved", "publish"): EDITORS,
    ("approved", "recheck"): EDITORS,
    ("published", "recheck"): EDITORS,
    ("published", "retract"): LEADS,
}
STATES = ("draft", "submitted", "returned", "disputed", "approved", "published")


@pytest.mark.parametrize("state", STATES)
def test_every_action_by_everybody_in_every_state(state):
    made = scene(state)
    told = {}
    for action, act in ACTIONS.items():
        for name in PEOPLE:
            before = _standing(made)
            point = transaction.savepoint()
            try:
                with transaction.atomic():
                    act(made, made.people[name])
                told[action, name] = "works"
            except ActionRefused as refusal:
                assert refusal.reason.endswith("."), refusal.reason
                assert refusal.code
                told[action, name] = "refused"
                assert _standing(made) == before
            transaction.savepoint_rollback(point)
    legal = {(action, name) for action in ACTIONS for name in LEGAL.get((state, action), set())}
    assert {key for key, outcome in told.items() if outcome == "works"} == legal


def _standing(made: Scene) -> tuple[Any, ...]:
    verdicts = Verdict.objects.filter(claim=made.verdict.claim).order_by("pk")
    tasks = ReviewTask.objects.filter(claim=made.verdict.claim).order_by("pk")
    return (
        list(verdicts.values_list("state", "revision", "summary", "rating", "approver")),
        list(tasks.values_list("kind", "state", "assignee")),
        Publication.objects.count(),
    )


# what somebody would write who goes round the action: (state it leads to, kind of review, outcome)
BYPASS = {
    "submit": ("submitted", "", ""),
    "take_back": ("draft", "", ""),
    "approve": ("approved", "second_review", "approved"),
    "return": ("returned", "second_review", "returned"),
    "dissent": ("disputed", "second_review", "dissent"),
    "uphold": ("approved", "adjudication", "upheld"),
    "give_back": ("returned", "adjudication", "returned"),
}


@pytest.mark.parametrize("state", STATES)
def test_the_database_refuses_who_goes_round_the_decisions(state):
    """With the record of a review or without it, nobody else's decision and no step off the table holds."""
    made = scene(state)
    verdict = made.verdict
    for action, (target, kind, outcome) in BYPASS.items():
        for name in PEOPLE:
            if name in LEGAL.get((state, action), set()):
                continue
            if action == "take_back" and (state, action) in LEGAL:
                continue  # a row does not say who wrote it
            for recorded in (True, False):
                with pytest.raises(DatabaseError), transaction.atomic():
                    _go_round(verdict, made.people[name], target, kind if recorded else "", outcome)


def _go_round(verdict: Verdict, by: User, target: str, kind: str, outcome: str) -> None:
    """Write the rows that the action would have written: a review where ``kind`` is given."""
    fields: dict[str, Any] = {"state": target}
    if kind and verdict.rating_id:
        rating = _other() if outcome == "dissent" else None
        record_review(
            verdict, verdict.claim, None, by=by, kind=kind, outcome=outcome, reason="x", rating=rating
        )
    if target == "submitted":
        proposal = Verdict.objects.get(pk=verdict.pk)
        proposal.revision, proposal.rating = verdict.revision + 1, verdict.rating or factories.make_rating()
        keep_revision(proposal, by=by)
        fields |= {"author": by, "revision": proposal.revision, "rating": proposal.rating}
        fields |= {"submitted_at": timezone.now()}
    if target == "approved":
        fields |= {"approver": by, "approved_at": timezone.now()}
    if target == "returned":
        fields |= {"return_reason": "x"}
    if not Verdict.objects.filter(pk=verdict.pk).exclude(state=target).update(**fields):
        raise DatabaseError("there was no step to take")


# a step that is legal, written by who may take it, but without what the action would have recorded
UNRECORDED = {
    "submitted to returned": ("submitted", "returned", "returned by a second person"),
    "submitted to disputed": ("submitted", "disputed", "gave it another rating"),
    "submitted to approved": ("submitted", "approved", "that a second person read"),
    "disputed to returned": ("disputed", "returned", "returned by a second person"),
    "disputed to approved": ("disputed", "approved", "that a second person read"),
}


@pytest.mark.parametrize("step", UNRECORDED)
def test_no_decision_stands_without_its_record(step):
    state, target, sentence = UNRECORDED[step]
    made = scene(state)
    with pytest.raises(DatabaseError, match=sentence), transaction.atomic():
        _go_round(made.verdict, made.people["lead"], target, "", "")


def test_a_record_counts_for_its_own_reason_revision_and_kind_only():
    made = scene("disputed")
    verdict, lead = made.verdict, made.people["lead"]
    record_review(verdict, verdict.claim, None, by=lead, kind="adjudication", outcome="returned", reason="x")
    rows = Verdict.objects.filter(pk=verdict.pk)
    for fields in ({"return_reason": "y"}, {"return_reason": "x", "revision": 2}):
        with pytest.raises(DatabaseError, match="returned by a second person"), transaction.atomic():
            rows.update(state="returned", **fields)
    assert rows.update(state="returned", return_reason="x") == 1


def test_a_dispute_is_about_another_rating():
    made = scene("submitted")
    verdict = made.verdict
    review = {"by": made.people["editor"], "kind": "second_review", "outcome": "dissent", "reason": "x"}
    record_review(verdict, verdict.claim, None, rating=verdict.rating, **review)
    rows = Verdict.objects.filter(pk=verdict.pk)
    with pytest.raises(DatabaseError, match="gave it another rating"), transaction.atomic():
        rows.update(state="disputed")
    record_review(verdict, verdict.claim, None, rating=_other(), **{**review, "by": made.people["lead"]})
    assert rows.update(state="disputed") == 1


def test_words_that_nobody_read_are_neither_proposed_nor_approved():
    made = scene("submitted")
    verdict, editor = made.verdict, made.people["editor"]
    record_review(verdict, verdict.claim, None, by=editor, kind="second_review", outcome="approved")
    approved = {"state": "approved", "approver": editor, "approved_at": timezone.now()}
    rows = Verdict.objects.filter(pk=verdict.pk)
    for fields in ({"summary": "Else."}, {"rationale": "Else."}, {"rating": _other()}):
        with pytest.raises(DatabaseError, match="the words of a revision"), transaction.atomic():
            rows.update(**fields, **approved)
    draft = scene("draft")
    proposed = {"state": "submitted", "submitted_at": timezone.now(), "rating": factories.make_rating()}
    with pytest.raises(DatabaseError, match="whose words are kept"), transaction.atomic():
        Verdict.objects.filter(pk=draft.verdict.pk).update(**proposed, revision=1)
    assert rows.update(**approved) == 1


def test_what_somebody_is_reviewing_is_not_opened_again_underneath():
    made = scene("submitted")
    take_task(made.open_task("second_review"), by=made.people["editor"])
    with pytest.raises(DatabaseError, match="is not taken back"), transaction.atomic():
        Verdict.objects.filter(pk=made.verdict.pk).update(state="draft")


@pytest.mark.parametrize("state", STATES)
def test_the_database_refuses_to_publish_round_the_action(state):
    made = scene(state)
    verdict = made.verdict
    for name in PEOPLE:
        if name in LEGAL.get((state, "publish"), set()):
            continue
        by = made.people[name]
        with pytest.raises(DatabaseError), transaction.atomic():
            Publication.objects.create(
                claim=verdict.claim,
                verdict=verdict,
                number=1,
                slug="x",
                snapshot={},
                claim_review={},
                proposed_by=verdict.author,
                approved_by=verdict.approver or made.people["editor"],
                published_by=by,
                published_at=timezone.now(),
            )


TASKS = {
    "research": CHECKERS | {"author"},
    "second_review": EDITORS,
    "blind_review": CHECKERS,
    "adjudication": LEADS,
}


@pytest.mark.parametrize("kind", TASKS)
def test_every_task_is_taken_by_its_roles_and_nobody_else(settings, kind):
    settings.REVIEW_BLIND_RATE = 1.0 if kind == "blind_review" else 0.0
    made = scene("disputed" if kind == "adjudication" else "submitted")
    if kind == "research":
        task = factories.make_task()
    else:
        task = ReviewTask.objects.get(claim=made.verdict.claim, kind=kind)
    for name in PEOPLE:
        by = made.people[name]
        point = transaction.savepoint()
        if name in TASKS[kind]:
            assert take_task(task, by=by).assignee == by
            transaction.savepoint_rollback(point)
            continue
        with pytest.raises(ActionRefused) as refused:
            take_task(task, by=by)
        assert refused.value.reason
        with pytest.raises(DatabaseError), transaction.atomic():
            ReviewTask.objects.filter(pk=task.pk).update(
                state="taken", assignee=by, lease_until=timezone.now()
            )


@pytest.mark.parametrize("state", ["queued", "taken", "done", "cancelled"])
def test_taking_and_giving_back_in_every_state_of_a_task(state):
    holder, other, lead = factories.make_user(), factories.make_user(), factories.make_user(Role.LEAD)
    task = factories.make_task()
    if state != "queued":
        task = take_task(task, by=holder)
    if state in ("done", "cancelled"):
        ReviewTask.objects.filter(pk=task.pk).update(state=state, lease_until=None)
    for act, people in (
        (take_task, [other, lead] if state == "queued" else []),
        (release_task, [holder, lead] if state == "taken" else []),
    ):
        for by in (holder, other, lead):
            point = transaction.savepoint()
            if by in people or (act is take_task and state == "queued"):
                act(task, by=by)
                transaction.savepoint_rollback(point)
                continue
            with pytest.raises(ActionRefused) as refused:
                act(task, by=by)
            assert refused.value.reason


def test_blind_review_is_sent_by_who_has_it_and_waived_by_a_lead(settings):
    settings.REVIEW_BLIND_RATE = 1.0
    made = scene("submitted")
    task = ReviewTask.objects.get(claim=made.verdict.claim, kind="blind_review")
    take_task(task, by=made.people["checker"])
    works = set()
    for name in PEOPLE:
        for action, act in (
            ("send", lambda by: submit_blind_review(task, by=by, rating=_other(), reason="So.")),
            ("waive", lambda by: waive_blind_review(task, by=by, reason="Nobody.")),
        ):
            point = transaction.savepoint()
            try:
                act(made.people[name])
                works.add((action, name))
            except ActionRefused as refusal:
                assert refusal.reason
            transaction.savepoint_rollback(point)
    assert works == {("send", "checker"), ("waive", "lead")}


def test_the_words_of_a_revision_are_kept_for_good():
    made = scene("submitted")
    kept = made.verdict.revisions.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        type(kept).objects.filter(pk=kept.pk).update(summary="Else.")
    with pytest.raises(DatabaseError, match="one_revision_per_verdict"), transaction.atomic():
        keep_revision(made.verdict, by=made.people["author"])
