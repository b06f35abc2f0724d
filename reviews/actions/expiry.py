"""Checks that were held to be true until a day: the day after, they are looked at again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import Publication
from ..models.expiry import Expiry
from ..models.review_task import RecheckCause
from .recheck import open_recheck_for

BATCH = 200


def open_expired() -> int:
    """Open a recheck for every standing version whose day is over, once per version. Returns how many are
    new. Locks each claim in turn. Audits as open_recheck_for does."""
    rows = Publication.objects.standing().filter(
        verdict__valid_until__lt=timezone.localdate(), expiry__isnull=True
    )
    return sum(_open_one(pk) for pk in list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _open_one(publication_id: int) -> int:
    publication = Publication.objects.select_related("verdict").get(pk=publication_id)
    _row, is_new = Expiry.objects.get_or_create(publication=publication)
    if not is_new:
        return 0
    day = publication.verdict.valid_until if publication.verdict else None
    why = _("Version %(number)s was held to be true until %(day)s.") % {
        "number": publication.number,
        "day": date_format(day, "j F Y") if day else "",
    }
    open_recheck_for(publication.claim_id, cause=RecheckCause.EXPIRED, why=why)
    return 1
