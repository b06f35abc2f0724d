"""People, and an article whose claims have been found by the real extractor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from claims.actions.extraction import analyse_version, record_extraction
from claims.models import Article
from claimtracker.accounts.models import Role, User
from tests import factories
from tests.support.cited_pages import server  # noqa: F401 - the fixture

STORY = (
    "Council closes four libraries\n\n"
    "By Nora Field\n\n"
    "Eastmouth council voted by 31 to 22 on Tuesday to close four of its eleven libraries.\n\n"
    "“The city spent £9.4m more than it received last year,” the treasurer Helen Marsh said. "
    "She said that reserves had fallen from £27m to £11m in three years."
)


@pytest.fixture
def checker() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def lead(client: Client) -> User:
    """Signed in at the test's client."""
    user = factories.make_user(Role.LEAD, name="Lena Roe")
    client.force_login(user)
    return user


@pytest.fixture
def signed_in(client: Client, checker: User) -> Client:
    client.force_login(checker)
    return client


@pytest.fixture
def read() -> Callable[[Article], Article]:
    """What the extraction job does, in the test's own transaction."""

    def read_article(article: Article) -> Article:
        version = article.versions.get()
        analysis = analyse_version(version)
        with transaction.atomic():
            record_extraction(version, analysis=analysis)
        return article

    return read_article
