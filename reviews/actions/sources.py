"""Sources as records of their own: found again by their address, described, protected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.access import CHECKING, has_role
from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.addresses import normalised_url
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.locking import locked_row
from claimtracker.ledger import audit

from .. import policies
from ..models import Source
from ..policies.sources import desks_of
from .dumps import withdraw_dumps
from .snapshots import ask_for_look

SECRECY = ("is_confidential", "desk", "confidential_because")
EDITABLE = ("title", "publisher", "kind", "citation", "interest_note")


@dataclass(frozen=True, slots=True)
class Described:
    """A source as somebody describes it."""

    title: str
    publisher: str
    url: str = ""
    kind: str = Source.Kind.SECONDARY
    citation: str = ""
    interest_note: str = ""
    is_confidential: bool = False
    confidential_because: str = ""

    @property
    def is_by_address_alone(self) -> bool:
        """Whether its page has to name its title or publisher; a page that is never fetched names nothing."""
        is_named = self.title.strip() and self.publisher.strip()
        return bool(self.url.strip()) and not self.is_confidential and not is_named


def source_of(described: Described, *, by: User, desk: Desk) -> Source:
    """The source at this address or of this citation, made when first needed; what is known of it stays.

    A confidential source of another desk is never found, and of this desk only by who may see it. The
    caller holds a transaction. Raises ActionRefused naming the field.
    """
    address = _address(described.url)
    is_undescribed = described.is_by_address_alone
    facts = _checked(_by_address(described, address) if is_undescribed else described)
    if not address and not facts["citation"]:
        raise ActionRefused(
            _("Give the source's address, or a citation by which readers can find it."),
            code="not_findable",
            field="url",
        )
    where = {"url": address} if address else {"url": "", "citation": facts["citation"]}
    mine = Source.objects.visible_to(by).filter(desk=desk)
    protected = mine.protected_at(address or facts["citation"]).first()
    if protected is not None:
        return protected
    facts["added_by"] = by
    if not described.is_confidential:
        facts["is_undescribed"] = is_undescribed
        return Source.objects.get_or_create(**where, is_confidential=False, defaults=facts)[0]
    because = _because(described.confidential_because, field="confidential_because")
    refuse_second(address, desk)
    return Source.objects.create(
        **facts, url=address, desk=desk, is_confidential=True, confidential_because=because
    )


@transaction.atomic
def edit_source(source: Source, *, by: User, **changes: str) -> Source:
    """Describe a source better: title, publisher, kind, citation, interest_note. Locks the source. Raises
    NotPermitted or ActionRefused naming the field. Audits source.edited with the names of what changed."""
    source = lock_source(source.pk, by=by)
    policies.can_edit_source(by, source).enforce()
    described = Described(**{**{name: getattr(source, name) for name in EDITABLE}, **changes})
    facts = _checked(described)
    if not source.url and not facts["citation"]:
        raise ActionRefused(
            _("Without an address it needs a citation by which readers can find it."),
            code="not_findable",
            field="citation",
        )
    changed = [name for name in EDITABLE if getattr(source, name) != facts[name]]
    if not changed:
        return source
    for name in changed:
        setattr(source, name, facts[name])
    source.is_undescribed = False
    source.save(update_fields=[*changed, "is_undescribed"])
    audit.record("source.edited", by=by, subject=source, details={"fields": changed})
    return source


@transaction.atomic
def protect_source(source: Source, *, by: User, because: str) -> Source:
    """Make a source confidential, at once and whatever waits for approval. Published checks that named it
    withhold it from now on (selectors.withholding), and dumps that name it are read no more. Locks the
    source. Raises NotPermitted or ActionRefused. Audits source.protected."""
    source = lock_source(source.pk, by=by)
    policies.can_protect_source(by, source).enforce()
    because = _because(because, field="because")
    if source.is_confidential:
        raise ActionRefused(_("This source is confidential already."), code="already_confidential")
    desk = _desk_for(source, by)
    refuse_second(source.url, desk)
    source.is_confidential, source.desk, source.confidential_because = True, desk, because
    source.next_check_at, source.at_url = None, ""
    source.save(update_fields=[*SECRECY, "next_check_at", "at_url"])
    withdraw_dumps(because="a source was made confidential")
    audit.record("source.protected", by=by, subject=source, details={"desk": desk.slug})
    return source


@transaction.atomic
def name_source(source: Source, *, by: User) -> Source:
    """Lift the protection: from now on the source is shown and published like any other. Editors and leads.
    Locks the source. Raises NotPermitted or ActionRefused. Audits source.named."""
    source = lock_source(source.pk, by=by)
    policies.can_name_source(by, source).enforce()
    if not source.is_confidential:
        raise ActionRefused(_("This source is not confidential."), code="not_confidential")
    source.is_confidential, source.desk, source.confidential_because = False, None, ""
    try:
        with transaction.atomic():
            source.save(update_fields=SECRECY)
    except IntegrityError as error:  # one_source_per_address
        raise ActionRefused(
            _("Another source with this address is cited openly. Cite that one instead."),
            code="already_there",
        ) from error
    audit.record("source.named", by=by, subject=source)
    ask_for_look(source)
    return source


def lock_source(pk: int, *, by: User) -> Source:
    """The source, locked. Raises Source.DoesNotExist for who may not see it."""
    Source.objects.visible_to(by).get(pk=pk)
    return locked_row(Source.objects.select_related("desk"), pk)


def refuse_second(address: str, desk: Desk) -> None:
    """Raise ActionRefused when the desk protects a source of this address already."""
    if address and Source.objects.protected_at(address).filter(desk=desk).exists():
        raise ActionRefused(
            _(
                "Your desk has a confidential source with this address already. An editor or a "
                "lead can add it."
            ),
            code="already_there",
            field="url",
        )


def _desk_for(source: Source, by: User) -> Desk:
    """Whose source it becomes: a desk of the person's that cites it, else one where they check."""
    mine = Desk.objects.filter(memberships__user=by, memberships__role__in=CHECKING).order_by("id")
    citing = mine.filter(pk__in=desks_of(source)).first()
    found = citing or mine.first()
    assert found is not None and has_role(by, CHECKING), "the policy asks for a role"  # noqa: S101 - invariant
    return found


def _because(reason: str, *, field: str) -> str:
    if not reason.strip():
        raise ActionRefused(
            _("Say why this source has to be protected. Only who may see it reads the reason."),
            code="reason_missing",
            field=field,
        )
    return reason.strip()[:500]


def _address(url: str) -> str:
    if not url.strip():
        return ""
    try:
        return normalised_url(url)
    except ValueError as error:
        raise ActionRefused(str(error), code="bad_url", field="url") from error


def _by_address(described: Described, address: str) -> Described:
    """With the address in the place of what nobody has said yet."""
    title, publisher = Source.words_of(address)
    return replace(
        described, title=described.title.strip() or title, publisher=described.publisher.strip() or publisher
    )


def _checked(described: Described) -> dict[str, Any]:
    if not described.title.strip():
        raise ActionRefused(_("Give the source's title."), code="title_missing", field="title")
    if not described.publisher.strip():
        raise ActionRefused(_("Name the source's publisher."), code="publisher_missing", field="publisher")
    if described.kind not in Source.Kind.values:
        raise ActionRefused(_("Choose a kind of source from the list."), code="bad_kind", field="source_kind")
    return {
        "title": described.title.strip()[:300],
        "publisher": described.publisher.strip()[:200],
        "kind": described.kind,
        "citation": described.citation.strip()[:500],
        "interest_note": described.interest_note.strip()[:300],
    }
