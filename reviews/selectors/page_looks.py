"""What is known of an address before its page is cited: the source that it is already, and the copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from claims.models import Claim
from claims.sources.quoting import Passage, find_quotation
from claimtracker.kernel.addresses import normalised_url
from claimtracker.kernel.content_store import ContentDamaged, ContentMissing

from ..models import PageLook, Source, SourceSnapshot
from ..models.evidence import Stance
from ..snapshot_store import snapshot_store


@dataclass(frozen=True, slots=True)
class Known:
    """A source that has this address: on how many claims that one sees it is cited, and on this one how."""

    source: Source
    claims: int
    here: list[str]


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy whose words can be read: of a source, or of a look that nothing is cited by yet."""

    digest: str
    kind: str
    pk: int
    title: str
    taken_at: Any
    is_cut: bool


@dataclass(frozen=True, slots=True)
class AddressFacts:
    url: str = ""
    known: Known | None = None
    look: PageLook | None = None
    copy: Copy | None = None

    @property
    def title(self) -> str:
        return self.known.source.title if self.known else self.look.title if self.look else ""

    @property
    def publisher(self) -> str:
        """As the page names it, else its site's name in the address."""
        if self.known:
            return self.known.source.publisher
        if self.look is None or self.look.page_id is None:
            return ""
        return self.look.publisher or Source.words_of(self.look.page_url or self.url)[1]


def known_source(claim: Claim, user: Any, url: str) -> Known | None:
    """The open source of this (normalised) address, if one sees it."""
    source = Source.objects.visible_to(user).named().filter(url=url).select_related("last_snapshot").first()
    if source is None:
        return None
    cited = source.evidence.filter(claim__in=Claim.objects.visible_to(user))
    counted = cited.aggregate(claims=Count("claim", distinct=True))
    here = list(cited.filter(claim=claim).order_by("id").values_list("stance", flat=True))
    return Known(source, counted["claims"], [str(Stance(stance).label) for stance in here])


def address_facts(claim: Claim, user: Any, url: str) -> AddressFacts:
    """What is known of an address as it was typed; nothing of one that is none."""
    try:
        address = normalised_url(url)
    except ValueError:
        return AddressFacts()
    known = known_source(claim, user, address)
    look = PageLook.objects.filter(asked_by=user, url=address).order_by("-id").first()
    snapshot = known.source.last_snapshot if known else None
    return AddressFacts(address, known, look, _of_snapshot(snapshot) or _of_look(look))


def readable_copy(user: Any, *, kind: str, pk: int) -> Copy | None:
    """The copy by its kind and key, for who may read it: one's own looks, and copies of sources that one
    sees."""
    if kind == "look":
        return _of_look(PageLook.objects.filter(asked_by=user, pk=pk).first())
    snapshots = SourceSnapshot.objects.visible_to(user).filter(Q(pk=pk, source__is_confidential=False))
    return _of_snapshot(snapshots.first())


def words_of(copy: Copy) -> str:
    """Every word of the copy. Raises ContentMissing or ContentDamaged."""
    return snapshot_store().get(copy.digest).decode()


def passage_in(copy: Copy, quotation: str) -> Passage | None:
    """Where the words stand in the copy; None when its file is lost."""
    try:
        return find_quotation(quotation, words_of(copy))
    except (ContentMissing, ContentDamaged):
        return None


def _of_snapshot(snapshot: SourceSnapshot | None) -> Copy | None:
    if snapshot is None or snapshot.text_id is None:
        return None
    facts = (snapshot.pk, snapshot.title, snapshot.taken_at, snapshot.is_cut)
    return Copy(snapshot.text_id, "snapshot", *facts)


def _of_look(look: PageLook | None) -> Copy | None:
    if look is None or look.text_id is None:
        return None
    return Copy(look.text_id, "look", look.pk, look.title, look.answered_at, look.is_cut)
