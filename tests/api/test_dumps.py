"""Dumps of what is published: what stands in them, in one step or not at all, and out again at once."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.sources.claim_reviews import read_reviews
from claimtracker.accounts.models import Role
from claimtracker.api.dumps.making import make_dump, release, tidy
from claimtracker.jobs.models import Job
from reviews.actions.dumps import MAKE, plan_dumps
from reviews.actions.sources import protect_source
from reviews.models import Dump, Publication
from tests import factories

pytestmark = pytest.mark.django_db

FILES = ("claimreview.json", "claim-reviews.ndjson", "fact-checks.csv", "publications.json")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DUMP_DIR = str(tmp_path / "dumps")
    return tmp_path / "dumps"


def made() -> Dump:
    dump = release(make_dump())
    assert dump is not None
    return dump


def read(dump: Dump, name: str) -> bytes:
    response = Client().get(f"/dumps/{dump.name}/{name}")
    assert response.status_code == 200, response
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]  # a file


def published(dump: Dump) -> Any:
    return json.loads(read(dump, "publications.json"))


def rows(dump: Dump) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(dump, "fact-checks.csv").decode(), newline="")))


def test_every_file_says_what_stands_published(settings: Any) -> None:
    settings.DATA_LICENCE_URL = "https://licences.example/by"
    one = factories.make_publication()
    two = factories.make_correction(factories.make_publication(), rating="half-true")
    dump = made()
    content = published(dump)
    assert [row["id"] for row in content["publications"]] == [str(one.public_id), str(two.public_id)]
    assert [item["kind"] for item in content["publications"][1]["corrections"]] == ["verdict_change"]
    assert content["licence"]["url"] == "https://licences.example/by" and content["retractions"] == []
    table = rows(dump)
    assert [row["rating"] for row in table] == ["False", "Half true"]
    assert [row["corrections"] for row in table] == ["0", "1"]
    assert {row["licence"] for row in table} == {"https://licences.example/by"}
    lines = read(dump, "claim-reviews.ndjson").decode().splitlines()
    reviews = [json.loads(line) for line in lines]
    assert [review["reviewRating"]["alternateName"] for review in reviews] == ["False", "Half true"]
    feed = json.loads(read(dump, "claimreview.json"))
    assert feed["@type"] == "DataFeed" and feed["license"] == "https://licences.example/by"
    items = feed["dataFeedElement"]
    assert [item["item"] for item in items] == [[review] for review in reviews]
    assert {item["@type"] for item in items} == {"DataFeedItem"}
    assert all(item["dateCreated"] <= item["dateModified"] for item in items)
    assert {review["sdLicense"] for review in reviews} == {"https://licences.example/by"}


def test_a_publication_is_as_the_api_has_it() -> None:
    publication = factories.make_publication()
    _key, plain = factories.make_key()
    headers = {"Authorization": f"Bearer {plain}"}
    asked = Client().get(f"/api/v1/publications/{publication.public_id}", headers=headers)
    (row,) = published(made())["publications"]
    assert row == json.loads(asked.content)


def test_the_feed_can_be_read_by_who_reads_such_feeds() -> None:
    factories.make_publication()
    factories.make_publication()
    dump = made()
    for name in ("claimreview.json", "claim-reviews.ndjson"):
        found = read_reviews(read(dump, name))
        assert len(found.reviews) == 2 and not found.problems, name


def test_a_dump_of_nothing_is_whole_too() -> None:
    dump = made()
    assert published(dump)["publications"] == []
    assert json.loads(read(dump, "claimreview.json"))["dataFeedElement"] == []
    assert rows(dump) == [] and read(dump, "claim-reviews.ndjson") == b""


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_spreadsheet_runs_nothing_of_it(sign: str) -> None:
    quote = f"{sign}cmd|' /C calc'!A0 cost the city 3 million"
    article = factories.make_article(f"{quote}, the mayor Ann Lee said.\n")
    claim = factories.make_claim(quote, article=article, claimant=f"{sign}HYPERLINK(1)")
    factories.make_publication(claim=claim)
    (row,) = rows(made())
    assert row["claim"] == f"'{quote}"
    assert row["claimant"] == f"'{sign}HYPERLINK(1)"


def test_sizes_digests_and_rows_are_those_of_the_files() -> None:
    factories.make_publication()
    dump = made()
    assert {file["name"] for file in dump.files} == {*FILES, *(f"{name}.gz" for name in FILES)}
    for file in dump.files:
        content = read(dump, file["name"])
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert file["rows"] == 1
    for name in FILES:
        assert gzip.decompress(read(dump, f"{name}.gz")) == read(dump, name)


def test_what_is_there_is_listed_for_people_and_programs() -> None:
    factories.make_publication()
    dump = made()
    listed = Client().get("/dumps/index.json").json()
    assert Client().get("/dumps/", headers={"Accept": "application/json"}).json() == listed
    (entry,) = listed["dumps"]
    assert entry["name"] == dump.name and entry["created_at"].endswith("Z")
    for file in entry["files"]:
        assert set(file) == {"name", "media_type", "bytes", "sha256", "rows", "url"}
        path = file["url"].partition("localhost:8000")[2]
        assert Client().get(path).status_code == 200
    page = Client().get("/dumps/", headers={"Accept": "text/html"}).content.decode()
    assert all(file["sha256"] in page for file in dump.files)
    assert f"/dumps/{dump.name}/claim-reviews.ndjson.gz" in page


def test_stable_addresses_lead_to_the_newest() -> None:
    made()
    newest = made()
    response = Client().get("/dumps/latest/fact-checks.csv.gz")
    assert response.status_code == 302
    assert response["Location"] == f"/dumps/{newest.name}/fact-checks.csv.gz"
    feed = Client().get("/feeds/claimreview.json")
    assert b"".join(feed.streaming_content) == read(newest, "claimreview.json")
    assert feed["Content-Type"] == "application/ld+json"
    assert Client().get("/dumps/latest/nothing.csv").status_code == 404


def test_what_was_retracted_leaves_every_dump_at_once() -> None:
    publication = factories.make_publication()
    stays = factories.make_publication()
    dump = made()
    Job.objects.filter(kind=MAKE).delete()
    retraction = factories.make_retraction(publication, note="The document was forged.")
    for name in FILES:
        gone = Client().get(f"/dumps/{dump.name}/{name}")
        assert gone.status_code == 410 and gone.json()["code"] == "withdrawn"
    assert Client().get("/dumps/index.json").json()["dumps"] == []
    assert Client().get("/feeds/claimreview.json").status_code == 200, "what stands is in the feed"
    latest = Client().get("/dumps/latest/fact-checks.csv")
    assert (latest.status_code, latest["Retry-After"]) == (503, "300")
    assert "being made" in Client().get("/dumps/", headers={"Accept": "text/html"}).content.decode()
    assert Job.objects.filter(kind=MAKE).count() == 1, "a new one is asked for"
    content = published(made())
    assert [row["id"] for row in content["publications"]] == [str(stays.public_id)]
    assert content["retractions"] == [
        {
            "claim": publication.snapshot["claim"]["id"],
            "publication": str(retraction.public_id),
            "url": publication.snapshot["url"],
            "retracted_at": f"{retraction.published_at:%Y-%m-%dT%H:%M:%SZ}",
            "change_note": "The document was forged.",
        }
    ]


def test_a_source_that_became_confidential_leaves_every_dump_at_once() -> None:
    publication = factories.make_publication()
    source = publication.claim.evidence.get().source
    dump = made()
    assert source.url.encode() in read(dump, "publications.json")
    lead = factories.make_user(Role.LEAD, publication.claim.desk)
    protect_source(source, by=lead, because="Her employer would know.")
    assert Client().get(f"/dumps/{dump.name}/publications.json").status_code == 410
    newest = made()
    for file in newest.files:
        content = read(newest, file["name"])
        content = gzip.decompress(content) if file["name"].endswith(".gz") else content
        assert source.url.encode() not in content and source.title.encode() not in content
    assert published(newest)["publications"][0]["evidence"][0]["is_withheld"] is True


def test_a_confidential_source_at_an_address_that_was_named_leaves_too() -> None:
    """Older snapshots know a source by its address alone."""
    factories.make_publication()
    made()
    claim, checker = factories.make_claim(), factories.make_user(Role.CHECKER)
    factories.make_evidence(
        claim, checker, url="https://secret.example/1", is_confidential=True, confidential_because="Feared."
    )
    assert not Dump.objects.standing().exists()


def test_what_is_being_made_when_something_has_to_leave_is_thrown_away(monkeypatch: Any) -> None:
    publication = factories.make_publication()
    begun = make_dump()
    factories.make_retraction(publication)
    assert release(begun) is None
    assert not Dump.objects.exists()
    assert tidy() == [begun.name], "and its files go"


def test_the_files_of_withdrawn_dumps_are_removed_and_the_others_kept(folder: Path) -> None:
    publication = factories.make_publication()
    withdrawn = made()
    factories.make_retraction(publication)
    stands = made()
    assert tidy() == [withdrawn.name]
    assert [path.name for path in folder.glob("[0-9]*")] == [stands.name]
    assert tidy() == []


def test_old_dumps_go_and_the_newest_stays(settings: Any, folder: Path) -> None:
    old, older = made(), made()
    long_ago = timezone.now() - timedelta(days=settings.DUMP_KEEP_DAYS + 1)
    Dump.objects.filter(pk=older.pk).update(made_at=long_ago - timedelta(days=1))
    Dump.objects.filter(pk=old.pk).update(made_at=long_ago)
    assert tidy() == [older.name]
    assert list(Dump.objects.values_list("name", flat=True)) == [old.name]
    made()
    assert tidy() == [old.name]


def test_a_dump_is_asked_for_once_a_day_and_where_none_stands(settings: Any) -> None:
    settings.DUMP_HOUR = 0
    plan_dumps()
    plan_dumps()
    assert Job.objects.filter(kind=MAKE).count() == 1
    Job.objects.all().delete()
    dump = made()
    plan_dumps()
    assert not Job.objects.filter(kind=MAKE).exists()
    Dump.objects.filter(pk=dump.pk).update(made_at=timezone.now() - timedelta(days=1))
    plan_dumps()
    assert Job.objects.filter(kind=MAKE).count() == 1


def test_as_many_queries_for_many_checks_as_for_few() -> None:
    made()  # the shelf is there after the first
    counted = []
    for more in (3, 27):
        for _ in range(more):
            factories.make_publication()
        with CaptureQueriesContext(connection) as queries:
            made()
        counted.append(len(queries))
    assert counted[0] == counted[1], counted
    assert Publication.objects.count() == 30
