"""Short articles, each with a few claims of its own, and the thread that feeds them in."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

PLACES = (
    *("Aldern", "Brackley", "Corvin", "Dunmore", "Eastleigh", "Farrow"),
    *("Glenholm", "Harwick", "Ilsley", "Jarrow", "Kelby", "Lorne"),
)
PEOPLE = ("Ann Lee", "Boris Hahn", "Clara Novak", "David Osei", "Elif Demir", "Femi Adeyemi", "Greta Lund")
OFFICES = ("mayor", "health minister", "police chief", "finance director", "union leader", "school head")
SENTENCES = (
    "{place} spent {n} million euros on roads in {year}, {office} {person} said on Tuesday.",
    "Unemployment in {place} fell to {small} percent in {year}, according to the {office}, {person}.",
    "“We have built {n} new homes in {place} since {year},” {person} said.",
    "The {place} hospital treated {n} patients for the infection in {year}, {person} told reporters.",
    "Crime in {place} rose by {small} percent last year, the {office}, {person}, claimed.",
    "The school budget of {place} was cut by {n},000 euros, {person} said in the council.",
    "{person} said that {small} in ten buses in {place} were late in {year}.",
    "Emissions from the {place} plant have doubled since {year}, the {office}, {person}, told the inquiry.",
    "“Nobody in {place} pays more than {n} euros for water,” said {person}, the {office}.",
    "The {office} of {place}, {person}, said that {n} jobs were created there in {year}.",
    "Rents in {place} went up by {small} percent within a year, {person} said.",
    "More than {n} people left {place} in {year}, according to figures that {person} presented.",
)


def article_text(number: int, *, sentences: int = 4) -> str:
    """The article of this number: always the same, unlike any other."""
    chance = random.Random(f"article {number}")
    lines = [
        sentence.format(
            place=chance.choice(PLACES),
            person=chance.choice(PEOPLE),
            office=chance.choice(OFFICES),
            n=chance.randint(11, 990),
            small=chance.randint(2, 9),
            year=chance.randint(2009, 2025),
        )
        for sentence in chance.choices(SENTENCES, k=sentences)
    ]
    return f"The council met for the {number + 1}th time.\n\n" + "\n\n".join(lines) + "\n"


class Feeder(threading.Thread):
    """Ingests every article, spread over ``seconds``; asks again when it cannot know what became of one."""

    def __init__(self, articles: int, *, seconds: float, desk: Any) -> None:
        super().__init__(name="feeder", daemon=True)
        self.articles, self.seconds, self.desk = articles, seconds, desk
        self.asked_again = 0
        self.hurry = threading.Event()

    def run(self) -> None:
        from django.db import connection

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
        from claims.actions.ingest import ingest_article
        from claims.sources import ParsedArticle
        from claimtracker.jobs.causes import AWAY

        parsed = ParsedArticle(
            title=f"Council report {number}",
            byline="",
            body=article_text(number),
            language="en",
            published_at=None,
            url=f"https://news.example/{number}",
            canonical_url=None,
            site_name="Example News",
        )
        try:
            ingest_article(
                parsed, origin="desk:chaos", external_id=f"chaos-{number}", by="system", desk=self.desk
            )
        except AWAY:
            return False
        return True
