"""The guide's examples do what the guide says, against a live server, in every language."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from standardwebhooks import Webhook

import claims.tasks  # noqa: F401 - registers the jobs in this process
from claims.models import Article
from claimtracker.api.dumps.making import make_dump, release
from claimtracker.api.guide.contents import EXAMPLES, LANGUAGES, SECTIONS
from claimtracker.jobs import runner
from claimtracker.jobs.models import Job
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

PROGRAMS = {"sh": ["bash", "-eu"], "py": [sys.executable], "mjs": ["node"]}
SUFFIXES = [suffix for suffix, _language in LANGUAGES]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Runs:
    """Runs an example as a partner would, from an empty folder."""

    def __init__(self, site: str, suffix: str, folder: Path) -> None:
        program = PROGRAMS[suffix]
        if shutil.which(program[0]) is None:
            pytest.skip(f"{program[0]} is not here")
        self.suffix, self.folder = suffix, folder
        _key, plain = factories.make_key(factories.make_partner("gazette"))
        self.environment = {
            "PATH": os.environ["PATH"],
            "CLAIMTRACKER_URL": site,
            "CLAIMTRACKER_KEY": plain,
            "PYTHONUNBUFFERED": "1",
        }

    def command(self, name: str) -> list[str]:
        return [*PROGRAMS[self.suffix], str(EXAMPLES / f"{name}.{self.suffix}")]

    def run(self, name: str, **variables: str) -> str:
        done = subprocess.run(
            self.command(name),
            env={**self.environment, **variables},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self, name: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            self.command(name),
            env={**self.environment, **variables},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()


@pytest.fixture(params=SUFFIXES)
def example(request: Any, live_server: Any, settings: Any, tmp_path: Path) -> Runs:
    settings.SITE_URL = live_server.url
    settings.DUMP_DIR = str(tmp_path / "dumps")
    folder = tmp_path / "partner"
    folder.mkdir()
    return Runs(live_server.url, request.param, folder)


def publish(quote: str = "The council built 900 homes") -> Any:
    article = factories.make_article(f"“{quote},” the mayor Ann Lee said.\n")
    return factories.make_publication(claim=factories.make_claim(quote, article=article))


def work_off(kind: str) -> None:
    for job in Job.objects.open().filter(kind=kind):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
        runner.run(job.pk)


def test_the_first_request_shows_what_is_published(example: Runs) -> None:
    publish()
    said = example.run("first")
    if example.suffix == "sh":
        assert json.loads(said)["results"][0]["rating"]["label"] == "False"
    else:
        assert said == "False: The council built 900 homes\n"


def test_an_article_is_sent_and_sent_again(example: Runs) -> None:
    first, second = example.run("submit"), example.run("submit")
    article = Article.objects.get(external_id="gazette-4711")
    assert article.origin == "partner:gazette"
    for said, status in ((first, 201), (second, 200)):
        assert str(article.public_id) in said
        assert example.suffix == "sh" or said.startswith(f"{status} ")


def test_claims_are_waited_for(example: Runs) -> None:
    example.run("submit")
    article = Article.objects.get()
    with example.running("poll", ARTICLE=str(article.public_id)) as process:
        time.sleep(1.5)
        assert process.poll() is None, "it waits while they are looked for"
        work_off("claims.extract_article")
        said, _nothing = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert re.fullmatch(r"unchecked: .*900 homes.*\n", said) or "900 homes" in said, said


def test_a_genuine_message_is_told_from_a_forged_one(example: Runs) -> None:
    data = {"claim": "c-1", "publication": "p-1", "version": 2}
    body = json.dumps({"type": "claim.verdict_corrected", "timestamp": "2026-11-27T00:00:00Z", "data": data})
    if example.suffix == "sh":
        _check_in_the_shell(example, body)
        return
    port = free_port()
    with example.running("webhook", WEBHOOK_SECRET=SECRET, PORT=str(port)) as process:
        wait_for(port)
        assert send(port, body, id="msg_1") == 204
        assert send(port, body, id="msg_1") == 204, "again, and nothing happens twice"
        assert send(port, body.replace("c-1", "c-2"), id="msg_2", signed=body) == 401
        assert send(port, body, id="msg_3", age=600) == 401
        assert send(port, body.replace("c-1", "c-3"), id="msg_4") == 204
        time.sleep(0.2)
        process.kill()
        assert process.stdout is not None
        said = [line for line in process.stdout.read().splitlines() if line.startswith("claim.")]
    assert said == ["claim.verdict_corrected c-1 2", "claim.verdict_corrected c-3 2"]


def _check_in_the_shell(example: Runs, body: str) -> None:
    (example.folder / "body").write_text(body)
    now = timezone.now()
    signature = Webhook(SECRET).sign("msg_1", now, body)
    facts = {"WEBHOOK_SECRET": SECRET, "BODY": "body", "ID": "msg_1", "TIMESTAMP": str(int(now.timestamp()))}
    assert example.run("webhook", **facts, SIGNATURE=f"v1,other {signature}") == "genuine\n"
    for wrong in ({"ID": "msg_2"}, {"TIMESTAMP": str(int(now.timestamp()) - 600)}):
        with pytest.raises(AssertionError, match=r"not from us|too old"):
            example.run("webhook", **{**facts, "SIGNATURE": signature, **wrong})


def send(port: int, body: str, *, id: str, signed: str = "", age: int = 0) -> int:
    at = timezone.now() - timedelta(seconds=age)
    headers = {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(id, at, signed or body),
    }
    return httpx.post(f"http://127.0.0.1:{port}/", content=body.encode(), headers=headers).status_code


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the receiver did not start")


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


def test_the_search_of_google_finds_ours(example: Runs) -> None:
    url = publish().snapshot["url"]
    said = example.run("search")
    if example.suffix == "sh":
        assert json.loads(said)["claims"][0]["claimReview"][0]["url"] == url
    else:
        assert said == f"False: The council built 900 homes ({url})\n"


def test_every_example_is_run_here_and_shown_on_the_page() -> None:
    page = Client().get("/api/docs/").content.decode()
    named = {section.example for section in SECTIONS if section.example}
    assert {path.stem for path in EXAMPLES.iterdir() if path.is_file()} == named
    run_here = set(re.findall(r'example\.(?:run|running)\("(\w+)"', Path(__file__).read_text()))
    assert run_here == named
    for section in SECTIONS:
        assert f'id="{section.slug}"' in page
        for example in section.examples:
            shown = example.code.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            assert shown.replace('"', "&quot;").replace("'", "&#x27;") in page, (section.slug, example.suffix)


def test_the_guide_holds_nothing_inline() -> None:
    page = Client().get("/api/docs/")
    html = page.content.decode()
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "<style" not in html and not re.search(r"\son\w+=|\sstyle=", html)
    assert not any(content.strip() for content in re.findall(r"<script[^>]*>([^<]*)</script>", html))
