"""Erasing somebody who worked here: what will go and what stays, why not, and doing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claimtracker.accounts.erasure_holds import held_because
from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import may_moderate
from claimtracker.kernel.decisions import Allowed, Decision, Denied
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditActor, AuditNote
from reviews import states
from reviews.models import Comment, Mention, ReviewTask, Verdict

from .deciding import Fate, Held
from .registry import REGISTRY

ERASED_NAME = gettext_noop("Erased person")  # as it is stored, whatever anybody reads
ERASED_DOMAIN = "erased.invalid"
OWN = ("", "user", "by", "owner", "author")
IN_THEIR_PLACE = "@" + ERASED_NAME


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of row, how many there are of the person, and what becomes of them."""

    label: str
    count: int
    fate: Fate
    why: Any


def can_erase_person(by: Any, person: User) -> Decision:
    if not may_moderate(by):
        return Denied(_("Only moderators erase people."))
    if person.pk == by.pk:
        return Denied(_("Nobody erases themselves. Ask another moderator."), "yourself")
    if person.is_superuser and not by.is_superuser:
        return Denied(_("A moderator does not erase a superuser."))
    if is_erased(person):
        return Denied(_("This person was erased already."), "erased")
    if person.is_active:
        return Denied(_("Switch the account off first: whoever can sign in is not erased."), "active")
    if ReviewTask.objects.filter(assignee=person).open().exists():
        return Denied(_("They still have a task in hand. Give it to somebody else first."), "open_work")
    if Verdict.objects.filter(author=person, state__in=states.UNDECIDED).exists():
        return Denied(_("A verdict of theirs is not decided yet. Wait until it is."), "open_work")
    if reason := held_because(person):
        return Denied(reason, "held")
    return Allowed()


def is_erased(person: User) -> bool:
    return person.email.endswith(f"@{ERASED_DOMAIN}")


def preview_of(person: User) -> list[Line]:
    """What is held of the person, kind by kind, and what becomes of it; nothing of which there is none. One
    query for each kind."""
    lines = []
    for model, held in _of_people():
        count = model._base_manager.filter(**{held.by: person}).count()
        if count:
            lines.append(Line(_named(model, held.by), count, held.fate, held.why))
    refs = AuditActor.objects.filter(user=person).values("ref")
    words = AuditNote.objects.filter(entry__actor_ref__in=refs).count()
    if words:
        why = _("their own words in the audit; that there were some stays")
        lines.append(Line(_named(AuditNote), words, Fate.GOES, why))
    order = [Fate.GOES, Fate.BLANKED, Fate.KEPT, Fate.PUBLIC]
    return sorted(lines, key=lambda line: (order.index(line.fate), line.label))


@transaction.atomic
def erase_person(person: User, *, by: User, reason: str, typed_name: str) -> None:
    """Take a person who left out of everything where nobody else needs them, as the registry says: their
    settings and words that were theirs alone go; what they did stays, of an account without a name; what the
    newsroom published stays as it is. ``typed_name`` is the person's name, typed by who erases.

    Locks the account and the person's actor row. Raises NotPermitted or ActionRefused (fields ``reason``,
    ``typed_name``). Audits person.erased with how many rows went; the ledger still verifies."""
    person = User.objects.select_for_update().get(pk=person.pk)
    can_erase_person(by, person).enforce()
    reason = reason.strip()
    if not reason:
        raise ActionRefused(_("Say why, and who asked for it."), code="reason_missing", field="reason")
    if " ".join(typed_name.split()) != " ".join(str(person).split()):
        raise ActionRefused(
            _("This is not the name. Write it as it stands above."), code="wrong_name", field="typed_name"
        )
    went = {"mentions": _blank_mentions(person), "sessions": _end_sessions(person)}
    went |= _delete_rows(person)
    audit.actor_for(person)  # also of somebody who never acted it is written that they were erased
    audit.erase_person(person, by=by, note=reason, details={"user": person.pk, "went": went})
    _empty(person)


def _of_people() -> Iterator[tuple[type[models.Model], Held]]:
    """Models with a field that says whose row it is, as the registry has them."""
    for label, decided in REGISTRY.items():
        model = apps.get_model(label)
        for held in decided:
            if held.by and held.fate != Fate.OTHERS and label != "ledger.AuditActor":
                yield model, held


def _delete_rows(person: User) -> dict[str, int]:
    """Children first would be a list to keep: what points at a deleted row goes along, as the models say."""
    went: dict[str, int] = {}
    for model, held in _of_people():
        if held.fate == Fate.GOES:
            count, _each = model._base_manager.filter(**{held.by: person}).delete()
            went[model._meta.label_lower] = went.get(model._meta.label_lower, 0) + count
    kind = ContentType.objects.get_for_model(User)
    told, _each = LogEntry.objects.filter(content_type=kind, object_id=str(person.pk)).delete()
    went["admin.logentry"] = went.get("admin.logentry", 0) + told
    return {label: count for label, count in went.items() if count}


def _blank_mentions(person: User) -> int:
    """Their name in comments of others, as it was typed there."""
    rows = list(Mention.objects.filter(user=person).order_by("comment_id", "-start"))
    for mention in rows:  # from the end of each text, so that the places before it still hold
        comment = Comment.objects.select_for_update().get(pk=mention.comment_id)
        text = comment.text
        comment.text = text[: mention.start] + IN_THEIR_PLACE + text[mention.end :]
        comment.save(update_fields=["text"])
        longer = len(IN_THEIR_PLACE) - (mention.end - mention.start)
        later = Mention.objects.filter(comment=comment, start__gt=mention.start).exclude(pk=mention.pk)
        # one row at a time, so that no two stand at the same place for a moment
        for other in later.order_by("-start" if longer > 0 else "start"):
            other.start, other.end = other.start + longer, other.end + longer
            other.save(update_fields=["start", "end"])
        mention.delete()
    return len(rows)


def _end_sessions(person: User) -> int:
    ended = 0
    for session in Session.objects.iterator(chunk_size=500):
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
            ended += 1
    return ended


def _empty(person: User) -> None:
    person.email = f"{person.pk}@{ERASED_DOMAIN}"
    person.name, person.languages, person.last_login = ERASED_NAME, [], None
    person.is_staff = person.is_superuser = person.is_active = False
    person.set_unusable_password()
    person.save()


def _named(model: type[models.Model], by: str = "") -> str:
    """Rows of a kind, and as what the person stands there where that says more than that they are theirs."""
    name = str(model._meta.verbose_name_plural)
    if by in OWN:
        return name
    return _("%(rows)s (%(role)s)") % {"rows": name, "role": by.removesuffix("_id").replace("_", " ")}
