"""The walk: ingest, claims, task, verdict, second approval, publication, public page, API, webhook,
ledger."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from django.core.management import call_command

from claims.models import Claim
from claims.samples import load_samples
from claimtracker.embedded.supervisor import Supervisor
from claimtracker.ledger.sealing import seal_entries
from claimtracker.ledger.verifying import verify
from claimtracker.partners.endpoints import create_endpoint
from claimtracker.partners.keys import issue_key
from claimtracker.partners.models import Partner, Scope
from claimtracker.web.demo import newsroom, parts
from reviews.models import Publication, ReviewTask, Verdict

from .browser import Person
from .failure import Failed
from .receiver import Receiver

SAMPLE = "paris-coalition-talks"


@dataclass
class Setting:
    """Where the walk takes place."""

    base: str
    api: httpx.Client
    receiver: Receiver


@contextmanager
def step(name: str) -> Iterator[None]:
    """One line with its time when the step is done."""
    started = time.perf_counter()
    yield
    sys.stdout.write(f"ok {time.perf_counter() - started:6.2f} s  {name}\n")
    sys.stdout.flush()


def until(condition: Callable[[], Any], *, what: str, seconds: float = 60) -> Any:
    """The first true value of ``condition``. Raises Failed when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise Failed(f"{what} did not happen within {seconds:.0f} s")


def walk(*, web_port: int, receiver_port: int) -> None:
    """Every step once. Raises Failed at the first that does not do what it must."""
    base = f"http://127.0.0.1:{web_port}"
    with Receiver(receiver_port) as receiver, Supervisor(report=_quiet) as supervisor:
        with step("services are up, tables made, newsroom set up"):
            call_command("migrate", verbosity=0)
            newsroom.set_up_newsroom()
            key = _make_partner(receiver, receiver_port)
        with step("web, worker and beat answer"):
            parts.add_web(supervisor, web_port)
            parts.add_workers(supervisor, web_port)
            parts.add_beat(supervisor, web_port)
            until(lambda: _answers(f"{base}/fact-checks/"), what="the web server's first answer")
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=f"{base}/api/v1/", headers=headers, timeout=30, trust_env=False) as api:
            setting = Setting(base, api, receiver)
            claim = _from_article_to_claim(setting)
            publication = _from_task_to_publication(setting, claim)
            _outside(setting, publication)


def _from_article_to_claim(setting: Setting) -> Claim:
    sample = next(sample for sample in load_samples() if sample.slug == SAMPLE)
    with step("an article comes in over the API"):
        answer = setting.api.post(
            "articles", json={"title": sample.title, "body": sample.body, "external_id": "smoke-1"}
        )
        article = _json(answer, 201)["id"]
        again = setting.api.post(
            "articles", json={"title": sample.title, "body": sample.body, "external_id": "smoke-1"}
        )
        if _json(again, 200)["id"] != article:
            raise Failed("the same article again became another one")
    with step("the worker finds its claims"):
        found = until(lambda: _extracted(setting, article), what="extraction")
        body = found["body"]
        wrong = [item for item in found["claims"] if body[item["start"] : item["end"]] != item["quote"]]
        if wrong or not found["claims"]:
            raise Failed(f"{len(found['claims'])} claims, {len(wrong)} of them not quoting the text")
    with step("the strongest claim is routed to a desk"):
        claim = Claim.objects.filter(appearances__version__article__public_id=article).order_by(
            "-score", "id"
        )[0]
        task = until(lambda: ReviewTask.objects.filter(claim=claim).first(), what="routing")
        if not task.why:
            raise Failed("the task does not say why it is here")
    return claim


