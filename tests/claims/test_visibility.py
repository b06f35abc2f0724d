"""One visibility rule per model, climbed as a ladder."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from claims.models import Article, Claim
from claimtracker.accounts.models import Role
from reviews.models import ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    return factories.make_task()


def seen(user) -> tuple[bool, bool, bool]:
    return (
        Article.objects.visible_to(user).exists(),
        Claim.objects.visible_to(user).exists(),
        ReviewTask.objects.visible_to(user).exists(),
    )


def test_the_ladder(task):
    elsewhere = factories.make_desk("health")
    assert seen(AnonymousUser()) == (False, False, False)
    assert seen(factories.make_user(None)) == (False, False, False)
    assert seen(factories.make_user(Role.LEAD, elsewhere)) == (False, False, False)
    assert seen(factories.make_user(Role.REPORTER)) == (True, True, True)
    assert seen(factories.make_user(Role.MODERATOR, elsewhere)) == (True, True, True)
    assert seen(factories.make_user(None, is_superuser=True)) == (True, True, True)
    assert seen(factories.make_user(Role.LEAD, is_active=False)) == (False, False, False)


def test_a_desk_sees_the_article_of_a_claim_that_was_routed_to_it(task):
    health = factories.make_desk("health")
    task.claim.desk = health
    task.claim.save()
    task.desk = health
    task.save()
    assert seen(factories.make_user(Role.CHECKER, health)) == (True, True, True)
