"""A check with planted words in everything that it says goes out by every way; then it is hidden, taken down,
and shown again. Whoever walks every public and partner address, file and message finds all of the words, none
of them, and all of them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

import claimtracker.partners.tasks  # noqa: F401 - registers the jobs in this process
from claims.actions.check_requests import accept_request, ask_for_check
from claims.actions.match_index import index_everything
from claims.actions.submitting import Sender
from claims.models import Claim
from claimtracker.api.dumps.making import make_dump, release, tidy
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.models import Delivery, Partner, WebhookEndpoint
from reviews.actions.assignment import take_task
from reviews.actions.complaints import new_token
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.replies import ask_for_reply, receive_reply
from reviews.actions.reply_decisions import show_reply
from reviews.actions.restrictions import (
    confirm_lifting,
    confirm_takedown,
    hide_check,
    lift_restriction,
    order_takedown,
)
from reviews.actions.second_review import approve_verdict
from reviews.actions.verdicts import submit_verdict
from reviews.models import Publication, PublicCheck, Reply
from tests import factories
from tests.partners.receiver import Receiver, running_receiver
from tests.support.crawling import Crawl
from tests.support.due_jobs import run_due
from tests.support.newsroom import Newsroom
from tests.support.planting import Garden

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

WAYS = {"page", "api", "search", "dump", "feed", "oembed", "embed", "atom"}
PUBLIC_REASON = "A court forbids us to repeat it."
# longer than what a page's address has of it, so that asking for the address says none of it
LONG = "The board of the eastern harbour authority spent four million pounds on new cranes in one year, "


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with running_receiver() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, f"127.0.0.1:{running.port}")
        yield running


def say(garden: Garden, version: str) -> dict[str, str]:
    names = ("summary", "rationale", "what_would_change")
    return {name: f"{garden.mark(f'{version}: {name}')} is said in words enough." for name in names}


def plant_check(garden: Garden, partner: Partner) -> Publication:
    """Two versions of it, with a reply that is quoted, a correction, and a partner that asked for it."""
    room = garden.room
    checker, editor, lead = (room.person(name) for name in ("checker", "editor", "lead"))
    words = f"{LONG}the {garden.mark('the claim')} report says."
    article = factories.make_article(
        f"{words} Nothing more.\n",
        desk=room.desk,
        title=f"Harbour {garden.mark('the title of the article')}",
        url=f"https://paper.example/{garden.mark('the address of the article')}",
    )
    claim = factories.make_claim(words, article=article, claimant=f"Zoe {garden.mark('the claimant')}")
    garden.claims.append(claim)
    task = factories.make_taken_task(checker, claim)
    factories.make_evidence(
        claim,
        checker,
        url=f"https://records.example/{garden.mark('the address of a source')}",
        title=f"Table {garden.mark('a source')}",
        quotation=f"Cranes {garden.mark('the quotation')}: 4.",
        note=f"See {garden.mark('the note on a source')}.",
    )
    _asked, token = ask_for_reply(
        claim, by=lead, person="Zoe", channel="email", question="Is it so?", hours=48
    )
    receive_reply(
        token, name=f"Zoe {garden.mark('who replies')}", role="", text=f"No, {garden.mark('a reply')}."
    )
    show_reply(Reply.objects.get(request__claim=claim), by=editor)
    verdict = submit_verdict(task, by=checker, rating=factories.make_rating(), **say(garden, "first"))
    verdict = approve_verdict(verdict, by=editor, revision=verdict.revision)
    publish_verdict(verdict, by=editor)
    ask_and_accept(claim, partner, by=room.person("moderator"))
    second = submit_verdict(
        take_task(open_recheck(claim, by=editor, reason="The office revised it."), by=checker),
        by=checker,
        rating=factories.make_rating(),
        **say(garden, "second"),
    )
    second = approve_verdict(second, by=editor, revision=second.revision)
    note = f"We had {garden.mark('why it was corrected')} wrong."
    return publish_verdict(second, by=editor, change="correction", change_note=note)


def ask_and_accept(claim: Claim, partner: Partner, *, by: Any) -> None:
    sender = Sender(partner.origin, audit.partner_actor(partner.origin, partner.name))
    asked = ask_for_check("Somebody counted cranes at the harbour.", sender=sender).request
    accept_request(asked, by=by, claim=claim)
    run_due("reviews.answer_requests")


def crawl(garden: Garden, key: str, receiver: Receiver, *, token: str) -> Crawl:
    """Everything that can be asked for, and every message that is sent from now on."""
    receiver.received.clear()
    cache.clear()
    run_due("partners.fan_out", "partners.deliver")
    publications = list(Publication.objects.all())
    ours = publications[:]
    values = {
        "slug": [row.slug for row in ours],
        "claimants:slug": list(PublicCheck.everything.values_list("claimant_slug", flat=True)),
        "topics:slug": [garden.room.topic.slug],
        "id": [
            *(str(row.public_id) for row in ours),
            *(str(claim.public_id) for claim in garden.claims),
            *Delivery.objects.values_list("message_id", flat=True),
            *map(str, WebhookEndpoint.objects.values_list("public_id", flat=True)),
        ],
        "month": [f"{timezone.now():%Y-%m}"],
        "dump": garden.dumps,  # type: ignore[attr-defined]  # set below
        "dumps:file": garden.files,  # type: ignore[attr-defined]  # the same
        "pk": ["1"],
        "token": [token],
    }
    done = Crawl(garden, [key], values)
    done.everything()
    for row in ours:
        done.ask(f"/oembed?url={quote(row.snapshot['url'])}")
        done.ask(f"/fact-checks/{row.slug}/?version={row.number}")
    for claim in garden.claims:
        match(done, claim, key)
    for sent in receiver.received:
        done.read("a webhook", sent.body.decode() + str(sent.headers))
    return done


def match(done: Crawl, claim: Claim, key: str) -> None:
    answer = Client().post(
        "/api/v1/match",
        {"text": f"{LONG}says the report."},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 200
    done.read("/api/v1/match", answer.content.decode())


def dump_now(garden: Garden) -> None:
    made = release(make_dump())
    assert made is not None
    garden.dumps.append(made.name)  # type: ignore[attr-defined]  # set below
    garden.files = [row["name"] for row in made.files]  # type: ignore[attr-defined]  # the same


def places(done: Crawl) -> str:
    return " ".join(place for found in done.found.values() for place in found)


@dataclass
class World:
    """The planted check, and who walks everything for its words."""

    garden: Garden
    key: str
    receiver: Receiver
    newest: Publication
    token: str

    def walk(self) -> Crawl:
        return crawl(self.garden, self.key, self.receiver, token=self.token)

    def finds_none(self) -> None:
        found = self.walk().found
        assert dict(found) == {}, {self.garden.marks[word]: found[word] for word in found}

    def finds_all(self) -> Crawl:
        done = self.walk()
        missing = set(self.garden.marks) - set(done.found)
        assert not missing, {self.garden.marks[word] for word in missing}
        for way in ("/dumps/", "/feeds/", "feed.atom", "claims:search", "/embed/", "oembed", "match"):
            assert way in places(done), way
        return done


@pytest.fixture
def world(settings: Any, tmp_path: Path, receiver: Receiver) -> World:
    settings.SNAPSHOT_DIR, settings.DUMP_DIR = str(tmp_path / "snapshots"), str(tmp_path / "dumps")
    settings.FACTCHECK_SEARCH_RATE = "1000000/min"
    settings.API_PER_MINUTE = settings.API_PER_DAY = 1_000_000
    garden = Garden(Newsroom())
    garden.dumps = []  # type: ignore[attr-defined]  # of this test
    partner = factories.make_partner("wire", desk=garden.room.desk)
    _key, key = factories.make_key(partner)
    factories.make_endpoint(partner, url=receiver.url)
    WebhookEndpoint.objects.exclude(partner=partner).update(is_active=False)
    newest, token = plant_check(garden, partner), new_token()
    factories.make_complaint(newest, token=token)
    index_everything()
    dump_now(garden)
    return World(garden, key, receiver, newest, token)


def test_hidden_and_taken_down_it_is_nowhere_and_shown_again_everywhere(world: World) -> None:
    garden, newest, slug = world.garden, world.newest, world.newest.slug
    moderator, lead = garden.room.person("moderator"), garden.room.person("lead")
    before = world.finds_all()
    assert {way for way, answers in before.ways.items() if answers} >= WAYS
    assert "webhook" in places(before)

    tags = etags(slug)
    hidden = hide_check(newest.claim, by=moderator, reason="privacy", note="It names a child.")
    world.finds_none()
    assert_nothing_unchanged(tags, 410, slug)
    assert Client().get("/feeds/claimreview.json").status_code == 200, "no wait for the next dump"
    tidy()
    assert Client().get("/feeds/claimreview.json").status_code == 200
    told = [sent.body.decode() for sent in world.receiver.received]
    assert any("claim.verdict_hidden" in body for body in told)

    order = order_takedown(
        newest.claim, by=moderator, reason="court_order", note="A letter.", legal_basis="Press Act",
        demanded_by="A court", reference="7 O 12/26", public_reason=PUBLIC_REASON,
    )  # fmt: skip
    confirm_takedown(order, by=lead, note="I read the ruling.")
    hidden.refresh_from_db()
    assert hidden.state == "replaced"
    dump_now(garden)
    world.finds_none()
    assert_nothing_unchanged(tags, 451, slug)
    assert PUBLIC_REASON in Client().get(f"/fact-checks/{slug}/").content.decode()

    lift_restriction(order, by=moderator, note="The ruling fell.")
    confirm_lifting(order, by=lead, note="I read that too.")
    index_everything()
    assert "/feeds/" in places(world.walk()), "before the next dump is made"
    dump_now(garden)
    world.finds_all()
    assert OutboxEvent.objects.filter(type="claim.verdict_restored").count() == 1


def etags(slug: str) -> dict[str, dict[str, str]]:
    """Of each address what a cache has of it."""
    found = {}
    for path in ("", "claim-review.json", "embed/"):
        answer = Client().get(f"/fact-checks/{slug}/{path}")
        assert answer.status_code == 200
        found[f"/fact-checks/{slug}/{path}"] = {"If-None-Match": answer["ETag"]}
    for path in (
        "/fact-checks/",
        "/fact-checks/feed.atom",
        "/corrections/feed.atom",
        "/feeds/claimreview.json",
    ):
        answer = Client().get(path)
        found[path] = {"If-None-Match": answer["ETag"]}
        if modified := answer.headers.get("Last-Modified"):
            found[f"{path}?"] = {"If-Modified-Since": modified}
    return found


def assert_nothing_unchanged(tags: dict[str, dict[str, str]], status: int, slug: str) -> None:
    for path, headers in tags.items():
        answer = Client().get(path, headers=headers)
        wanted = status if slug in path else 200
        assert answer.status_code == wanted, f"{path} {headers}"