def _from_task_to_publication(setting: Setting, claim: Claim) -> Publication:
    password = newsroom.PASSWORD
    with Person(setting.base, "checker@demo.example", password) as checker:
        with step("a checker takes the task"):
            task = ReviewTask.objects.get(claim=claim)
            checker.read("/queue/")
            checker.send(f"/review-tasks/{task.pk}/take/")
            task.refresh_from_db()
            if task.state != "taken":
                raise Failed(f"the task is {task.state}")
        with step("two sources and a verdict are proposed"):
            _propose(checker, claim)
    with Person(setting.base, "editor@demo.example", password) as editor:
        with step("a second person approves"):
            verdict = Verdict.objects.get(claim=claim)
            editor.send(f"/claims/{claim.pk}/verdict/approve/", revision=str(verdict.revision))
            verdict.refresh_from_db()
            if verdict.state != "approved" or verdict.approver_id == verdict.author_id:
                raise Failed(f"the verdict is {verdict.state}")
        with step("it is published"):
            editor.send(f"/claims/{claim.pk}/verdict/publish/")
            publication = Publication.objects.filter(claim=claim).first()
            if publication is None:
                raise Failed("there is no publication")
    return publication


def _propose(checker: Person, claim: Claim) -> None:
    for number, stance in enumerate(("refutes", "context"), 1):
        checker.send(
            f"/claims/{claim.pk}/evidence/",
            url=f"https://records.example/{number}",
            title=f"Record {number}",
            publisher=f"Records Office {number}",
            source_kind="primary",
            stance=stance,
            quotation="As recorded.",
        )
    checker.send(
        f"/claims/{claim.pk}/verdict/",
        rating="half-true",
        summary="The records show part of it.",
        rationale="The first record contradicts the number, the second explains where it comes from.",
    )
    if not Verdict.objects.filter(claim=claim, state="submitted").exists():
        raise Failed("the verdict was not proposed")


def _outside(setting: Setting, publication: Publication) -> None:
    with step("the public page and its ClaimReview are read"):
        page = httpx.get(f"{setting.base}/fact-checks/{publication.slug}/", timeout=30, trust_env=False)
        if page.status_code != 200 or "Half true" not in page.text:
            raise Failed(f"the public page answered {page.status_code}")
        document = _json(httpx.get(f"{page.url}claim-review.json", timeout=30, trust_env=False), 200)
        if document["@type"] != "ClaimReview" or document["reviewRating"]["alternateName"] != "Half true":
            raise Failed(f"not the ClaimReview that was expected: {document}")
    with step("the API gives the publication"):
        item = _json(setting.api.get(f"publications/{publication.public_id}"), 200)
        if str(publication.public_id) not in str(item):
            raise Failed(f"not the publication that was asked for: {item}")
    with step("the webhook arrives, signed"):
        if not setting.receiver.arrived.wait(60):
            raise Failed(f"no signed webhook; {setting.receiver.refused} refused")
        event = setting.receiver.verified[0]
        if event["type"] != "claim.verdict_published" or event["data"]["publication"] != str(
            publication.public_id
        ):
            raise Failed(f"not the event that was expected: {event}")
    with step("the ledger is sealed and holds"):
        seal_entries()
        if faults := [fault.what for fault in verify()]:
            raise Failed(f"the ledger does not hold: {faults[:3]}")


def _make_partner(receiver: Receiver, receiver_port: int) -> str:
    partner = Partner.objects.create(slug="smoke", name="Smoke Partner", is_trusted=True)
    endpoint = create_endpoint(partner, url=f"http://127.0.0.1:{receiver_port}/hook", by="system")
    receiver.secret = endpoint.secret
    _key, plain = issue_key(partner, label="smoke", scopes=[Scope.SUBMIT, Scope.READ], by="system")
    return plain


def _extracted(setting: Setting, article: str) -> dict[str, Any] | None:
    found = _json(setting.api.get(f"articles/{article}"), 200)
    if found["extraction"]["state"] == "refused":
        raise Failed(f"extraction was refused: {found['extraction']['message']}")
    return found if found["extraction"]["state"] == "extracted" else None


def _json(answer: httpx.Response, status: int) -> Any:
    if answer.status_code != status:
        raise Failed(
            f"{answer.request.method} {answer.request.url.path} answered {answer.status_code}: "
            f"{answer.text[:600]}"
        )
    return answer.json()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def _quiet(_line: str) -> None:
    """Restarts are the supervisor's matter; a step that fails shows the logs."""
