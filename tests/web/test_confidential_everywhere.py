"""A confidential source is nowhere but where named people look: every page, endpoint, file and table is
walked for its title, address and words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

from claimtracker.accounts.models import Role
from reviews.actions.carry_over import _link_evidence
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.snapshots import look_at
from reviews.actions.source_checks import record_look
from reviews.actions.sources import name_source, protect_source
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import ClaimRoute, Evidence, Publication, Source, SourceSnapshot
from reviews.selectors.cited import evidence_facts
from reviews.selectors.withholding import withhold
from tests import factories
from tests.support.cited_pages import cite, serve

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

MARK = "zqxsecret"  # in everything that nobody else may read
NAMED = "Openly cited table"
SECRET = {
    "title": f"{MARK} memo",
    "publisher": f"{MARK} clinic",
    "url": f"https://{MARK}.example/leak",
    "citation": f"{MARK} archive, box 3",
    "quotation": f"{MARK} said that they knew.",
    "note": f"{MARK} works there.",
    "interest_note": f"{MARK} may lose her job.",
    "is_confidential": True,
    "confidential_because": f"{MARK} would be dismissed.",
}
LISTS = ("/fact-checks/", "/corrections/", "/fact-checks/feed.atom", "/corrections/feed.atom", "/sitemap.xml")
SKIPPED = ("logout", "static", "__", "jsi18n")
# where the record itself stands, and what only who sees the source may read
RECORDS = {"Source", "Evidence", "SourceSnapshot", "SourceCheck", "QuotationCheck"}


@pytest.fixture
def newsroom(server) -> dict[str, Any]:
    """A check that is public and being looked at again, with open, confidential and protected sources."""
    author, editor = factories.make_user(name="Mara Okafor"), factories.make_user(Role.EDITOR)
    claim = factories.make_claim(article=factories.make_article(url="https://news.example/story"))
    task = factories.make_taken_task(author, claim)
    ClaimRoute.objects.get(claim=claim).topics.add(factories.make_topic("Roads"))
    factories.make_evidence(claim, author, title=NAMED)
    factories.make_evidence(claim, author)
    factories.make_evidence(claim, author, **SECRET)
    serve(server, f"{MARK} said that they knew.", path=f"/{MARK}")
    facts = {name: SECRET[name] for name in ("title", "publisher", "quotation", "note", "interest_note")}
    later = cite(server, author, f"/{MARK}", claim=claim, **facts)
    record_look(later.source, look=look_at(later.source))
    protect_source(later.source, by=author, because=str(SECRET["confidential_because"]))
    rating, why = factories.make_rating(), "The audited accounts list the spending line by line."
    verdict = submit_verdict(task, by=author, rating=rating, summary="A third of that.", rationale=why)
    publication = publish_verdict(approve_verdict(verdict, by=editor, revision=verdict.revision), by=editor)
    recheck = open_recheck(claim, by=editor, reason="A reader wrote.")
    return {
        "author": author, "editor": editor, "claim": claim, "publication": publication, "task": recheck,
        "verdict": verdict, "source": later.source, "article": claim.appearances.get().version.article,
        "snapshot": SourceSnapshot.objects.get(), "evidence": later,
    }  # fmt: skip


def patterns(resolver: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if not route.startswith("admin/"):
                yield from patterns(entry, route)
        elif not any(word in route for word in SKIPPED):
            yield route, entry


def addresses(room: dict[str, Any]) -> list[str]:
    """One address for each pattern of the site, about the newsroom's own objects."""
    found = []
    for route, entry in patterns(get_resolver()):
        path = route.replace("^", "").replace("$", "")
        for name, converter in entry.pattern.converters.items():
            value = _value(room, path, name, converter)
            path = path.replace(f"<{_kind(converter)}:{name}>", value).replace(f"<{name}>", value)
        if "<" not in path and "(" not in path:
            found.append(f"/{path}")
    return found


def _kind(converter: Any) -> str:
    kinds = {IntConverter: "int", SlugConverter: "slug", UUIDConverter: "uuid", StringConverter: "str"}
    return kinds.get(type(converter), "path")


def _value(room: dict[str, Any], path: str, name: str, converter: Any) -> str:
    if isinstance(converter, UUIDConverter):
        return str(
            room[
                "publication" if "publications" in path else "claim" if "claims" in path else "article"
            ].public_id
        )
    if isinstance(converter, SlugConverter):
        line = room["publication"].claim.public_check
        lists = {"claimants": line.claimant_slug, "topics": "roads"}
        return str(lists.get(path.lstrip("/").split("/")[0], line.slug))
    if not isinstance(converter, IntConverter):
        return "x"
    by_name = {"evidence_pk": "evidence"}.get(name)
    first = path.lstrip("/").split("/")[0]
    by_path = {
        "sources": "source",
        "snapshots": "snapshot",
        "articles": "article",
        "review-tasks": "task",
    }.get(first)
    return str(room[by_name or by_path or "claim"].pk)


