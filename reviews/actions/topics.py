"""Changing what claims can be about."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..models import Topic
from ..models.routing import Harm
from ..policies.routing import can_edit_rules
from .routing_rules import lock_rulebook


@transaction.atomic
def save_topic(topic: Topic | None, *, by: User, name: str, words: list[str], harm: int) -> Topic:
    """Write a topic, or a new one with None. It counts for what is routed or weighed from now on. Leads, and
    moderators. Locks the rulebook. Raises NotPermitted, or ActionRefused with the field. Audits
    topic.saved."""
    can_edit_rules(by).enforce()
    book = lock_rulebook()
    name, words = " ".join(name.split()), [word.strip() for word in words if word.strip()]
    slug = slugify(name)
    if not slug:
        raise ActionRefused(_("Give the topic a name with letters."), code="no_name", field="name")
    if not words:
        raise ActionRefused(_("Name at least one word by which it is known."), code="no_words", field="words")
    taken = Topic.objects.filter(slug=slug) | Topic.objects.filter(name__iexact=name)
    if topic is not None:
        taken = taken.exclude(pk=topic.pk)
    if taken.exists():
        raise ActionRefused(_("There is a topic of this name already."), code="name_taken", field="name")
    if topic is not None:
        topic = Topic.objects.filter(pk=topic.pk).first()
        if topic is None:
            raise ActionRefused(_("Somebody removed this topic meanwhile."), code="topic_gone")
    topic = topic or Topic(slug=slug)
    topic.name, topic.words, topic.harm = name, words, Harm(harm)
    topic.save()
    book.revision += 1
    book.save()
    details = {"name": name, "words": words, "harm": Harm(harm).value}
    audit.record("topic.saved", by=by, subject=topic, details=details)
    return topic


@transaction.atomic
def remove_topic(topic: Topic, *, by: User) -> None:
    """Take a topic away. Refused while a rule asks for it, which would match everything without. Leads, and
    moderators. Locks the rulebook. Audits topic.removed."""
    can_edit_rules(by).enforce()
    book = lock_rulebook()
    users = list(topic.rules.order_by("position").values_list("name", flat=True))
    if users:
        names = ", ".join(f"“{name}”" for name in users)
        raise ActionRefused(
            _("Rules ask for this topic: %(names)s. Change these first.") % {"names": names},
            code="topic_used",
        )
    audit.record("topic.removed", by=by, subject=topic, details={"name": topic.name, "words": topic.words})
    topic.delete()
    book.revision += 1
    book.save()
