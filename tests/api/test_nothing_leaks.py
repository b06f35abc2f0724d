"""Two hundred words that two people do not stand behind, or that are nobody's to read, planted all over a
newsroom: whoever walks every public and partner address, file and message finds none of them, and finds
those of a check as soon as it is published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.utils import timezone

import claimtracker.partners.tasks  # noqa: F401 - registers the jobs in this process
from claimtracker.api.dumps.making import make_dump, release
from claimtracker.jobs import runner
from claimtracker.jobs.models import Job
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from claimtracker.partners.models import WebhookEndpoint
from reviews.actions.publishing import approve_and_publish, slug_of
from reviews.models import Publication, PublicCheck
from reviews.reader_facts import claimant_slug
from tests import factories
from tests.partners.receiver import Receiver, running_receiver
from tests.support.crawling import Crawl
from tests.support.newsroom import Newsroom
from tests.support.planting import Garden, plant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(400)]

ROUNDS = 2
WAYS = {"page", "api", "schema", "search", "dump", "feed", "oembed", "embed", "atom", "sitemap"}


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with running_receiver() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, f"127.0.0.1:{running.port}")
        yield running


def values_of(garden: Garden) -> dict[str, list[str]]:
    """What may stand in an address: of what is public, and of what is not."""
    publications = list(Publication.objects.all())
    dumps = [row["name"] for row in garden.room.dump.files]
    some = [*garden.claims[::5], garden.claims[-1]]  # the last one is of the partner that asks
    uuids = [str(claim.public_id) for claim in some]
    for claim in some:
        uuids += [str(place.version.article.public_id) for place in claim.appearances.all()]
    return {
        "slug": [row.slug for row in publications] + [slug_of(claim) for claim in some],
        "claimants:slug": [
            *PublicCheck.objects.values_list("claimant_slug", flat=True),
            *(claimant_slug(claim.claimant.name) for claim in some if claim.claimant),
        ],
        "topics:slug": [garden.room.topic.slug],
        "id": [*(str(row.public_id) for row in publications), *uuids],
        "month": [f"{timezone.now():%Y-%m}"],
        "dump": [garden.room.dump.name],
        "dumps:file": dumps,
        "pk": ["1", "2", "3"],
        "token": ["x" * 43],
    }


def crawl(garden: Garden, keys: list[str], receiver: Receiver) -> Crawl:
    """Everything, and every message that was sent."""
    garden.room.dump = release(make_dump())
    cache.clear()
    done = Crawl(garden, keys, values_of(garden))
    done.everything()
    for publication in Publication.objects.all():
        done.ask(f"/oembed?url={quote(publication.snapshot['url'])}")
    for claim in garden.claims[::5]:
        done.ask(f"/oembed?url={quote('http://localhost:8000/fact-checks/' + slug_of(claim))}/")
    deliver()
    for sent in receiver.received:
        done.read("a webhook", sent.body.decode() + str(sent.headers))
    return done


def deliver() -> None:
    for kind in ("partners.fan_out", "partners.deliver"):
        for job in Job.objects.open().filter(kind=kind):
            Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - timedelta(seconds=1))
            runner.run(job.pk)


def test_none_of_it_is_read_before_it_is_published_and_all_of_it_after(
    settings: Any, tmp_path: Path, receiver: Receiver
) -> None:
    settings.SNAPSHOT_DIR, settings.DUMP_DIR = str(tmp_path / "snapshots"), str(tmp_path / "dumps")
    settings.FACTCHECK_SEARCH_RATE = "1000000/min"
    settings.API_PER_MINUTE = settings.API_PER_DAY = 1_000_000
    room = Newsroom()
    partner = factories.make_partner("wire", desk=room.desk)
    _key, plain = factories.make_key(partner)
    factories.make_endpoint(partner, url=receiver.url)
    garden = plant(room, partner, ROUNDS)
    WebhookEndpoint.objects.exclude(partner=partner).update(is_active=False)
    assert len(garden.marks) >= 200

    before = crawl(garden, [plain], receiver)
    assert dict(before.found) == {}, {word: garden.marks[word] for word in before.found}
    assert {way for way, answers in before.ways.items() if answers} >= WAYS
    assert receiver.received, "messages were sent, about what is public"

    verdict = garden.to_publish
    assert verdict is not None
    approve_and_publish(verdict, by=room.person("editor"), revision=verdict.revision)
    after = crawl(garden, [plain], receiver)
    said = verdict.claim
    public = {
        word for word in garden.marks if word in f"{said.text} {said.claimant.name} {verdict.summary}".lower()
    }
    public |= garden.found_in(f"{verdict.rationale} {verdict.what_would_change}")
    open_source = said.evidence.filter(source__is_confidential=False).get()
    public |= garden.found_in(f"{open_source.source.url} {open_source.source.title}")
    public |= garden.found_in(f"{open_source.quotation} {open_source.note}")
    assert set(after.found) == public
    read_by = " ".join(place for places in after.found.values() for place in places)
    for way in (
        "/fact-checks/",
        "/api/v1/publications",
        "/dumps/",
        "/feeds/",
        "feed.atom",
        "claims:search",
        "webhook",
        "/embed/",
    ):
        assert way in read_by, way
