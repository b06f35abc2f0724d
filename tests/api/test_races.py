"""The same article sent many times at one moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from claims.models import Article, ArticleVersion
from claimtracker.jobs.models import Job
from tests.factories import make_partner

from .conftest import Asker

SENDERS = 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("external_id", ["wire-1", ""])
def test_parallel_identical_submissions_are_one_article(external_id: str) -> None:
    asker = Asker(make_partner())
    sent = {"body": "The harbour handled 4 million containers last year.\n"}
    if external_id:
        sent["external_id"] = external_id
    together = threading.Barrier(SENDERS)
    answers: list[tuple[int, str]] = []

    def send() -> None:
        together.wait()
        try:
            response = asker.post("articles", sent)
            answers.append((response.status_code, response.json()["id"]))
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(status for status, _ in answers) == [200] * (SENDERS - 1) + [201]
    assert len({article for _, article in answers}) == 1
    assert (Article.objects.count(), ArticleVersion.objects.count()) == (1, 1)
    assert Job.objects.filter(kind="claims.extract_article").count() == 1
