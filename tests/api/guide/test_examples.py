"""The guide's examples of reading do what the guide says, against a live server, in every language."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest
from django.test import Client

from claims.actions.match_index import index_for_a_while
from claims.samples import load_samples
from claimtracker.api.dumps.making import make_dump, release
from claimtracker.web.demo.story import CHAPTERS
from tests import factories

from .runs import Runs, publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


def test_the_first_request_shows_what_is_published(example: Runs) -> None:
    publish()
    said = example.run("first")
    if example.suffix == "sh":
        assert json.loads(said)["results"][0]["rating"]["label"] == "False"
    else:
        assert said == "False: The council built 900 homes\n"


def test_claims_are_narrowed(example: Runs) -> None:
    body = "The council built 900 homes. The city spent 9 million on roads, the mayor Ann Lee said.\n"
    article = factories.make_submission(example.partner, body)
    for quote in ("The council built 900 homes", "The city spent 9 million on roads"):
        factories.make_publication(claim=factories.make_claim(quote, article=article))
    assert example.run("claims") == "False: The council built 900 homes\n"


def test_only_graded_matches_are_used(example: Runs) -> None:
    url = publish("The council built 900 homes").snapshot["url"]
    publish("The council closed two libraries, and homes are built elsewhere")
    index_for_a_while(goes_on=lambda: True)
    assert example.run("match") == f"False: {url}\n"


def test_the_claims_of_a_text_are_found(example: Runs) -> None:
    said = example.run("extract")
    assert re.fullmatch(r".*Ann Lee: .*900 homes.*\n", said), said


def test_versions_and_annotations_are_read(example: Runs) -> None:
    same, other = "The council built 900 homes.", "The city spent 9 million on roads, Ann Lee said."
    article = factories.make_submission(example.partner, f"{same} {other}\n", title="Homes")
    for quote in (same[:-1], other.partition(",")[0]):
        factories.make_claim(quote, article=article)
    factories.make_version(article, f"{same} {other.replace('9 million', '12 million')}\n")
    id = str(article.public_id)
    assert [line.partition(",")[0] for line in example.run("versions", ARTICLE=id).splitlines()] == [
        "version 2",
        "version 1",
    ]
    assert set(example.run("annotations", ARTICLE=id).splitlines()) == {
        "unchanged: The council built 900 homes",
        "reworded: The city spent 12 million on roads",
    }


def test_a_correction_and_a_retraction_are_handled(example: Runs) -> None:
    corrected = factories.make_correction(publish(), rating="half-true", note="The office revised it.")
    said = example.run("correct", PUBLICATION=str(corrected.public_id))
    assert said == "version 2: Half true\nverdict_change: The office revised it.\n"
    retracted = factories.make_retraction(corrected, note="The document was forged.")
    said = example.run("correct", PUBLICATION=str(retracted.public_id))
    assert said == "take it down: The document was forged.\n"


def test_an_error_names_what_to_mend(example: Runs) -> None:
    said = example.run("errors").splitlines()
    assert said[0].startswith("400 invalid ")
    assert {line.partition(":")[0] for line in said[1:]} == {"#/boddy", "#/body"}


def test_pages_are_followed_to_the_end(example: Runs, monkeypatch: Any) -> None:
    monkeypatch.setattr("claimtracker.api.v1.pagination.NewestFirst.max_page_size", 100)
    monkeypatch.setattr("claimtracker.api.v1.pagination.NewestFirst.get_page_size", lambda *_args: 2)
    urls = [publish(f"The council built {n} homes").snapshot["url"] for n in range(100, 105)]
    assert example.run("pages").splitlines() == urls[::-1]


def test_a_broken_download_goes_on(example: Runs) -> None:
    url = publish().snapshot["url"]
    dump = release(make_dump())
    assert dump is not None
    name = f"{dump.name}.ndjson.gz" if example.suffix == "sh" else f"{dump.name}.part"
    content = b"".join(Client().get(f"/dumps/{dump.name}/claim-reviews.ndjson.gz").streaming_content)  # type: ignore[attr-defined]  # a file
    (example.folder / name).write_bytes(content[:50])
    assert example.run("dumps").split() == [url]
    assert (example.folder / name).read_bytes() == content
    if example.suffix == "sh":  # whole already: nothing is asked for, so nothing is refused
        done = subprocess.run(
            example.command("dumps"), env=example.environment, cwd=example.folder, capture_output=True
        )
        assert (done.returncode, done.stderr) == (0, b"")
    assert example.run("dumps").split() == [url]


def test_before_the_first_night_there_is_no_dump(example: Runs) -> None:
    assert "There is no dump yet" in example.gives_up("dumps")


def test_the_search_of_google_finds_what_the_demo_publishes(example: Runs) -> None:
    words = next(chapter.words for chapter in CHAPTERS if chapter.is_published)
    text = next(sample.body for sample in load_samples() if words in sample.body)
    quote = next(said for said in text.split('"') if words in said).rstrip(",")
    url = publish(quote).snapshot["url"]
    said = example.run("search")
    if example.suffix == "sh":
        assert json.loads(said)["claims"][0]["claimReview"][0]["url"] == url
    else:
        assert said == f"False: {quote} ({url})\n"
