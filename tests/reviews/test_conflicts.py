"""A declared conflict of interest blocks, with the reason; what it touches is told by whole words."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import NotPermitted
from reviews.actions.assignment import take_task
from reviews.actions.second_review import dissent_from_verdict
from reviews.actions.verdicts import approve_verdict, request_changes
from reviews.models import ConflictOfInterest, Review, ReviewTask
from reviews.policies.conflicts import conflict_of, prime_conflicts
from reviews.selectors.queue import QueueFilter, queue_counts, queue_page
from tests import factories

pytestmark = pytest.mark.django_db


def declare(user, kind="party", subject="Acme Ltd", reason="My brother works there", **fields):
    return ConflictOfInterest.objects.create(user=user, kind=kind, subject=subject, reason=reason, **fields)


def claim_in(body="Acme-Ltd. paid 5 million in tax last year, the mayor Ann Lee said.\n", **options):
    return factories.make_claim(article=factories.make_article(body, **options))


def touched(user, claim):
    """What the policy says; the database must say the same of one who takes its task past every action."""
    says = conflict_of(user, type(claim).objects.get(pk=claim.pk)) is not None
    assert database_refuses(user, claim) is says
    return says


def database_refuses(user, claim):
    task = factories.make_task(claim)
    now = timezone.now()
    try:
        with transaction.atomic():
            ReviewTask.objects.filter(pk=task.pk).update(
                state="taken", assignee=user, taken_at=now, lease_until=now
            )
    except IntegrityError as error:
        assert "this person declared a conflict of interest" in str(error), error
        return True
    finally:
        ReviewTask.objects.filter(pk=task.pk).update(state="cancelled")
    return False


def test_nothing_declared_nothing_blocked():
    assert conflict_of(factories.make_user(), claim_in()) is None


@pytest.mark.parametrize(
    ("kind", "subject", "is_touched"),
    [
        ("party", "acme ltd", True),
        ("party", "Acme", True),
        ("party", "Ácme", True),
        ("party", "Acm", False),
        ("party", "Ann Lee", True),
        ("party", "Ann Leeson", False),
        ("topic", "tax", True),
        ("topic", "taxes", False),
        ("topic", "harbour", True),  # in the headline only
        ("outlet", "Daily Ledger", True),
        ("outlet", "ledger.example", True),
        ("outlet", "edger.example", False),
        ("outlet", "Ann Lee", False),
        ("topic", "100%", False),
        ("topic", "_", False),
        ("outlet", "ledger.examp.e", False),
        ("outlet", " LEDGER.example ", True),
        ("outlet", r"ledger\.example", False),
        ("outlet", "(", False),
    ],
)
def test_it_is_about_whole_words(kind, subject, is_touched):
    claim = claim_in(
        title="The harbour accounts",
        site_name="The Daily Ledger",
        url="https://news.ledger.example:8443/a?b=c",
    )
    user = factories.make_user()
    declare(user, kind=kind, subject=subject)
    assert touched(user, claim) is is_touched


def test_another_persons_and_an_ended_declaration_block_nobody():
    claim, user, other = claim_in(), factories.make_user(), factories.make_user()
    declare(other)
    ended = declare(user)
    ConflictOfInterest.objects.filter(pk=ended.pk).update(ended_at=ended.declared_at)
    assert not touched(user, claim)
    assert touched(other, claim)


def test_one_claim_can_be_named():
    claim, other, user = claim_in(), factories.make_claim(), factories.make_user()
    declare(user, kind="claim", subject="", claim=claim)
    assert conflict_of(user, claim).reason == (
        "You declared a conflict of interest with this claim: My brother works there."
    )
    assert not touched(user, other)


def test_it_blocks_taking_with_the_reason():
    task, user = factories.make_task(claim_in()), factories.make_user()
    declare(user)
    with pytest.raises(NotPermitted) as refused:
        take_task(task, by=user)
    assert refused.value.code == "conflict_of_interest"
    assert refused.value.reason == (
        "You declared a conflict of interest with “Acme Ltd”: My brother works there."
    )
    assert take_task(task, by=factories.make_user()).state == "taken"


def test_it_blocks_approving_and_returning():
    editor = factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(factories.make_user(), claim=claim_in())
    declare(editor)
    with pytest.raises(NotPermitted, match="“Acme Ltd”: My brother works there"):
        approve_verdict(verdict, by=editor, revision=1)
    with pytest.raises(NotPermitted, match="“Acme Ltd”: My brother works there"):
        request_changes(verdict, by=editor, reason="No.")


def test_the_database_holds_it_of_who_reviews():
    """Past the action: a review, and an adjudication. A blind review is held by its task."""
    author, editor, lead = (factories.make_user(role) for role in (Role.CHECKER, Role.EDITOR, Role.LEAD))
    verdict = factories.make_submitted_verdict(author, claim=claim_in())
    declare(editor)
    with pytest.raises(IntegrityError, match="declared a conflict of interest"), transaction.atomic():
        raw_review(verdict, editor, kind="second_review", outcome="approved")
    dissenter = factories.make_user(Role.EDITOR)
    other = factories.make_rating("true")
    dissent_from_verdict(
        verdict, by=dissenter, revision=1, rating=other, reason="The accounts say otherwise."
    )
    verdict.refresh_from_db()
    declare(lead)
    with pytest.raises(IntegrityError, match="declared a conflict of interest"), transaction.atomic():
        raw_review(verdict, lead, kind="adjudication", outcome="upheld", reason="The author is right.")
    raw_review(
        verdict, factories.make_user(Role.LEAD), kind="adjudication", outcome="upheld", reason="As it says."
    )


def raw_review(verdict, reviewer, **fields):
    return Review.objects.create(
        verdict=verdict,
        revision=verdict.revision,
        article_version=verdict.article_version,
        desk=verdict.claim.desk,
        reviewer=reviewer,
        first_rating=verdict.rating,
        **fields,
    )


def test_a_returned_verdict_waits_in_the_queue_when_its_author_declared_a_conflict_since():
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(author, claim=claim_in())
    declare(author)
    request_changes(verdict, by=editor, reason="Cite the accounts.")
    task = ReviewTask.objects.get(claim=verdict.claim, kind="research", state="queued")
    assert task.assignee is None
    assert take_task(task, by=factories.make_user()).state == "taken"


def test_the_queue_offers_only_what_may_be_taken():
    user = factories.make_user()
    blocked, free = factories.make_task(claim_in()), factories.make_task()
    assert {task.pk for task in queue_page(user, QueueFilter()).tasks} == {blocked.pk, free.pk}
    declare(user)
    assert [task.pk for task in queue_page(user, QueueFilter()).tasks] == [free.pk]
    assert queue_counts(user, QueueFilter())["takeable"] == 1
    assert queue_counts(user, QueueFilter())["all"] == 2


def test_a_page_of_claims_costs_two_queries(django_assert_num_queries):
    user = factories.make_user()
    claims = [claim_in(f"Acme Ltd spent {n} million last year, it said.\n") for n in range(2, 8)]
    declare(user)
    declare(user, kind="topic", subject="spent")
    claims = [type(claim).objects.get(pk=claim.pk) for claim in claims]
    with django_assert_num_queries(2):
        prime_conflicts(user, claims)
        assert all(conflict_of(user, claim) is not None for claim in claims)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"subject": ""}, "a_conflict_is_about_something"),
        ({"kind": "claim"}, "a_conflict_is_about_something"),
        ({"reason": ""}, "a_conflict_says_why"),
    ],
)
def test_the_database_refuses_a_declaration_about_nothing(fields, constraint):
    user = factories.make_user()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        declare(user, **fields)


def test_the_database_keeps_one_of_each_in_force():
    user = factories.make_user()
    first = declare(user)
    with pytest.raises(IntegrityError, match="a_conflict_is_declared_once"), transaction.atomic():
        declare(user, subject="ACME LTD")
    ConflictOfInterest.objects.filter(pk=first.pk).update(ended_at=first.declared_at)
    declare(user)
