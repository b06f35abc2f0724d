"""How much of a desk's work is reviewed blind, chosen by its leads."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.locking import locked_row
from claimtracker.ledger import audit

from ..models import DeskSampling
from ..policies.settings import can_set_sampling

LONGEST_TOPIC, MOST_TOPICS = 60, 50


@transaction.atomic
def set_sampling(
    desk: Desk, *, by: User, rate: float | None, topics: Sequence[str] | None, revision: int
) -> DeskSampling:
    """The share of verdicts that are reviewed blind (0 to 1), and words whose claims always are; None for
    what the environment says. Counts for verdicts that are submitted for the first time from then on. Leads
    of the desk, and moderators. Locks the desk's row of settings.

    Raises NotPermitted, or ActionRefused (``changed_since``, or with the field). Audits desk.sampling_set
    with what was there before.
    """
    can_set_sampling(by, desk).enforce()
    if rate is not None and not 0 <= rate <= 1:
        raise ActionRefused(_("Give a share from 0 to 100 percent."), code="bad_rate", field="percent")
    words = None if topics is None else _tidy(topics)
    made, _created = DeskSampling.objects.get_or_create(desk=desk)
    row = locked_row(DeskSampling.objects.select_related("desk"), made.pk)
    if row.revision != revision:
        raise ActionRefused(
            _("Somebody changed the sampling of this desk meanwhile. Look at what it is now, then decide."),
            code="changed_since",
        )
    before = {"rate": row.blind_rate, "topics": row.blind_topics}
    after = {"rate": rate, "topics": words}
    if before == after:
        return row
    row.blind_rate, row.blind_topics, row.revision = rate, words, row.revision + 1
    row.save()
    details = {"desk": row.desk.slug, "before": before, "after": after}
    audit.record("desk.sampling_set", by=by, subject=row.desk, details=details)
    return row


def _tidy(topics: Sequence[str]) -> list[str]:
    words = list(dict.fromkeys(" ".join(topic.split()) for topic in topics if topic.split()))
    if len(words) > MOST_TOPICS:
        raise ActionRefused(
            _("There are %(n)s topics; %(most)s are the limit.") % {"n": len(words), "most": MOST_TOPICS},
            code="too_many",
            field="topics",
        )
    for topic in words:
        if len(topic) > LONGEST_TOPIC:
            raise ActionRefused(
                _("“%(topic)s…” has %(n)s characters; %(most)s are the limit.")
                % {"topic": topic[:20], "n": len(topic), "most": LONGEST_TOPIC},
                code="too_long",
                field="topics",
            )
    return words
