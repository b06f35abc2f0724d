"""Telling people. Every notice goes through :func:`notify`, which knows what nobody may be told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from claims.models import Claim
from claimtracker import jobs
from claimtracker.accounts.models import User

from ..models import Comment, EmailWish, NoticePreference, Notification, ReviewTask
from ..models.notification import TELLING, NoticeKind, usual_email
from ..selectors.people import people_who_may_know, people_who_see

TEXT_LENGTH = 500
KEY_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Wish:
    in_app: bool
    email: str


@transaction.atomic
def notify(
    recipients: Iterable[User | int | None],
    kind: str,
    *,
    text: str,
    claim: Claim | int,
    key: str,
    by: Any = None,
    task: ReviewTask | None = None,
    comment: Comment | None = None,
    tells_verdict: bool | None = None,
) -> int:
    """Tell each of ``recipients`` (people or their ids) once of ``key``. Returns how many are told anew.

    One row per person, kind and key, so it is safe to repeat; ``key`` names what happened
    (``task:12:due``, ``comment:7``). Passed over without a word: the person who did it (``by``), people
    without an active account, those who may not see the claim and, when it ``tells_verdict`` (by default as
    the kind says), those who may not know the finding while a blind review is open. Takes no lock; belongs
    into the transaction of the change it tells of, whose audit entry stands for it too. Enqueues the mail
    that goes out at once. Raises ValueError for an unknown kind or an empty key.
    """
    kind = NoticeKind(kind).value
    if not key or len(key) > KEY_LENGTH:
        raise ValueError(f"A notice's key has 1 to {KEY_LENGTH} characters: {key!r}")
    claim_id = claim if isinstance(claim, int) else claim.pk
    author = by.pk if isinstance(by, User) else None
    people = _who_may_be_told(recipients, claim_id, but=author)
    if kind in TELLING if tells_verdict is None else tells_verdict:
        people = people_who_may_know(claim_id, people)
    wishes = wishes_of(people, kind)
    about = {"claim_id": claim_id, "review_task_id": _id(task), "comment_id": _id(comment), "by_id": author}
    told = _insert(wishes, {"kind": kind, "key": key, "text": _stored(_short(text)), **about})
    if any(wishes[person].email == EmailWish.AT_ONCE for person in told):
        jobs.enqueue("reviews.gather_mail", claim_id)
    return len(told)


def task_key(task: ReviewTask) -> str:
    """The key of what is told once of a task: reminders, escalation, its return."""
    return f"task:{task.pk}"


def wishes_of(people: Collection[int], kind: str) -> dict[int, Wish]:
    """How each wants to be told of ``kind``."""
    chosen = NoticePreference.objects.filter(user__in=people, kind=kind)
    usual = Wish(in_app=True, email=usual_email(kind))
    wishes = {row.user_id: Wish(in_app=row.in_app, email=row.email) for row in chosen}
    return {person: wishes.get(person, usual) for person in sorted(people)}


def all_wishes_of(user: User) -> dict[str, Wish]:
    """How this person wants to be told of each kind."""
    chosen = {row.kind: Wish(row.in_app, row.email) for row in NoticePreference.objects.filter(user=user)}
    return {kind: chosen.get(kind, Wish(in_app=True, email=usual_email(kind))) for kind in NoticeKind.values}


def _who_may_be_told(recipients: Iterable[User | int | None], claim_id: int, *, but: int | None) -> set[int]:
    ids = {one.pk if isinstance(one, User) else one for one in recipients if one is not None} - {but}
    return set(people_who_see(claim_id).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _insert(wishes: dict[int, Wish], facts: dict[str, Any]) -> list[int]:
    """Write the rows that are not there yet, of ``facts`` by column; returns the people they are for."""
    if not wishes:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO reviews_notification (user_id, in_app, email, created_at, {", ".join(facts)})
            SELECT person, in_app, email, now(), {", ".join(["%s"] * len(facts))}
              FROM unnest(%s::bigint[], %s::boolean[], %s::text[]) AS wish (person, in_app, email)
                ON CONFLICT (user_id, kind, key) DO NOTHING
            RETURNING user_id
            """,  # noqa: S608 - the columns are ours
            [
                *facts.values(),
                list(wishes),
                [wish.in_app for wish in wishes.values()],
                [wish.email for wish in wishes.values()],
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def _id(row: ReviewTask | Comment | None) -> int | None:
    return row.pk if row else None


def _stored(text: str) -> str:
    """As the column has it: these rows are written past the model."""
    return str(Notification._meta.get_field("text").get_db_prep_save(text, connection))


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1].rstrip() + "…"


__all__ = ["NoticeKind", "Wish", "all_wishes_of", "notify", "task_key", "wishes_of"]
