"""Words that must never be read outside, planted by the product's own actions all over a newsroom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from claims.actions.curation import dismiss_claim
from claims.actions.drafts import bring_draft
from claims.models import Article, Claim
from claimtracker.accounts.models import Leave, User
from claimtracker.partners.models import Partner, WebhookEndpoint
from reviews.actions.adjudication import uphold_verdict
from reviews.actions.assignment import take_task
from reviews.actions.blind_review import submit_blind_review
from reviews.actions.complaints import new_token, receive_complaint
from reviews.actions.conflicts import declare_conflict
from reviews.actions.discussion import add_comment
from reviews.actions.evidence import add_evidence
from reviews.actions.handover import give_task
from reviews.actions.publishing import approve_and_publish
from reviews.actions.replies import ask_for_reply, log_contact, receive_reply
from reviews.actions.saved_views import save_view
from reviews.actions.second_review import dissent_from_verdict, request_changes
from reviews.actions.sources import protect_source
from reviews.actions.verdicts import save_draft, submit_verdict
from reviews.models import DeskSampling, ReasonTemplate, ReviewTask, Verdict
from tests import factories

from .newsroom import Newsroom

WORDS = ("summary", "rationale", "what_would_change")


@dataclass
class Garden:
    """Each planted word, and where it stands."""

    room: Newsroom
    marks: dict[str, str] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    to_publish: Verdict | None = None

    def mark(self, where: str) -> str:
        word = f"zq{len(self.marks):03}x"
        self.marks[word] = where
        return word

    def found_in(self, text: str) -> set[str]:
        text = text.lower()
        return {word for word in self.marks if word in text} if "zq" in text else set()

    def where(self, *places: str) -> set[str]:
        """The words that stand at these places."""
        return {word for word, where in self.marks.items() if where in places}


def plant(room: Newsroom, partner: Partner, rounds: int) -> Garden:
    garden = Garden(room)
    DeskSampling.objects.update_or_create(desk=room.desk, defaults={"blind_rate": 0})  # nothing is drawn
    for n in range(rounds):
        _verdicts(garden, n)
        _dispute(garden)
        _people(garden, n)
        _readers(garden)
        _partners(garden, n)
        _sent_by(garden, partner)
        _protected_later(garden)
    return garden


def _claim(garden: Garden, what: str) -> Claim:
    """In an article that nobody outside was shown."""
    words = f"the {garden.mark(f'{what}: the claim')} board spent {len(garden.marks)} million on homes"
    article = factories.make_article(
        f"Minutes {garden.mark(f'{what}: the article')}. “{words},” said the treasurer. Nothing more.\n",
        desk=garden.room.desk,
        title=f"Notes {garden.mark(f'{what}: the title')}",
    )
    claim = factories.make_claim(
        words, article=article, claimant=f"Zoe {garden.mark(f'{what}: the claimant')}"
    )
    garden.claims.append(claim)
    return claim


def _said(garden: Garden, what: str) -> dict[str, str]:
    return {name: f"{garden.mark(f'{what}: {name}')} is said in words enough." for name in WORDS}


def _open_evidence(garden: Garden, claim: Claim, what: str) -> Any:
    return factories.make_evidence(
        claim,
        garden.room.person("checker"),
        url=f"https://records.example/{garden.mark(f'{what}: the address of its source')}",
        title=f"Table {garden.mark(f'{what}: its source')}",
        quotation=f"Spending {garden.mark(f'{what}: the quotation')}: 4.",
        note=f"See {garden.mark(f'{what}: the note on its source')}.",
    )


def _secret_evidence(garden: Garden, claim: Claim, what: str) -> None:
    add_evidence(
        claim,
        by=garden.room.person("checker"),
        stance="refutes",
        url=f"https://whisper.example/{garden.mark(f'{what}: the address of a secret source')}",
        title=f"A ledger {garden.mark(f'{what}: a secret source')}",
        publisher=f"Office {garden.mark(f'{what}: the publisher of a secret source')}",
        citation=f"Folio {garden.mark(f'{what}: the citation of a secret source')}",
        quotation=f"Paid {garden.mark(f'{what}: the quotation of a secret source')}",
        note=f"She works there {garden.mark(f'{what}: the note on a secret source')}",
        interest_note=f"Owed {garden.mark(f'{what}: the interest of a secret source')}",
        is_confidential=True,
        confidential_because=f"Her job {garden.mark(f'{what}: why it is secret')}",
    )


def _researched(garden: Garden, what: str) -> ReviewTask:
    claim = _claim(garden, what)
    task = factories.make_taken_task(garden.room.person("checker"), claim)
    _open_evidence(garden, claim, what)
    _secret_evidence(garden, claim, what)
    add_comment(
        claim, by=garden.room.person("editor"), text=f"Between us {garden.mark(f'{what}: a comment')}"
    )
    return task


def _submitted(garden: Garden, what: str) -> Verdict:
    task = _researched(garden, what)
    author = garden.room.person("checker")
    return submit_verdict(task, by=author, rating=factories.make_rating(), **_said(garden, what))


def _verdicts(garden: Garden, n: int) -> None:
    """In each state, with what was said of them."""
    room = garden.room
    drafted = _researched(garden, "draft")
    save_draft(drafted, by=room.person("checker"), rating=factories.make_rating(), **_said(garden, "draft"))
    give_task(
        drafted,
        by=room.person("checker"),
        to=room.person("colleague"),
        note=garden.mark("note of a handover"),
    )
    submitted = _submitted(garden, "submitted")
    if n == 0:
        garden.to_publish = submitted
    returned = _submitted(garden, "returned")
    reason = f"Count again {garden.mark('why it was returned')}"
    request_changes(returned, by=room.person("editor"), reason=reason, revision=returned.revision)
    dismissed = _claim(garden, "dismissed")
    factories.make_task(dismissed)
    dismiss_claim(
        dismissed, by=room.person("checker"), reason=f"Opinion {garden.mark('why it was dismissed')}"
    )


def _dispute(garden: Garden) -> None:
    room = garden.room
    verdict = _submitted(garden, "disputed")
    dissent_from_verdict(
        verdict,
        by=room.person("editor"),
        rating=factories.make_rating("true"),
        reason=f"No {garden.mark('why somebody dissents')}",
        revision=verdict.revision,
    )
    DeskSampling.objects.filter(desk=room.desk).update(blind_rate=1)
    blind = _submitted(garden, "blind")
    DeskSampling.objects.filter(desk=room.desk).update(blind_rate=0)
    task = ReviewTask.objects.get(claim=blind.claim, kind="blind_review")
    task = take_task(task, by=room.person("colleague"))
    reason = f"My own view {garden.mark('why a blind reader rates otherwise')}"
    submit_blind_review(
        task, by=room.person("colleague"), rating=factories.make_rating("true"), reason=reason
    )
    blind.refresh_from_db()
    uphold_verdict(
        blind,
        by=room.person("lead"),
        revision=blind.revision,
        reason=f"Upheld {garden.mark('why a lead upholds')}",
    )


def _people(garden: Garden, n: int) -> None:
    room, checker, lead = garden.room, garden.room.person("checker"), garden.room.person("lead")
    person: User = factories.make_user(
        "checker", room.desk, email=f"{garden.mark('the e-mail address of staff')}@newsroom.example"
    )
    declare_conflict(
        by=person, kind="topic", subject="Trams", reason=f"Shares {garden.mark('a conflict of interest')}"
    )
    day = timezone.localdate() + timedelta(days=n)
    Leave.objects.create(user=person, first_day=day, last_day=day)
    save_view(by=lead, name=f"View {garden.mark('the name of a view')}", show="all", query="score:>0.1")
    ReasonTemplate.objects.create(text=f"Not found {garden.mark('a ready reason')}.")
    factories.make_rule(room.desk, name=f"Rule {garden.mark('a rule')}", keywords=["x"], is_active=False)
    bring_draft(
        by=checker,
        desk=room.desk,
        title=f"For Friday {garden.mark('the title of a draft story')}",
        body=f"The board {garden.mark('the text of a draft story')} paid 4 million.\n",
        transcript=f"He said {garden.mark('the transcript of a draft story')}.",
    )


def _readers(garden: Garden) -> None:
    room = garden.room
    token = new_token()
    garden.marks[token.lower()] = "the key of a complaint's page"
    receive_complaint(
        room.publication("published"),
        kind="wrong",
        text=f"It says otherwise {garden.mark('a complaint')}.",
        name=f"Ada {garden.mark('who complains')}",
        email=f"{garden.mark('the address of who complains')}@reader.example",
        token=token,
    )
    claim = _researched(garden, "asked").claim
    log_contact(
        claim,
        by=room.person("checker"),
        at=timezone.now(),
        channel="phone",
        outcome="not_contacted",
        note=f"Her sister picked up {garden.mark('the note on a call')}",
    )
    _request, reply_token = ask_for_reply(
        claim,
        by=room.person("checker"),
        person=f"Colm {garden.mark('who is asked')}",
        channel="email",
        question=f"Which homes {garden.mark('a question')}?",
        hours=48,
    )
    garden.marks[reply_token.lower()] = "the key of a reply page"
    receive_reply(
        reply_token,
        name=f"Colm {garden.mark('who replied')}",
        role="Treasurer",
        text=f"We counted all {garden.mark('a reply that nobody accepted')}.",
    )


def _partners(garden: Garden, n: int) -> None:
    """Another partner, not trusted yet, and what we know of it."""
    other = factories.make_partner(
        f"other-{n}",
        is_trusted=False,
        contact_email=f"{garden.mark('the address of another partner')}@other.example",
        desk=garden.room.desk,
    )
    factories.make_key(other, label=f"Key {garden.mark('the label of a key')}")
    endpoint: WebhookEndpoint = factories.make_endpoint(
        other, url=f"https://other.example/{garden.mark('the endpoint of another partner')}"
    )
    garden.marks[endpoint.secret.lower()] = "the secret of another partner's endpoint"
    for held in (True, False):
        what = "a held article" if held else "an article of another partner"
        Partner.objects.filter(pk=other.pk).update(is_trusted=not held)
        other.refresh_from_db()
        words = f"the port {garden.mark(f'{what}: the claim')} lost 4 million"
        article: Article = factories.make_submission(
            other,
            f"Sent {garden.mark(f'{what}: the text')}. “{words},” said the mayor.\n",
            title=f"Sent {garden.mark(f'{what}: the title')}",
            external_id=f"id-{garden.mark(f'{what}: its id there')}",
            url=f"https://other.example/{garden.mark(f'{what}: the address')}",
        )
        garden.claims.append(factories.make_claim(words, article=article, claimant="The mayor"))


def _sent_by(garden: Garden, partner: Partner) -> None:
    """In a text of the partner that asks: the claim is theirs to read, what we make of it is not."""
    article = factories.make_submission(
        partner, f"“The city built {len(garden.marks)} homes,” said Ann Lee.\n"
    )
    claim = factories.make_claim(f"The city built {len(garden.marks)} homes", article=article)
    checker = garden.room.person("checker")
    task = factories.make_taken_task(checker, claim)
    _open_evidence(garden, claim, "sent")
    _secret_evidence(garden, claim, "sent")
    add_comment(claim, by=checker, text=f"Careful {garden.mark('sent: a comment')}")
    submit_verdict(task, by=checker, rating=factories.make_rating(), **_said(garden, "sent"))
    garden.claims.append(claim)


def _protected_later(garden: Garden) -> None:
    """Published with a source that became confidential afterwards."""
    room = garden.room
    words = f"The board cut {len(garden.marks)} jobs"
    article = factories.make_article(f"“{words},” said Ann Lee.\n", desk=room.desk)
    claim = factories.make_claim(words, article=article)
    task = factories.make_taken_task(room.person("checker"), claim)
    evidence = _open_evidence(garden, claim, "protected later")
    said = dict.fromkeys(WORDS, "The audited accounts say otherwise in every line.")
    verdict = submit_verdict(task, by=room.person("checker"), rating=factories.make_rating(), **said)
    approve_and_publish(verdict, by=room.person("editor"), revision=verdict.revision)
    note = f"Threatened {garden.mark('why a source became secret')}"
    protect_source(evidence.source, by=room.person("lead"), because=note)
