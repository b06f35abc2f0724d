"""What a look at a source's page means: its condition, where quotations stand by now, and whom to tell.

Two looks in a row have to agree before a verdict is flagged: pages are away for a moment, or show a notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, F, Func, Value, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.actions.curation import lock_claim
from claims.anchoring import Fate
from claims.models import CARRIED
from claims.sources.quoting import Found, Passage, same_words
from claimtracker import jobs
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.outbound_errors import NETWORK_AWAY
from claimtracker.ledger import audit

from .. import policies
from ..models import (
    Evidence,
    EvidenceChange,
    NoticeKind,
    QuotationCheck,
    Source,
    SourceCheck,
    SourceSnapshot,
)
from ..models.review_task import RecheckCause
from ..selectors.people import people_who_worked_on
from .notifying import notify
from .quotations import Became, fate_facts, passage_of, place_facts, what_became
from .recheck import open_recheck_for
from .snapshots import CHECK_QUOTATION, LOOK, Look, named_content, text_of, with_basis

ENOUGH = 2  # looks in a row that must agree
AWAY_IS_GONE = 5  # looks in a row without an answer after which a page counts as gone
NO_ANSWER = frozenset({"unknown_host", "unreachable", "timeout"})
SOON = timedelta(hours=1)
A_TURN = 100  # sources that one beat asks for
OF_A_HOST = 10  # of these at most, so far apart that somebody who waits for a page of it meets one at most
APART = timedelta(seconds=30)
Condition, Kind, Result = Source.Condition, EvidenceChange.Kind, QuotationCheck.Result
WHY = {
    Kind.CHANGED: gettext_lazy("The words quoted as evidence {n} changed on their page."),
    Kind.VANISHED: gettext_lazy("The words quoted as evidence {n} are no longer on their page."),
    Kind.GONE: gettext_lazy("The page of evidence {n} is gone."),
}


@transaction.atomic
def record_look(source: Source, *, look: Look | None) -> SourceCheck | None:
    """Keep what a look brought: the check, the snapshot, the place of each quotation; flag and open rechecks
    for what changed. Of a look that goes on, only where. Drops everything when the source became confidential
    meanwhile. For jobs. Locks the claims that cite it, in order, then the source. Audits evidence.changed and
    evidence.returned."""
    if look is not None and not look.is_over:
        _goes_on(source, look)
        return None
    claims = sorted(set(source.evidence.values_list("claim_id", flat=True)))
    for claim_id in claims:
        lock_claim(claim_id)
    source = Source.objects.select_for_update(of=("self",), no_key=True).get(pk=source.pk)
    if look is None or source.is_confidential:
        return None
    now = timezone.now()
    snapshot = _kept(source, look, now) if look.page else None
    condition = _condition(source, look, snapshot)
    check = SourceCheck.objects.create(
        source=source,
        condition=condition,
        code=look.obstacle.code if look.obstacle else "",
        message=look.obstacle.message[:500] if look.obstacle else "",
        snapshot=snapshot,
        checked_at=now,
    )
    cited = source.evidence.filter(claim__in=claims).select_related("claim", "basis_quote", "last_quote")
    evidence = list(cited.order_by("claim_id", "id"))
    if snapshot is not None:
        for item in evidence:
            passage, became = (look.passages or {}).get(item.pk), (look.became or {}).get(item.pk)
            if _record_quotation(item, snapshot, passage, became, now) is not None:
                _count_doubt(item)
    _update(source, check, evidence, now, look)
    _tell(source, evidence, now)
    return check


@transaction.atomic
def record_quotation(evidence: Evidence) -> QuotationCheck | None:
    """Compare a quotation with the newest copy of its page. For jobs; safe to repeat. Locks the claim, then
    the source."""
    lock_claim(evidence.claim_id)
    source = Source.objects.select_for_update(of=("self",), no_key=True).get(pk=evidence.source_id)
    found = Evidence.objects.filter(pk=evidence.pk).select_related("basis_quote", "last_quote").first()
    snapshot = source.last_snapshot
    if found is None or snapshot is None or source.is_confidential:
        return None
    evidence = found
    text = text_of(snapshot)
    passage = None if text is None else passage_of(evidence, text, snapshot.text_id or "")
    basis = with_basis(Evidence.objects.filter(pk=evidence.pk))
    became = None if text is None else what_became(basis, text).get(evidence.pk)
    return _record_quotation(evidence, snapshot, passage, became, timezone.now())


@transaction.atomic
def settle_change(change: EvidenceChange, *, by: User) -> EvidenceChange:
    """Somebody looked at what changed under a piece of evidence: what the page says now is what counts from
    here on. Checkers, editors and leads of the claim's desk. Locks claim and change. Raises NotPermitted or
    ActionRefused. Audits evidence.change_settled."""
    lock_claim(change.evidence.claim_id)
    change = (
        EvidenceChange.objects.select_for_update(of=("self",))
        .select_related("evidence__claim__desk", "evidence__source")
        .get(pk=change.pk)
    )
    evidence = change.evidence
    policies.can_settle_change(by, evidence.claim).enforce()
    policies.can_see_evidence(by, evidence).enforce()
    if change.settled:
        raise ActionRefused(_("Somebody has looked at this already."), code="already_settled")
    _settle(change, EvidenceChange.Settled.SEEN, by)
    evidence.basis_quote, evidence.doubts = evidence.last_quote, 0
    evidence.save(update_fields=["basis_quote", "doubts"])
    audit.record("evidence.change_settled", by=by, subject=evidence.claim, details={"evidence": evidence.pk})
    return change


def ask_for_due_looks(now: datetime | None = None) -> int:
    """Enqueue a look at each source that is due, some at a time, those of one host apart; how many. For the
    beat; safe to repeat."""
    now = now or timezone.now()
    due = Source.objects.filter(next_check_at__lte=now, is_confidential=False)
    site = Func(F("url"), Value("://([^/]+)"), function="substring", output_field=CharField())
    nth = Window(RowNumber(), partition_by=[site], order_by=["next_check_at", "id"])
    rows = due.annotate(nth=nth).filter(nth__lte=OF_A_HOST).order_by("next_check_at", "id")
    by_turn: dict[int, list[int]] = {}
    for pk, number in rows.values_list("pk", "nth")[:A_TURN]:
        by_turn.setdefault(number, []).append(pk)
    for number, ids in sorted(by_turn.items()):
        due_at = timezone.now() + APART * (number - 1) if number > 1 else None
        jobs.enqueue_all(((LOOK, pk) for pk in ids), due_at=due_at)
    return sum(len(ids) for ids in by_turn.values())


def _goes_on(source: Source, look: Look) -> None:
    if look.moved_to:
        Source.objects.filter(pk=source.pk, is_confidential=False).update(
            at_url=look.moved_to, hops=source.next_hops, moved_at=timezone.now()
        )


def _kept(source: Source, look: Look, now: datetime) -> SourceSnapshot:
    """The snapshot with these bytes, made when the source has none."""
    page = look.page
    assert page is not None and look.stored_page is not None, "a look with a page has stored it"  # noqa: S101 - invariant
    contents = [named_content(stored) for stored in (look.stored_page, look.stored_text) if stored]
    return SourceSnapshot.objects.get_or_create(
        source=source,
        page=contents[0],
        defaults={
            "url": page.url,
            "title": page.title[:300],
            "media_type": page.media_type[:100],
            "charset": page.charset[:40],
            "text": contents[1] if len(contents) > 1 else None,
            "text_length": len(page.text or ""),
            "is_cut": page.is_cut,
            "main_digest": page.main_digest,
            "taken_at": now,
        },
    )[0]


def _condition(source: Source, look: Look, snapshot: SourceSnapshot | None) -> str:
    if look.obstacle is not None:
        # a site that answers, but not to us, is no page that is gone
        lasting = look.obstacle.code in NO_ANSWER and source.failures + 1 >= AWAY_IS_GONE
        return Condition.GONE if lasting else Condition(look.obstacle.obstacle.value)
    former = source.last_snapshot
    assert snapshot is not None, "without an obstacle there is a snapshot"  # noqa: S101 - invariant
    is_same = former is None or former.main_digest == snapshot.main_digest
    return Condition.ALIVE if is_same else Condition.CHANGED


def _update(
    source: Source, check: SourceCheck, evidence: Iterable[Evidence], now: datetime, look: Look
) -> None:
    """Note on the source what was found, and when to look again. A host that asks for a short rest is no
    failure of the page, nor is it one that our own network was away."""
    fails = check.condition in {Condition.GONE, Condition.AWAY}
    is_news = check.condition == Condition.CHANGED or (
        check.condition == Condition.GONE and source.condition != Condition.GONE
    )
    is_ours = look.obstacle is not None and look.obstacle.code == NETWORK_AWAY
    if not (fails and (is_ours or look.again_at is not None)):
        source.failures = source.failures + 1 if fails else 0
    source.condition, source.condition_message = check.condition, check.message
    source.at_url, source.hops, source.moved_at = "", 0, None
    source.checked_at = now
    if is_news:
        source.changed_at = now
    if check.snapshot is not None:
        source.last_snapshot = check.snapshot
        _describe(source, look)
    in_doubt = any(0 < item.doubts < ENOUGH for item in evidence) or 0 < source.failures < AWAY_IS_GONE
    wait = SOON if in_doubt or is_ours else timedelta(days=settings.SOURCE_RECHECK_DAYS)
    source.next_check_at = now + wait
    source.save()


def _describe(source: Source, look: Look) -> None:
    """A source that was added by its address alone gets its page's words; a person's are never replaced."""
    if not source.is_undescribed or look.page is None:
        return
    title, publisher = Source.words_of(source.url)
    if source.title == title and look.page.title:
        source.title = look.page.title[:300]
    if source.publisher == publisher and look.page.publisher:
        source.publisher = look.page.publisher[:200]
    source.is_undescribed = False


def _record_quotation(
    evidence: Evidence,
    snapshot: SourceSnapshot,
    passage: Passage | None,
    became: Became | None,
    now: datetime,
) -> QuotationCheck | None:
    """Where the quotation stands in this copy, and what became of the passage that was quoted; looked for
    once."""
    if not evidence.quotation:
        return None
    if passage is None and snapshot.text_id is not None:
        jobs.enqueue(CHECK_QUOTATION, evidence.pk)  # it was added while the page was being fetched
        return None
    basis = evidence.basis_quote
    if became is not None and (basis is None or basis.pk != became.since):
        became = None  # somebody settled a change while the page was being fetched
    facts = {"result": Result.UNREADABLE} if passage is None else _place(passage, became, basis)
    check = QuotationCheck.objects.get_or_create(
        evidence=evidence, snapshot=snapshot, defaults={**facts, **fate_facts(became), "checked_at": now}
    )[0]
    stands = check.result in {Result.FOUND, Result.NEAR}
    is_sure = check.result == Result.FOUND and check.fate in {"", *CARRIED}
    if is_sure or (basis is None and stands):
        evidence.basis_quote = check
    evidence.last_quote = check
    evidence.save(update_fields=["basis_quote", "last_quote"])
    return check


def _count_doubt(evidence: Evidence) -> None:
    """One look more at which the page does not say what it said where the words were last known to stand."""
    basis, last = evidence.basis_quote, evidence.last_quote
    differs = (
        basis is not None
        and last is not None
        and basis.pk != last.pk
        and last.result in {Result.NEAR, Result.MISSING}
        and not (basis.result == last.result == Result.MISSING)
        and not same_words(basis.exact, last.exact)
    )
    evidence.doubts = evidence.doubts + 1 if differs else 0
    evidence.save(update_fields=["doubts"])


def _place(passage: Passage, became: Became | None, basis: QuotationCheck | None) -> dict[str, object]:
    """The passage that was quoted, where it is told for sure or stands in other words; else what comes
    nearest to the quotation."""
    if became is not None and basis is not None and became.exact:
        facts = {**place_facts(became), "result": basis.result, "similarity": basis.similarity}
        if not became.is_carried and not same_words(basis.exact, became.exact):
            # the quoted words may stand elsewhere still; where they were read, the page says something else
            near = passage.found == Found.NEAR
            facts |= {"result": Result.NEAR if near else Result.MISSING, "similarity": passage.similarity}
        return facts
    return {
        "result": Result(passage.found.value),
        "start": passage.start,
        "end": passage.end,
        "exact": passage.exact,
        "prefix": passage.prefix,
        "suffix": passage.suffix,
        "similarity": passage.similarity,
    }


def _tell(source: Source, evidence: list[Evidence], now: datetime) -> None:
    """Flag what is certain by now, and take back what is as it was. Claims in the order of their ids, so that
    two looks never wait for each other."""
    had_copy = source.last_snapshot_id is not None
    is_gone = had_copy and source.condition == Condition.GONE and source.failures >= ENOUGH
    for item in evidence:
        kind = Kind.GONE if is_gone else _kind(item) if item.doubts >= ENOUGH else None
        change = EvidenceChange.objects.filter(evidence=item, settled="").first()
        if kind is None:
            answers = source.condition in {Condition.ALIVE, Condition.CHANGED}
            if change is not None and answers and item.doubts == 0:
                _settle(change, EvidenceChange.Settled.RETURNED, None)
                audit.record(
                    "evidence.returned", by=audit.SYSTEM, subject=item.claim, details={"evidence": item.pk}
                )
        elif change is None and not _was_seen(item, kind):
            change = EvidenceChange.objects.create(evidence=item, kind=kind, noticed_at=now)
            details = {"evidence": item.pk, "kind": kind.value}
            audit.record("evidence.changed", by=audit.SYSTEM, subject=item.claim, details=details)
            why = WHY[kind].format(n=item.pk)
            notify(
                people_who_worked_on(item.claim_id),
                NoticeKind.EVIDENCE_CHANGED,
                text=f"“{item.claim}”: {why}",
                claim=item.claim,
                key=f"evidence-change:{change.pk}",
            )
            open_recheck_for(item.claim_id, cause=RecheckCause.EVIDENCE_CHANGED, why=why)


def _was_seen(evidence: Evidence, kind: str) -> bool:
    """A page that is gone stays gone: somebody who has seen it is not told again."""
    last = evidence.changes.order_by("-id").first()
    return last is not None and last.settled == EvidenceChange.Settled.SEEN and last.kind == kind == Kind.GONE


def _kind(evidence: Evidence) -> EvidenceChange.Kind:
    """Other words in the place of the quoted ones are a change; nothing like them is none any more."""
    last = evidence.last_quote
    is_gone = last is not None and last.result == Result.MISSING and last.fate != Fate.REWORDED.value
    return Kind.VANISHED if is_gone else Kind.CHANGED


def _settle(change: EvidenceChange, how: str, by: User | None) -> None:
    change.settled, change.settled_at, change.settled_by = how, timezone.now(), by
    change.save(update_fields=["settled", "settled_at", "settled_by"])