def admin_addresses() -> list[str]:
    found = ["/admin/"]
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [base, f"{base}?q={MARK[:-2]}"]  # a search shows its own words
        found += [
            f"{base}{pk}/change/"
            for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True)[:6]
        ]
    return found


def walk(client: Client, paths: list[str]) -> tuple[dict[str, int], str]:
    """Status by path, and everything that was answered."""
    statuses, said = {}, []
    for path in paths:
        response = client.get(path)
        statuses[path] = response.status_code
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode(errors="replace") + json.dumps(dict(response.headers))
        assert MARK not in text.lower().replace(path.lower(), ""), f"{path} gives it away"
        said.append(text)
    return statuses, "\n".join(said)


def test_who_may_see_it_sees_it(client, newsroom):
    """The walk would find it: it stands on the pages of those who may."""
    for person in (newsroom["author"], newsroom["editor"]):
        client.force_login(person)
        page = client.get(f"/claims/{newsroom['claim'].pk}/").text
        assert page.count(f"{MARK} memo") >= 2
        assert f"{MARK} memo" in client.get(f"/sources/{newsroom['source'].pk}/").text
        assert MARK in client.get(f"/snapshots/{newsroom['snapshot'].pk}/").text


@pytest.mark.parametrize("who", ["colleague", "reporter", "other_desk", "moderator", "anonymous"])
def test_no_page_of_the_site_says_it_to_anybody_else(client, newsroom, who):
    people = {
        "colleague": lambda: factories.make_user(Role.CHECKER),
        "reporter": lambda: factories.make_user(Role.REPORTER),
        "other_desk": lambda: factories.make_user(Role.LEAD, factories.make_desk("sport")),
        "moderator": lambda: factories.make_user(Role.MODERATOR, is_staff=True, is_superuser=True),
        "anonymous": AnonymousUser,
    }
    user = people[who]()
    if who != "anonymous":
        client.force_login(user)
    paths = addresses(newsroom)
    assert {"/queue/", "/sources/", f"/claims/{newsroom['claim'].pk}/"} <= set(paths)
    assert f"/claims/{newsroom['claim'].pk}/appearances.csv" in paths
    statuses, said = walk(client, [*paths, *(admin_addresses() if who == "moderator" else [])])
    public = f"/fact-checks/{newsroom['publication'].slug}/"
    assert statuses[public] == 200 and NAMED in said, "the walk reads evidence"
    for path in (f"{public}embed/", "/fact-checks/feed.atom", "/topics/roads/feed.atom", "/topics/roads/"):
        assert statuses[path] == 200
    assert statuses[f"/claimants/{newsroom['claim'].public_check.claimant_slug}/"] == 200
    assert "A source that we do not name" in said
    for path in (f"/sources/{newsroom['source'].pk}/", f"/snapshots/{newsroom['snapshot'].pk}/page/"):
        assert statuses[path] == (302 if who == "anonymous" else 404)
    if who in {"colleague", "reporter", "moderator"}:
        assert statuses[f"/claims/{newsroom['claim'].pk}/"] == 200 and "A confidential source" in said


def test_no_endpoint_of_the_api_says_it(newsroom):
    _key, plain = factories.make_key(factories.make_partner())
    client = Client(headers={"Authorization": f"Bearer {plain}"})
    paths = [path for path in addresses(newsroom) if path.startswith("/api/")]
    statuses, said = walk(client, paths)
    one = f"/api/v1/publications/{newsroom['publication'].public_id}"
    assert statuses[one] == statuses[f"{one}/claim-review"] == 200
    facts = json.loads(client.get(one).content)["evidence"]
    assert [item["is_withheld"] for item in facts] == [False, False, True, True]
    assert NAMED in said


def test_what_is_published_holds_nothing_of_it(newsroom):
    publication: Publication = newsroom["publication"]
    assert MARK not in json.dumps([publication.snapshot, publication.claim_review]).lower()
    assert NAMED in json.dumps(publication.snapshot)
    withheld = [item for item in publication.snapshot["evidence"] if item["is_withheld"]]
    assert [item["archive"] for item in withheld] == [None, None], "a hash could tell which page it was"
    assert newsroom["snapshot"].page_id not in json.dumps(publication.snapshot)


