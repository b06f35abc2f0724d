"""Simulated people who work through the real actions while things fail, and remember what they were told."""

from __future__ import annotations

import random
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from claims.actions.versions import sha256_of
from claims.models import Article, Claim
from claims.selectors import newest_version
from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.jobs.causes import AWAY
from claimtracker.kernel.errors import ActionRefused
from reviews import states
from reviews.actions.assignment import release_task, take_task
from reviews.actions.evidence import add_evidence
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.verdicts import approve_verdict, request_changes, submit_verdict
from reviews.models import Publication, Rating, ReviewTask, Verdict
from reviews.models.publication import Change
from reviews.models.review_task import TaskKind

from .articles import changed_text
from .feeding import ingest

PAUSE = 0.1
SOURCES = (("primary", "Statistics office"), ("secondary", "Parliament library"), ("expert", "University"))


@dataclass
class Journal:
    """What the actions told people. An action whose answer was lost is in ``unknown`` only."""

    told: list[tuple[str, Any]] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, what: str, key: Any) -> None:
        with self._mutex:
            self.told.append((what, key))

    def keys(self, what: str) -> list[Any]:
        return [key for name, key in self.told if name == what]

    def counts(self) -> dict[str, int]:
        return dict(Counter(name for name, _key in self.told))


def make_people() -> tuple[list[User], list[User]]:
    """Checkers, and editors and leads, at every desk."""

    def person(role: str, number: int) -> User:
        user = User.objects.create_user(
            email=f"{role}{number}@chaos.example", password=None, name=f"{role.capitalize()} {number}"
        )
        Membership.objects.bulk_create(
            Membership(user=user, desk=desk, role=role) for desk in Desk.objects.all()
        )
        return user

    checkers = [person(Role.CHECKER, number) for number in range(3)]
    return checkers, [person(Role.EDITOR, 1), person(Role.EDITOR, 2), person(Role.LEAD, 1)]


class Person(threading.Thread, ABC):
    """Does one step after another until told to go home; waits when the database is away."""

    def __init__(self, user: User, journal: Journal, seed: int) -> None:
        super().__init__(name=str(user), daemon=True)
        self.user, self.journal, self.chance = user, journal, random.Random(seed)
        self.home_time = threading.Event()

    @abstractmethod
    def steps(self) -> list[Callable[[], bool]]:
        """What this person does, each as often as it stands in the list."""

    def run(self) -> None:
        while not self.home_time.wait(PAUSE):
            step = self.chance.choice(self.steps())
            try:
                step()
            except ActionRefused as refusal:  # a colleague was faster, or a rule says no
                self.journal.refused[f"{step.__name__}: {refusal.code}"] += 1
            except AWAY:
                self.journal.unknown[step.__name__] += 1
                connection.close()
                time.sleep(0.5)
            except Exception as error:  # noqa: BLE001 - reported as a violation: no action may fail like this
                self.journal.faults.append(f"{step.__name__} raised {type(error).__name__}: {error}"[:300])
                connection.close()
        connection.close()

    def some_of(self, rows: Any, most: int = 20) -> Any:
        """A random one of the first rows, or None."""
        found = list(rows[:most])
        return self.chance.choice(found) if found else None


class Checker(Person):
    def steps(self) -> list[Callable[[], bool]]:
        return [self.take, self.submit, self.submit, self.submit, self.give_back]

    def take(self) -> bool:
        mine = ReviewTask.objects.taken_by(self.user).count()
        kinds = [TaskKind.RESEARCH, TaskKind.RECHECK]
        queued = ReviewTask.objects.queued().filter(kind__in=kinds).order_by("-priority", "id")
        task = self.some_of(queued) if mine < 3 else None
        if task is None:
            return False
        take_task(task, by=self.user)
        self.journal.tell("taken", task.pk)
        return True

    def give_back(self) -> bool:
        task = self.some_of(ReviewTask.objects.taken_by(self.user))
        if task is None or self.chance.random() > 0.1:
            return False
        release_task(task, by=self.user)
        self.journal.tell("released", task.pk)
        return True

    def submit(self) -> bool:
        task = self.some_of(ReviewTask.objects.taken_by(self.user).select_related("claim__desk"))
        if task is None:
            return False
        self.gather(task.claim)
        rating = self.some_of(Rating.objects.filter(value__isnull=False).order_by("pk"))
        verdict = submit_verdict(
            task,
            by=self.user,
            rating=rating,
            summary=f"The figures show otherwise, as of look {self.chance.randint(1, 999)}.",
            rationale="The audited accounts and the published tables list it line by line, and both agree.",
        )
        self.journal.tell("submitted", (verdict.pk, verdict.revision))
        return True

    def gather(self, claim: Claim) -> None:
        have = claim.evidence.count()
        for kind, publisher in SOURCES[have:]:
            add_evidence(
                claim,
                by=self.user,
                stance="refutes",
                title=f"Table for claim {claim.pk}",
                publisher=publisher,
                url=f"https://{kind}.example/{claim.pk}",
                source_kind=kind,
            )


class Newsdesk(Person):
    """Changes articles that were published already, each time another one or the same once more."""

    def __init__(self, user: User, journal: Journal, seed: int, *, each_seconds: float) -> None:
        super().__init__(user, journal, seed)
        self.each_seconds = each_seconds

    def steps(self) -> list[Callable[[], bool]]:
        return [self.change]

    def change(self) -> bool:
        if self.home_time.wait(self.chance.uniform(0.2, 1.8) * self.each_seconds):
            return False
        article = self.some_of(Article.objects.select_related("desk").order_by("id"), most=40)
        if article is None:
            return False
        number = int(article.external_id.rpartition("-")[2])
        body = changed_text(newest_version(article).body, self.chance)
        ingest(number, body, article.desk)
        self.journal.tell("changed", (article.pk, sha256_of(body)))
        return True


class Editor(Person):
    def steps(self) -> list[Callable[[], bool]]:
        return [self.decide, self.decide, self.publish, self.publish, self.correct]

    def decide(self) -> bool:
        verdict = self.some_of(
            Verdict.objects.filter(state=states.SUBMITTED).exclude(author=self.user).order_by("id")
        )
        if verdict is None:
            return False
        if self.chance.random() < 0.1:
            request_changes(verdict, by=self.user, reason="Cite the table that the figure is from.")
            self.journal.tell("returned", (verdict.pk, verdict.revision))
            return True
        approve_verdict(verdict, by=self.user, revision=verdict.revision)
        self.journal.tell("approved", verdict.pk)
        return True

    def publish(self) -> bool:
        ready = Verdict.objects.filter(state=states.APPROVED, publication__isnull=True).order_by("id")
        verdict = self.some_of(ready)
        if verdict is None:
            return False
        last = Publication.objects.filter(claim=verdict.claim_id).select_related("verdict").first()
        change = {"change": Change.FIRST, "change_note": ""}
        if last is not None:
            same = last.verdict.rating_id == verdict.rating_id
            kind = Change.CORRECTION if same else Change.VERDICT_CHANGE
            change = {"change": kind, "change_note": "A newer table came out."}
        publication = publish_verdict(verdict, by=self.user, **change)
        self.journal.tell("published", (str(publication.public_id), publication.number))
        return True

    def correct(self) -> bool:
        """Few claims, again and again, so that several versions of each are on their way."""
        public = Publication.objects.current().select_related("claim__desk").order_by("id")
        publication = self.some_of(public, most=8)
        if publication is None:
            return False
        task = open_recheck(publication.claim, by=self.user, reason="A newer table came out.")
        self.journal.tell("reopened", task.pk)
        return True
