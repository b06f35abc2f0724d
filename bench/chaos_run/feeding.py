"""How articles come in, and the thread that feeds them in."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.db import connection

from claims.actions.ingest import ingest_article
from claims.sources import ParsedArticle
from claimtracker.jobs.causes import AWAY

from .articles import article_text

ORIGIN = "desk:chaos"


def as_parsed(number: int, body: str) -> ParsedArticle:
    return ParsedArticle(
        title=f"Council report {number}",
        byline="",
        body=body,
        language="en",
        published_at=None,
        url=f"https://news.example/{number}",
        canonical_url=None,
        site_name="Example News",
    )


def ingest(number: int, body: str, desk: Any) -> None:
    """Under the article's own name, so that another text is its next version."""
    ingest_article(
        as_parsed(number, body), origin=ORIGIN, external_id=f"chaos-{number}", by="system", desk=desk
    )


class Feeder(threading.Thread):
    """Ingests every article, spread over ``seconds``; asks again when it cannot know what became of one."""

    def __init__(self, articles: int, *, seconds: float, desk: Any) -> None:
        super().__init__(name="feeder", daemon=True)
        self.articles, self.seconds, self.desk = articles, seconds, desk
        self.asked_again = 0
        self.hurry = threading.Event()

    def run(self) -> None:
        began = time.monotonic()
        for number in range(self.articles):
            early = number < 3  # so that people have something to begin with
            self.hurry.wait(0 if early else began + self.seconds * number / self.articles - time.monotonic())
            while not self._ingest(number):
                self.asked_again += 1
                connection.close()
                time.sleep(0.3)
        connection.close()

    def _ingest(self, number: int) -> bool:
        try:
            ingest(number, article_text(number), self.desk)
        except AWAY:
            return False
        return True
