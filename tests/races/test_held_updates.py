"""A moderator decides about an update at the very moment at which another does, or its sender says more."""

from __future__ import annotations

from typing import Any

import pytest

from claims.actions.held_updates import accept_update, reject_update
from claims.models import Article, HeldUpdate
from claims.selectors import newest_version
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import take_task
from reviews.actions.withdrawing import withdraw_article
from tests import factories
from tests.support.races import Outcome, forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

NEW, NEWER = ("The city built 45 homes last year.", "The city built 50 homes last year.")
ROUNDS = 4


def lost(outcome: Outcome) -> str:
    assert isinstance(outcome.error, ActionRefused), outcome.error
    return outcome.error.code


def decisions() -> int:
    return AuditEntry.objects.filter(verb__in=["update.accepted", "update.rejected"]).count()


@pytest.mark.parametrize("other", ["accepts", "rejects"])
def test_of_two_moderators_one_decides(other: str) -> None:
    ana, boris = (factories.make_user(Role.MODERATOR) for _ in "ab")
    for round_ in range(ROUNDS):
        update = factories.make_held_update(body=NEW)

        def second(update: HeldUpdate = update) -> Any:
            if other == "accepts":
                return accept_update(update, by=boris)
            return reject_update(update, by=boris, reason="No.")

        outcomes = forced_interleaving(
            lambda update=update: accept_update(update, by=ana), second, over=update.article
        )
        update.refresh_from_db()
        versions = update.article.versions.count()
        if other == "accepts" or outcomes[0].won:
            assert (update.state, versions) == ("accepted", 2)
        else:
            assert (update.state, versions) in (("rejected", 1), ("accepted", 2))
        # a rejection may come before an acceptance, which takes it back; nothing else may happen twice
        if not all(outcome.won for outcome in outcomes):
            assert [lost(o) for o in outcomes if not o.won] == ["illegal_transition"]
        else:
            assert other == "rejects"
        assert (
            versions
            == 1 + AuditEntry.objects.filter(verb="update.accepted", subject_id=str(update.pk)).count()
        ), round_


def test_nobody_accepts_what_a_newer_update_replaced() -> None:
    moderator = factories.make_user(Role.MODERATOR)
    for _round in range(ROUNDS):
        update = factories.make_held_update(body=NEW)
        article: Article = update.article
        accepted, sent = forced_interleaving(
            lambda update=update: accept_update(update, by=moderator),
            lambda article=article: factories.make_held_update(article, body=NEWER),
            over=article,
        )
        assert sent.won, sent.error
        update.refresh_from_db()
        waiting = HeldUpdate.objects.held().get(article=article)
        assert waiting.body == NEWER
        if accepted.won:
            assert (update.state, newest_version(article).body) == ("accepted", NEW)
        else:
            assert (lost(accepted), update.state) == ("superseded", "superseded")
            assert article.versions.count() == 1


def test_an_update_of_what_is_withdrawn_that_very_moment_is_taken_first_or_not_at_all() -> None:
    moderator = factories.make_user(Role.MODERATOR)
    for _round in range(ROUNDS):
        update = factories.make_held_update(body=NEW)
        article: Article = update.article
        accepted, withdrawn = forced_interleaving(
            lambda update=update: accept_update(update, by=moderator),
            lambda article=article, by=update.actor: withdraw_article(article, by=by),
            over=article,
        )
        assert withdrawn.won, withdrawn.error
        article.refresh_from_db()
        assert article.state == "withdrawn"
        assert article.versions.count() == (2 if accepted.won else 1)
        if not accepted.won:
            assert lost(accepted) == "superseded"


def test_an_article_is_withdrawn_or_its_task_taken() -> None:
    article_by = audit.partner_actor("partner:wire", "Wire")
    for _round in range(ROUNDS):
        claim = factories.make_claim(extractor_version="rules-1")
        article = claim.appearances.get().version.article
        task, checker = factories.make_task(claim), factories.make_user(desk=claim.desk)
        taken, withdrawn = forced_interleaving(
            lambda task=task, checker=checker: take_task(task, by=checker),
            lambda article=article: withdraw_article(article, by=article_by),
            over=task,
        )
        assert taken.won != withdrawn.won, (taken, withdrawn)
        claim.refresh_from_db()
        assert claim.state == ("suggested" if taken.won else "withdrawn")
        if taken.won:
            assert lost(withdrawn) == "in_work"
        else:
            assert isinstance(taken.error, ActionRefused), taken.error


def test_two_updates_at_once_are_one_that_waits_and_one_update_twice_is_one() -> None:
    for second, rows in ((NEWER, 2), (NEW, 1)):
        article = factories.make_held_update(byline="Jo").article
        HeldUpdate.objects.all().delete()
        outcomes = forced_interleaving(
            lambda article=article: factories.make_held_update(article, body=NEW),
            lambda article=article, second=second: factories.make_held_update(article, body=second),
            over=article,
        )
        assert all(outcome.won for outcome in outcomes), outcomes
        assert HeldUpdate.objects.filter(article=article).count() == rows
        assert HeldUpdate.objects.held().filter(article=article).count() == 1
