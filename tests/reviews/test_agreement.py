"""Cohen's kappa, against values worked out by hand, and its rows per desk and rating."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from claimtracker.accounts.models import Role
from reviews.actions.assignment import take_task
from reviews.actions.blind_review import submit_blind_review
from reviews.agreement import agreement_of, agreement_on
from reviews.models import ReviewTask
from reviews.selectors.agreement import agreement_by_desk
from tests import factories

# a table of two raters, 50 subjects: both yes 20, both no 15, first yes only 5, second yes only 10
TABLE = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15


def test_kappa_of_a_table_worked_out_by_hand():
    found = agreement_of(TABLE)
    # observed 35/50 = 0.7; by chance 0.5 × 0.6 + 0.5 × 0.4 = 0.5; (0.7 − 0.5) / (1 − 0.5)
    assert (found.pairs, found.same, found.observed) == (50, 35, 0.7)
    assert found.kappa == pytest.approx(0.4)
    # ± 1.96 × √(0.7 × 0.3 / (50 × 0.25))
    assert (found.low, found.high) == pytest.approx((0.14596, 0.65404), abs=1e-4)


def test_kappa_of_three_ratings_worked_out_by_hand():
    pairs = [(1, 1)] * 3 + [(2, 2)] * 2 + [(3, 3)] + [(1, 2)] * 2 + [(3, 1)] * 2
    # observed 0.6; firsts 5, 2, 3 and seconds 5, 4, 1: by chance (25 + 8 + 3) / 100 = 0.36
    assert agreement_of(pairs).kappa == pytest.approx((0.6 - 0.36) / 0.64)


def test_full_agreement_is_one_and_less_than_chance_is_below_nought():
    assert agreement_of([("a", "a"), ("b", "b")]).kappa == 1
    assert agreement_of([("a", "b"), ("b", "a")]).kappa == -1


def test_where_chance_explains_everything_there_is_no_kappa():
    assert agreement_of([]).kappa is None
    assert agreement_of([("a", "a")] * 9).kappa is None


def test_one_rating_against_all_others():
    found = agreement_on("y", TABLE)
    assert (found.pairs, found.same) == (35, 20)
    assert found.kappa == pytest.approx(0.4)


@pytest.mark.django_db
def test_agreement_is_by_desk_and_rating_in_one_query(settings, django_assert_num_queries):
    settings.REVIEW_BLIND_RATE = 1.0
    desks = [factories.make_desk("politics"), factories.make_desk("health")]
    for desk, ratings in zip(desks, (("false", "true", "false"), ("true",)), strict=True):
        author, reader = factories.make_user(Role.CHECKER, desk), factories.make_user(Role.CHECKER, desk)
        for rating in ratings:
            claim = factories.make_claim(article=factories.make_article(desk=desk))
            factories.make_submitted_verdict(author, claim=claim)
            task = take_task(ReviewTask.objects.get(claim=claim, kind="blind_review"), by=reader)
            submit_blind_review(task, by=reader, rating=factories.make_rating(rating), reason="So.")
    since = timezone.now() - timedelta(days=1)
    with django_assert_num_queries(1):
        health, politics = agreement_by_desk(None, since=since)
    assert (politics.desk, politics.agreement.pairs, politics.agreement.same) == ("Politics", 3, 2)
    assert [(row.label, row.first, row.second) for row in politics.ratings] == [
        ("False", 3, 2),
        ("True", 0, 1),
    ]
    assert (health.agreement.pairs, health.agreement.same) == (1, 0)
    assert [row.desk for row in agreement_by_desk([desks[1].pk], since=since)] == ["Health"]
    assert agreement_by_desk(None, since=timezone.now() + timedelta(days=1)) == []
