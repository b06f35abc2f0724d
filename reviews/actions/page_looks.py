"""A page that is looked at before it is cited, so that title, publisher and copy are there while the form is
being filled in. The request itself is a job's, in its host's turn (actions.snapshots)."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.kernel.addresses import normalised_url
from claimtracker.kernel.errors import ActionRefused

from .. import policies
from ..models import PageLook, Source, SourceSnapshot, StoredContent
from .snapshots import FRESH_SECONDS, Look, ask_page, named_content

LOOK_AT_PAGE = "reviews.look_at_page"
MOST = 30  # looks of one person in PER
PER = timedelta(minutes=10)
STUCK = timedelta(minutes=5)  # a look that waits for longer has lost its job
A_TURN = 500


@transaction.atomic
def ask_for_page(claim: Claim, *, by: User, url: str, again: bool = False) -> PageLook:
    """Have a page looked at for somebody who may add evidence to the claim. One that waits or has a copy of
    this hour is given back as it is, one that failed only unless ``again``. Locks the person, so that nobody
    asks more often than they may. Neither audited nor told: nothing is cited by it. Raises NotPermitted or
    ActionRefused naming the field."""
    policies.can_add_evidence(by, claim).enforce()
    address = _address(url)
    _refuse_protected(address, by)
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    last = PageLook.objects.filter(asked_by=by, url=address).order_by("-id").first()
    if last is not None and _will_do(last, again=again):
        return last
    asked_of_late = PageLook.objects.filter(asked_by=by, asked_at__gt=timezone.now() - PER).count()
    if asked_of_late >= MOST:
        raise ActionRefused(
            _(
                "You have had %(most)s pages looked at within ten minutes, which is the most. "
                "Add the source all "
                "the same: its copy is made then."
            )
            % {"most": MOST},
            code="too_many_looks",
            field="url",
        )
    if last is not None and last.answered_at is None:
        PageLook.objects.filter(pk=last.pk).delete()
    look = PageLook.objects.create(url=address, asked_by=by)
    jobs.enqueue(LOOK_AT_PAGE, look.pk)
    return look


def fetch_page(look: PageLook) -> Look | None:
    """What the page's host answers. Outside any transaction. None for one that has its answer."""
    return None if look.answered_at is not None else ask_page(look)


@transaction.atomic
def record_page(look: PageLook, *, found: Look | None) -> None:
    """Keep the page or why there is none; of a look that goes on, only where. For jobs; safe to repeat. Locks
    the look."""
    row = PageLook.objects.select_for_update(of=("self",), no_key=True).filter(pk=look.pk).first()
    if row is None or row.answered_at is not None or found is None:
        return
    if not found.is_over:
        if found.moved_to:
            row.at_url, row.hops = found.moved_to, row.next_hops
            row.save(update_fields=["at_url", "hops"])
        return
    row.answered_at = timezone.now()
    if found.obstacle is not None:
        row.message = found.obstacle.message[:500]
    else:
        _keep(row, found)
    row.save()


def forget_looks(*, by: User, url: str) -> None:
    """The address belongs to a source that is confidential from now on. Called inside its transaction."""
    try:
        PageLook.objects.filter(asked_by=by, url=normalised_url(url)).delete()
    except ValueError:
        return  # by its citation alone


def forget_over() -> int:
    """Delete looks of a day ago, and the contents that only they kept; the files go with the next
    clean_snapshots. Safe to run twice. How many looks."""
    old = list(PageLook.objects.over().values_list("pk", "page_id", "text_id")[:A_TURN])
    PageLook.objects.filter(pk__in=[pk for pk, _one, _other in old]).delete()
    for digest in sorted({digest for _row, *digests in old for digest in digests if digest}):
        _let_go_of(digest)
    return len(old)


def _let_go_of(digest: str) -> None:
    names = Q(page=OuterRef("pk")) | Q(text=OuterRef("pk"))
    kept = Exists(SourceSnapshot.objects.filter(names)) | Exists(PageLook.objects.filter(names))
    try:
        with transaction.atomic():
            StoredContent.objects.filter(~kept, pk=digest).delete()
    except (ProtectedError, IntegrityError):
        return  # a source has just begun to keep it


def _will_do(look: PageLook, *, again: bool) -> bool:
    age = (timezone.now() - look.asked_at).total_seconds()
    if look.answered_at is None:
        return age < STUCK.total_seconds()
    if look.page_id is None:
        return not again
    return age < FRESH_SECONDS


def _keep(row: PageLook, found: Look) -> None:
    page = found.page
    assert page is not None and found.stored_page is not None, "a look with a page has stored it"  # noqa: S101 - invariant
    row.page = named_content(found.stored_page)
    row.text = named_content(found.stored_text) if found.stored_text else None
    row.title, row.publisher = page.title[:300], page.publisher[:200]
    row.page_url, row.media_type, row.charset = page.url[:2048], page.media_type[:100], page.charset[:40]
    row.is_cut, row.main_digest = page.is_cut, page.main_digest


def _address(url: str) -> str:
    try:
        return normalised_url(url)
    except ValueError as error:
        raise ActionRefused(
            _("This is not a web address. It starts with https:// or http://."), code="bad_url", field="url"
        ) from error


def _refuse_protected(address: str, by: User) -> None:
    protected = Source.objects.visible_to(by).protected_at(address)
    if protected.exists():
        raise ActionRefused(
            _("A confidential source has this address, so its page is never fetched."),
            code="never_fetched",
            field="url",
        )
