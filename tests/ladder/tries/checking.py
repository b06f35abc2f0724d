"""A claim from its evidence to its correction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from claims.actions.families import confirm_match, merge_families
from claims.actions.watching import watch_claim
from claims.models import Claim
from reviews import states
from reviews.actions.assignment import take_task
from reviews.actions.blind_review import open_blind_review
from reviews.actions.discussion import add_comment
from reviews.actions.flags import flag
from reviews.actions.replies import ask_for_reply, receive_reply
from reviews.actions.restrictions import hide_check, lift_restriction, order_takedown, place_hold
from reviews.models import Restriction, ReviewTask, Verdict
from tests import factories
from tests.ladder.site import Site, Try

Data = Callable[[Site], Mapping[str, Any]]


def nothing(_site: Site) -> Mapping[str, Any]:
    return {}


def on(state: str, data: Data = nothing, **more: Any) -> Try:
    """The claim in this state is what it is about."""
    return Try(lambda site: [site.room.claim(state).pk], data, **more)


def own_words(site: Site) -> dict[str, Any]:
    return {"rating": "false", "summary": "35 homes.", "rationale": "The accounts count 31 and 4 homes."}


def words(prefix: str, site: Site, state: str, **more: Any) -> dict[str, Any]:
    verdict = site.room._verdict(state)
    given = {**own_words(site), "revision": verdict.revision, **more}
    return {f"{prefix}-{name}": value for name, value in given.items()}


def revision(state: str) -> Data:
    return lambda site: {"revision": site.room._verdict(state).revision}


def reason(prefix: str, **more: Any) -> Data:
    return lambda site: {f"{prefix}-reason": "The table was revised.", **more}


def another(site: Site) -> Claim:
    return factories.make_claim(article=factories.make_article(desk=site.room.desk))


def proposed(site: Site) -> Claim:
    """Nothing stands in the way of its going out."""
    claim, room = another(site), site.room
    take_task(factories.make_task(claim), by=site.person("checker"))
    room._cite(claim)
    room._propose(claim, site.person("checker"))
    site.__dict__["proposed"] = claim
    return claim


def revision_of(claim: Claim) -> dict[str, Any]:
    return {"revision": Verdict.objects.get(claim=claim).revision}


def suggested(site: Site) -> list[Any]:
    earlier = another(site)
    match = factories.make_match(another(site), other=earlier)
    return [match.claim_id, match.pk]


def decided(site: Site) -> list[Any]:
    claim_pk, match_pk = suggested(site)
    match = Claim.objects.get(pk=claim_pk).matches.get(pk=match_pk)
    confirm_match(match, by=site.person("checker"))
    return [claim_pk, match_pk]


def known(site: Site) -> list[Any]:
    claim = another(site)
    match = factories.make_match(claim, known=factories.make_known_claim(text=claim.text))
    confirm_match(match, by=site.person("checker"))
    return [claim.pk, match.pk]


def member(site: Site) -> Claim:
    """One that stands in a family with another claim of the desk, and is not its first."""
    first, later = another(site), another(site)
    merge_families(later, into=first, by=site.person("checker"), note="The same.")
    later.refresh_from_db()
    return later


def checked_elsewhere(site: Site) -> list[Any]:
    """Another claim of its family has the task."""
    later = member(site)
    canonical = later.canonical or later
    factories.make_task(canonical)
    return [later.pk]


def published_elsewhere(site: Site) -> list[Any]:
    """Another claim of its family is published, and the checker has the task of this one."""
    first, later = another(site), another(site)
    factories.make_publication(claim=first)
    take_task(factories.make_task(later), by=site.person("checker"))
    merge_families(later, into=first, by=site.person("checker"), note="The same.")
    return [later.pk]


def blind(site: Site) -> list[Any]:
    """A claim whose verdict was chosen for a blind review."""
    claim = site.room.claim("blind")
    if not ReviewTask.objects.filter(claim=claim, kind="blind_review").exists():
        verdict = site.room._verdict("blind")
        verdict.sampling = Verdict.Sampling.CHANCE
        verdict.save(update_fields=["sampling"])
        open_blind_review(claim, verdict)
    return [claim.pk]


def blind_task(site: Site) -> list[Any]:
    blind(site)
    task = ReviewTask.objects.get(claim=site.room.claim("blind"), kind="blind_review")
    take_task(task, by=site.room.people.setdefault("blind", factories.make_user(desk=site.room.desk)))
    return [site.room.claim("blind").pk]


def asked(site: Site) -> list[Any]:
    claim = site.room.claim("submitted")
    return [claim.pk, claim.reply_requests.latest("pk").pk]


def reply(site: Site) -> list[Any]:
    claim = another(site)
    _asked, token = ask_for_reply(
        claim, by=site.person("checker"), person="Colm Darragh", channel="email", question="Why?", hours=48
    )
    return [claim.pk, receive_reply(token, name="Colm Darragh", role="", text="No.").pk]


def complaint(site: Site) -> list[Any]:
    return [site.room.claim("published").pk, site.room.complaint.pk]


def watch(site: Site) -> Mapping[str, Any]:
    claim = site.room.claim("approved")
    return {"watch": watch_claim(claim, desk=site.room.desk, by=site.person("checker")).pk}


def merged_with(prefix: str) -> Data:
    return lambda site: {f"{prefix}-other": str(another(site).pk), f"{prefix}-note": "The same."}


EVIDENCE = {
    "url": "https://stats.example/new", "title": "Table 9", "publisher": "Office", "source_kind": "primary",
    "stance": "refutes",
}  # fmt: skip
ASK = {"ask-person": "Helen Marsh", "ask-channel": "email", "ask-question": "Which homes?", "ask-hours": "48"}
OUTCOME = {"answer-outcome": "not_upheld", "answer-answer": "The table says 31."}


def contact(site: Site) -> Mapping[str, Any]:
    at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    return {"contact-at": at, "contact-channel": "email", "contact-outcome": "no_reply"}


WHY = {"reason": "privacy", "note": "It names a child."}
ORDER = {
    "legal_basis": "Press Act",
    "demanded_by": "A court",
    "reference": "7 O 12/26",
    "public_reason": "A court forbids it.",
}


def order(what: str, **more: str) -> Try:
    sent = {f"{what}-{name}": value for name, value in {**WHY, **more}.items()}
    return Try(lambda site: [site.room.claim("published").pk, what], lambda site: sent)


def hidden(site: Site) -> Restriction:
    return hide_check(site.room.claim("published"), by=site.person("moderator"), **WHY)


def ordered(site: Site) -> Restriction:
    return order_takedown(site.room.claim("corrected"), by=site.person("moderator"), **WHY, **ORDER)


def lifting(site: Site) -> Restriction:
    hold = place_hold(site.room.claim("retracted"), by=site.person("moderator"), **WHY)
    if hold.state == states.LIFTING:  # what one line is tried with stays for the next
        return hold
    return lift_restriction(hold, by=site.person("moderator"), note="It is over.")


def decision(what: str, make: Callable[[Site], Restriction], *, to: bool = False) -> Try:
    """``moderator`` did what a second person decides on; ``to`` is whom one asks to decide."""

    def args(site: Site) -> list[Any]:
        row = make(site)
        site.__dict__["restriction"] = row
        return [row.claim_id, row.pk, what]

    def sent(site: Site) -> dict[str, Any]:
        prefix = f"{what}-{site.__dict__['restriction'].pk}"
        asked = {f"{prefix}-to": site.person("moderator").pk} if to else {}
        return {f"{prefix}-note": "I read it.", **asked}

    return Try(args, sent)


FLAG = {"flag-reason": "spam", "flag-note": "It is an advertisement."}


def of_a_colleague(site: Site) -> list[Any]:
    """A comment that nobody wrote who tries to flag it."""
    claim = site.room.claim("queued")
    return [claim.pk, add_comment(claim, by=site.person("checker"), text="Which table is it?").comment.pk]


def flagged(what: str, said: Data) -> Try:
    """What the checker flagged, for moderators to decide on."""

    def args(site: Site) -> list[Any]:
        claim = site.room.claim("queued")
        case = flag(claim, by=site.person("checker"), reason="spam", note="It is an advertisement.").case
        site.__dict__["flag_case"] = case
        return [claim.pk, case.pk, what]

    def sent(site: Site) -> dict[str, Any]:
        prefix = f"{what}-{site.__dict__['flag_case'].pk}"
        return {f"{prefix}-{name}": value for name, value in said(site).items()}

    return Try(args, sent)


TRIES: dict[tuple[str, str, str], Try] = {
    ("reviews:dossier_json", "GET", ""): on("corrected"),
    ("reviews:claim_here", "POST", ""): on("taken"),
    ("reviews:claim_conflict", "POST", ""): on("taken", lambda s: {"reason": "She is my sister."}),
    ("reviews:claim_appearances", "GET", ""): on("taken"),
    ("reviews:claim_reword", "POST", ""): on("queued", lambda s: {"wording-text": "It built 9 homes."}),
    ("reviews:claim_dismiss", "POST", ""): on("queued", reason("dismissal")),
    ("reviews:claim_restore", "POST", ""): on("dismissed"),
    ("reviews:claim_selection", "POST", ""): on("queued", reason("selection")),
    ("reviews:triage_check", "POST", ""): on("triage", reason("check")),
    ("reviews:triage_dismiss", "POST", ""): on("triage", reason("triage-dismissal")),
    ("reviews:triage_merge", "POST", ""): on("triage", merged_with("triage-merge")),
    ("reviews:evidence_board", "GET", ""): on("taken", headers={"HX-Request": "true"}),
    ("reviews:evidence_add", "POST", ""): on("taken", lambda s: EVIDENCE),
    ("reviews:evidence_remove", "POST", ""): Try(lambda s: [s.room.evidence.claim_id, s.room.evidence.pk]),
    ("reviews:page_ask", "POST", ""): on("taken", lambda s: {"url": "https://stats.example/page"}),
    ("reviews:page_look", "GET", ""): on("taken", query="?url=https://stats.example/page"),
    ("reviews:page_copy", "GET", ""): Try(
        lambda s: (
            f"/claims/{s.room.claim('taken').pk}/evidence/page/copy/?kind=cited&copy={s.room.snapshot.pk}"
        )
    ),
    ("reviews:claim_watch", "POST", ""): on("queued", lambda s: {"desk": s.room.desk.pk}),
    ("reviews:claim_unwatch", "POST", ""): on("approved", watch),
    ("reviews:match_same", "POST", ""): Try(suggested),
    ("reviews:match_not_same", "POST", ""): Try(suggested),
    ("reviews:match_undo", "POST", ""): Try(decided),
    ("reviews:match_add_review", "POST", ""): Try(known),
    ("reviews:family_merge", "POST", ""): on("queued", merged_with("merge")),
    ("reviews:family_detach", "POST", ""): Try(lambda s: [member(s).pk], lambda s: {"detach-note": "No."}),
    ("reviews:family_split", "POST", ""): Try(
        lambda s: [s.__dict__.setdefault("split", member(s)).pk],
        lambda s: {"split-claims": [s.__dict__["split"].pk], "split-note": "No."},
    ),
    ("reviews:claim_check_anyway", "POST", ""): Try(checked_elsewhere),
    ("reviews:verdict_carry_over", "POST", ""): Try(published_elsewhere),
    ("reviews:verdict_draft", "POST", ""): on("taken", own_words),
    ("reviews:verdict_submit", "POST", ""): on("taken", own_words),
    ("reviews:verdict_check", "POST", ""): on("taken", own_words, keeps=True),
    ("reviews:verdict_take_back", "POST", ""): on("submitted"),
    ("reviews:verdict_approve", "POST", ""): on("submitted", revision("submitted")),
    ("reviews:verdict_edit", "POST", ""): on("submitted", lambda s: words("edit", s, "submitted")),
    ("reviews:verdict_send_back", "POST", ""): on("submitted", reason("changes")),
    ("reviews:verdict_dissent", "POST", ""): on(
        "submitted", lambda s: words("dissent", s, "submitted", rating="half-true", reason="They began.")
    ),
    ("reviews:blind_review", "POST", ""): Try(
        blind_task, lambda s: {"blind-rating": "false", "blind-reason": "The table."}, owner="blind"
    ),
    ("reviews:blind_review_waive", "POST", ""): Try(blind, reason("waiver")),
    ("reviews:verdict_uphold", "POST", ""): on(
        "disputed", lambda s: words("uphold", s, "disputed", reason="The table says it.")
    ),
    ("reviews:verdict_otherwise", "POST", ""): on(
        "disputed", lambda s: words("otherwise", s, "disputed", rating="half-true", reason="They began.")
    ),
    ("reviews:verdict_give_back", "POST", ""): on(
        "disputed", lambda s: words("back", s, "disputed", reason="Say which.")
    ),
    ("reviews:publish_preview", "POST", ""): on("approved", keeps=True),
    ("reviews:standards_json", "GET", ""): on("approved"),
    ("reviews:standards_explain", "POST", ""): on(
        "taken", lambda s: {"explain-code": "one_publisher", "explain-text": "No other office counts this."}
    ),
    ("reviews:standards_override", "POST", ""): on(
        "submitted", lambda s: {"override-code": "reply_awaited", "override-reason": "No other counts."}
    ),
    ("reviews:verdict_publish", "POST", ""): on("approved"),
    ("reviews:verdict_approve_publish", "POST", ""): Try(
        lambda s: [proposed(s).pk], lambda s: revision_of(s.__dict__["proposed"])
    ),
    ("reviews:claim_correct", "POST", ""): on("published", reason("recheck")),
    ("reviews:claim_retract", "POST", ""): on(
        "published", reason("retraction", **{"retraction-version": "1", "retraction-note": "It was forged."})
    ),
    ("reviews:reply_ask", "POST", ""): on("taken", lambda s: ASK),
    ("reviews:reply_log", "POST", ""): on("taken", contact),
    ("reviews:reply_call_off", "POST", ""): Try(asked, reason("reply")),
    ("reviews:reply_show", "POST", ""): Try(reply),
    ("reviews:reply_set_aside", "POST", ""): Try(reply, reason("reply")),
    ("reviews:complaint_answer", "POST", ""): Try(complaint, lambda s: OUTCOME),
    ("reviews:complaint_erase", "POST", ""): Try(complaint),
    ("reviews:flag_claim", "GET", ""): on("queued"),
    ("reviews:flag_claim", "POST", ""): on("queued", lambda s: FLAG),
    ("reviews:flag_comment", "GET", ""): Try(of_a_colleague),
    ("reviews:flag_comment", "POST", ""): Try(of_a_colleague, lambda s: FLAG),
    ("reviews:flags", "GET", ""): on("queued"),
    ("reviews:flag_decide", "POST", "dismiss"): flagged("dismiss", lambda s: {"note": "I read it."}),
    ("reviews:flag_decide", "POST", "resolve"): flagged("resolve", lambda s: {"note": "It is gone."}),
    ("reviews:flag_decide", "POST", "escalate"): flagged(
        "escalate", lambda s: {"note": "You know them.", "to": s.person("lead").pk}
    ),
    ("reviews:restrictions", "GET", ""): on("published"),
    ("reviews:restriction_order", "POST", "hide"): order("hide"),
    ("reviews:restriction_order", "POST", "takedown"): order(
        "takedown",
        legal_basis="Press Act",
        demanded_by="A court",
        reference="7 O 12/26",
        public_reason="A court forbids it.",
    ),
    ("reviews:restriction_order", "POST", "hold"): order("hold"),
    ("reviews:restriction_decide", "POST", "confirm"): decision("confirm", ordered),
    ("reviews:restriction_decide", "POST", "refuse"): decision("refuse", ordered),
    ("reviews:restriction_decide", "POST", "lift"): decision("lift", hidden),
    ("reviews:restriction_decide", "POST", "agree"): decision("agree", lifting),
    ("reviews:restriction_decide", "POST", "keep"): decision("keep", lifting),
    ("reviews:restriction_decide", "POST", "escalate"): decision("escalate", hidden, to=True),
}
