"""The first steps of a new colleague: what was looked at is noted, the list is put away and brought back."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from .models import FirstSteps, Look, User

SESSION_KEY = "looked"
_NOTE = (
    "INSERT INTO accounts_firststeps (user_id, looked) VALUES (%s, ARRAY[%s]::varchar[]) "
    "ON CONFLICT (user_id) DO UPDATE SET looked = accounts_firststeps.looked || EXCLUDED.looked "
    "WHERE NOT accounts_firststeps.looked @> EXCLUDED.looked"
)


def note_look(user: User, what: Look) -> None:
    """Keep that ``user`` looked at it; once is enough. Neither audited nor told: it ticks a line of the
    person's own list, and nobody else reads it."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [user.pk, what.value])


def note_look_of(request: HttpRequest, what: Look) -> None:
    """The same for a page that is being shown. Asks the database once for each session."""
    known: list[str] = request.session.get(SESSION_KEY, [])
    if what.value in known or not isinstance(request.user, User):
        return
    note_look(request.user, what)
    request.session[SESSION_KEY] = [*known, what.value]


def put_away(user: User) -> None:
    """Show the list no more. One's own, so nothing is asked and nothing audited."""
    FirstSteps.objects.update_or_create(user=user, defaults={"put_away_at": timezone.now()})


def bring_back(user: User) -> None:
    FirstSteps.objects.filter(user=user).update(put_away_at=None)
