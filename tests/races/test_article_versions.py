"""An article changes at the very moment at which it changes again, is compared, or is decided about."""

from __future__ import annotations

import pytest

from claims.actions.following import follow_version
from claims.actions.versions import record_version
from claims.models import Anchoring, Following
from claims.sources import parse_text
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused
from reviews import states
from reviews.actions.article_changes import follow_article
from reviews.actions.verdicts import approve_verdict
from reviews.models import ReviewTask
from reviews.models.review_task import TaskKind
from tests import factories
from tests.support.races import forced_interleaving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

BODY = "Crime rose by 40% in the city last year, the mayor said.\n\nThe council met on Monday."


def test_two_texts_at_once_are_two_versions_and_one_text_twice_is_one() -> None:
    for other, expected in (("50%", 3), ("45%", 2)):
        article = factories.make_article(f"{BODY}\n\n{other} of people answered.", title="Crime")
        body = article.versions.get().body
        texts = [parse_text(body.replace("40%", new), title="Crime") for new in ("45%", other)]
        outcomes = forced_interleaving(
            lambda article=article, text=texts[0]: record_version(article, text, by="system"),
            lambda article=article, text=texts[1]: record_version(article, text, by="system"),
            over=article,
        )
        assert all(outcome.won for outcome in outcomes)
        numbers = list(article.versions.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, expected + 1))


def test_a_version_is_compared_once_however_often_its_job_runs() -> None:
    article = factories.make_article(BODY, title="Crime")
    factories.make_claim("Crime rose by 40% in the city last year", article=article)
    text = parse_text(BODY.replace("40%", "45%"), title="Crime")
    version = record_version(article, text, by="system").version
    outcomes = forced_interleaving(
        lambda: follow_version(version), lambda: follow_version(version), over=article
    )
    assert all(outcome.won for outcome in outcomes)
    assert (Following.objects.count(), Anchoring.objects.count()) == (1, 1)


@pytest.mark.parametrize(("now", "stands"), [("45%", False), ("40%", True)])
def test_an_approval_and_a_newer_text_never_pass_each_other(now: str, stands: bool) -> None:
    article = factories.make_article(BODY, title="Crime")
    claim = factories.make_claim("Crime rose by 40% in the city last year", article=article)
    verdict = factories.make_submitted_verdict(factories.make_user(), claim=claim)
    editor = factories.make_user(Role.EDITOR)
    text = parse_text(f"{BODY.replace('40%', now)}\n\nThe vote is in May.", title="Crime")

    def change() -> None:
        follow_version(record_version(article, text, by="system").version)

    approved, changed = forced_interleaving(
        lambda: approve_verdict(verdict, by=editor, revision=verdict.revision), change, over=claim
    )
    assert changed.won
    assert approved.won or isinstance(approved.error, ActionRefused)
    follow_article(article)
    verdict.refresh_from_db()
    if stands:
        assert verdict.state == (states.APPROVED if approved.won else states.SUBMITTED)
    elif approved.won:
        assert ReviewTask.objects.open().get(claim=claim).kind == TaskKind.RECHECK
    else:
        assert verdict.state == states.RETURNED