def test_no_other_table_holds_it(newsroom):
    """Audit, events, jobs, notices, publications, the admin's log: only the record itself has its words."""
    assert sum(MARK in source.title for source in Source.objects.all()) == 2
    assert sum(MARK in evidence.quotation for evidence in Evidence.objects.all()) == 2
    for model in apps.get_models():
        if model.__name__ in RECORDS:
            continue
        rows = model._default_manager.values_list()
        assert MARK not in str(list(rows)).lower(), f"{model.__name__} holds it"


@pytest.fixture
def named_before(server) -> dict[str, Any]:
    """A check in two versions that named a source, which then became confidential."""
    claim = factories.make_claim(article=factories.make_article(url="https://news.example/story"))
    author, editor = factories.make_user(name="Mara Okafor"), factories.make_user(Role.EDITOR)
    task = factories.make_taken_task(author, claim)
    factories.make_evidence(claim, author, title=NAMED)
    open_facts = {name: text for name, text in SECRET.items() if not name.startswith(("is_", "conf"))}
    evidence = factories.make_evidence(claim, author, **open_facts)
    rating, why = factories.make_rating(), "The audited accounts list the spending line by line."
    verdict = submit_verdict(task, by=author, rating=rating, summary="A third of that.", rationale=why)
    first = publish_verdict(approve_verdict(verdict, by=editor, revision=verdict.revision), by=editor)
    second = factories.make_correction(first)
    assert MARK in json.dumps(first.snapshot) and MARK in json.dumps(second.snapshot)
    protect_source(evidence.source, by=author, because="She would be dismissed.")
    return {
        "author": author, "editor": editor, "claim": claim, "publication": second, "first": first,
        "verdict": verdict, "source": evidence.source, "article": claim.appearances.get().version.article,
        "snapshot": evidence.source, "evidence": evidence, "task": task,
    }  # fmt: skip


def versions_of(room: dict[str, Any]) -> list[str]:
    page = f"/fact-checks/{room['publication'].slug}/"
    return [page, f"{page}?version=1", f"{page}claim-review.json", *LISTS, f"{page}embed/"]


@pytest.mark.parametrize("who", ["moderator", "anonymous"])
def test_a_source_that_was_named_before_is_withheld_in_every_version(client, named_before, who):
    if who == "moderator":
        client.force_login(factories.make_user(Role.MODERATOR, is_staff=True, is_superuser=True))
    admin_pages = admin_addresses() if who == "moderator" else []
    _statuses, said = walk(client, [*addresses(named_before), *versions_of(named_before), *admin_pages])
    for page in versions_of(named_before)[:2]:
        text = client.get(page).text
        assert NAMED in text
        assert "A source that we do not name" in text
        assert "We withhold a source of this check that was named when it was published" in text
        assert "max-age=60" in client.get(page)["Cache-Control"]
    assert "A source that we do not name" in said


def test_partners_get_it_withheld_too_and_named_again_once_that_is_allowed(named_before):
    _key, plain = factories.make_key(factories.make_partner())
    api = Client(headers={"Authorization": f"Bearer {plain}"})
    one = f"/api/v1/publications/{named_before['first'].public_id}"
    walk(api, [path for path in addresses(named_before) if path.startswith("/api/")] + [one])
    assert [item["is_withheld"] for item in api.get(one).json()["evidence"]] == [False, True]
    name_source(named_before["source"], by=named_before["editor"])
    page = Client().get(versions_of(named_before)[0]).text
    assert f"{MARK} memo" in page
    assert "was named when it was published" not in page


def test_a_snapshot_from_before_sources_were_keyed_is_withheld_by_address():
    claim = factories.make_claim()
    evidence = factories.make_evidence(claim, factories.make_user(), url="https://a.example/x", title=MARK)
    elsewhere = factories.make_claim(article=factories.make_article(desk=factories.make_desk("sport")))
    item = {"stance": "context", "quotation": "", "note": "", "source": evidence_facts(evidence)["source"]}
    del item["source"]["id"]
    rows = [Publication(claim=one, snapshot={"evidence": [item]}) for one in (claim, elsewhere)]
    assert not any(row.is_withheld_since for row in withhold(rows))
    protect_source(evidence.source, by=evidence.added_by, because="She would be dismissed.")
    assert [row.is_withheld_since for row in withhold(rows)] == [True, False]
    assert MARK not in str(rows[0].snapshot)


def test_a_verdict_that_is_carried_over_brings_no_source_that_was_protected_since(named_before):
    publication, reader = named_before["publication"], factories.make_user(Role.CHECKER)
    other = factories.make_claim(text="Something like it.")
    _link_evidence(other, publication, reader)
    assert [item.source.title for item in Evidence.objects.filter(claim=other)] == [NAMED]
