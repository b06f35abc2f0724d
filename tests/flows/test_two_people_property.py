"""No sequence of actions, by whomever, reaches a publication without two different people and the gate passed
or overridden with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused
from reviews.actions.adjudication import decide_otherwise, return_disputed, uphold_verdict
from reviews.actions.assignment import release_task, take_task
from reviews.actions.blind_review import submit_blind_review, waive_blind_review
from reviews.actions.corrections import retract_publication
from reviews.actions.evidence import add_evidence
from reviews.actions.gate import explain_finding, override_standards
from reviews.actions.publishing import approve_and_publish, publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.second_review import (
    approve_verdict,
    dissent_from_verdict,
    edit_and_approve,
    request_changes,
)
from reviews.actions.verdicts import save_draft, submit_verdict, take_back_verdict
from reviews.models import Publication, Review, ReviewTask, Verdict
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

WORDS = {"summary": "A third of it is right.", "rationale": "The audited accounts list a third of the sum."}
PEOPLE = ("checker", "other checker", "editor", "other editor", "lead", "other lead", "reporter")
RATINGS = ("false", "true")
KINDS = ("research", "recheck", "second_review", "blind_review", "adjudication")


Act = Callable[[User, str], Any]
PROPOSING = ("research", "recheck")
SOURCE = {
    "stance": "refutes",
    "title": "Accounts",
    "publisher": "Audit office",
    "url": "https://stats.example/accounts",
    "source_kind": "primary",
}


def rated(slug: str) -> Any:
    return factories.make_rating(slug)


def words(slug: str) -> dict[str, Any]:
    """Other words for the other rating, so that an edit is one."""
    return {**WORDS, "summary": f"{WORDS['summary']} ({slug})"}


class Desk:
    """One claim, the people of its desk, and all that they can try."""

    def __init__(self) -> None:
        roles = (Role.CHECKER, Role.CHECKER, Role.EDITOR, Role.EDITOR, Role.LEAD, Role.LEAD, Role.REPORTER)
        self.people = {name: factories.make_user(role) for name, role in zip(PEOPLE, roles, strict=True)}
        self.claim = factories.make_task().claim
        factories.make_scale()

    @property
    def verdict(self) -> Verdict:
        verdict = Verdict.objects.filter(claim=self.claim).order_by("-id").first()
        if verdict is None:
            raise ActionRefused("There is no verdict.", code="nothing")
        return verdict

    def task(self, *kinds: str) -> ReviewTask:
        task = ReviewTask.objects.filter(claim=self.claim, kind__in=kinds).order_by("-id").first()
        if task is None:
            raise ActionRefused("There is no such task.", code="nothing")
        return task

    def actions(self) -> dict[str, Act]:
        return {**self.work(), **self.decisions(), **self.afterwards()}

    def take(self, kind: str) -> Act:
        return lambda by, _r: take_task(self.task(kind), by=by)

    def work(self) -> dict[str, Act]:
        """What leads to a proposal."""
        return {
            **{f"take {kind}": self.take(kind) for kind in KINDS},
            "release": lambda by, _r: release_task(self.task(*KINDS), by=by),
            "evidence": lambda by, _r: add_evidence(self.claim, by=by, **SOURCE),
            "explain": lambda by, _r: explain_finding(
                self.claim, by=by, code="one_publisher", text="Nobody else counts it."
            ),
            "override": lambda by, _r: override_standards(
                self.claim, by=by, code="one_publisher", reason="Nobody else counts it."
            ),
            "draft": lambda by, r: save_draft(self.task(*PROPOSING), by=by, rating=rated(r), **words(r)),
            "submit": lambda by, r: submit_verdict(self.task(*PROPOSING), by=by, rating=rated(r), **words(r)),
            "take back": lambda by, _r: take_back_verdict(self.verdict, by=by),
        }

    def decisions(self) -> dict[str, Act]:
        """What others say of it."""

        def about(by: User, reason: str) -> dict[str, Any]:
            return {"by": by, "revision": self.verdict.revision, "reason": reason}

        return {
            "approve": lambda by, _r: approve_verdict(self.verdict, by=by, revision=self.verdict.revision),
            "approve an older one": lambda by, _r: approve_verdict(self.verdict, by=by, revision=1),
            "edit": lambda by, r: edit_and_approve(
                self.verdict, by=by, revision=self.verdict.revision, **words(r)
            ),
            "return": lambda by, _r: request_changes(self.verdict, by=by, reason="Say more."),
            "dissent": lambda by, r: dissent_from_verdict(
                self.verdict, rating=rated(r), **about(by, "Look again.")
            ),
            "uphold": lambda by, _r: uphold_verdict(self.verdict, **about(by, "It stands.")),
            "otherwise": lambda by, r: decide_otherwise(
                self.verdict, rating=rated(r), **about(by, "It is so."), **words(r)
            ),
            "give back": lambda by, _r: return_disputed(self.verdict, **about(by, "Neither.")),
            "blind": lambda by, r: submit_blind_review(
                self.task("blind_review"), by=by, rating=rated(r), reason="So the sources say."
            ),
            "waive": lambda by, _r: waive_blind_review(self.task("blind_review"), by=by, reason="Nobody."),
        }

    def afterwards(self) -> dict[str, Act]:
        """What readers get to see, and what comes after it."""
        return {
            "publish": self.publish,
            "approve and publish": lambda by, _r: approve_and_publish(
                self.verdict, by=by, revision=self.verdict.revision
            ),
            "recheck": lambda by, _r: open_recheck(self.claim, by=by, reason="A slip."),
            "retract": lambda by, _r: retract_publication(
                self.claim, by=by, version=Publication.objects.count(), note="It was forged."
            ),
        }

    def publish(self, by: User, rating: str) -> Publication:
        change = {"false": "correction", "true": "verdict_change"}[rating]
        if not Publication.objects.filter(claim=self.claim).exists():
            return publish_verdict(self.verdict, by=by)
        return publish_verdict(self.verdict, by=by, change=change, change_note="It was revised.")

    def check(self) -> None:
        """What must hold after every step."""
        for publication in Publication.objects.filter(claim=self.claim).select_related("verdict"):
            verdict = publication.verdict
            assert publication.proposed_by_id != publication.approved_by_id
            if publication.change == "retraction":
                continue
            assert (verdict.state, verdict.author_id) == ("approved", publication.proposed_by_id)
            read = Review.objects.get(
                verdict=verdict,
                revision=verdict.revision,
                outcome__in=("approved", "edited", "upheld", "changed"),
            )
            assert read.reviewer_id == publication.approved_by_id != verdict.author_id
            for finding in publication.findings:
                assert finding["severity"] == "warning" or finding["override"].strip(), finding
        for verdict in Verdict.objects.filter(claim=self.claim, state="approved"):
            assert verdict.author_id != verdict.approver_id
            blind = ReviewTask.objects.filter(claim=self.claim, kind="blind_review").open()
            assert not blind.exists() or verdict.pk != self.verdict.pk


NAMES = tuple(Desk.actions(Desk.__new__(Desk)))
STEPS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(PEOPLE), st.sampled_from(RATINGS)), max_size=15
)
PROPOSED = [
    ("take research", "checker", "false"),
    ("evidence", "checker", "false"),
    ("explain", "checker", "false"),
    ("submit", "checker", "false"),
]
PUBLISHED = [*PROPOSED, ("approve", "editor", "false"), ("publish", "lead", "false")]


def play(steps: list[tuple[str, str, str]]) -> int:
    """Try the steps one after the other; a refusal is a sentence, never a database error. Returns how many
    versions are public in the end. Leaves nothing behind."""
    point = transaction.savepoint()
    desk = Desk()
    actions = desk.actions()
    for name, person, rating in steps:
        try:
            with transaction.atomic():
                actions[name](User.objects.get(pk=desk.people[person].pk), rating)
        except ActionRefused as refusal:
            assert refusal.reason
        desk.check()
    published = Publication.objects.filter(claim=desk.claim).count()
    transaction.savepoint_rollback(point)
    return published


@given(blind=st.booleans(), start=st.sampled_from([[], PROPOSED, PUBLISHED]), steps=STEPS)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(
    blind=False, start=PROPOSED, steps=[("approve", "checker", "false"), ("publish", "checker", "false")]
)
@example(blind=True, start=PROPOSED, steps=[("approve", "lead", "false"), ("publish", "lead", "false")])
@example(
    blind=False,
    start=PROPOSED,
    steps=[
        ("dissent", "editor", "true"),
        ("otherwise", "editor", "true"),
        ("otherwise", "lead", "true"),
        ("publish", "editor", "false"),
    ],
)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_nothing_is_published_without_two_people_and_the_gate(django_settings, blind, start, steps):
    django_settings.REVIEW_BLIND_RATE = 1.0 if blind else 0.0
    play([*start, *steps])


@pytest.fixture
def django_settings(settings):
    return settings


@pytest.mark.parametrize(
    ("blind", "steps", "versions"),
    [
        (0.0, PUBLISHED, 1),
        (0.0, [*PROPOSED, ("edit", "editor", "true"), ("publish", "editor", "false")], 1),
        (
            1.0,
            [
                *PROPOSED,
                ("take blind_review", "other checker", "false"),
                ("blind", "other checker", "true"),
                ("uphold", "lead", "false"),
                ("publish", "editor", "false"),
            ],
            1,
        ),
        (
            0.0,
            [
                *PUBLISHED,
                ("recheck", "editor", "false"),
                ("take recheck", "other checker", "true"),
                ("submit", "other checker", "true"),
                ("approve", "editor", "true"),
                ("publish", "editor", "true"),
                ("retract", "lead", "true"),
            ],
            3,
        ),
    ],
)
def test_the_same_machine_does_publish_what_is_legal(settings, blind, steps, versions):
    settings.REVIEW_BLIND_RATE = blind
    assert play(steps) == versions
