"""A sandbox can try everything, and nobody else sees a word of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.actions.copies import fingerprint_some
from claims.actions.extraction import analyse_version, record_extraction
from claims.actions.sandbox import erase_old_sandboxes
from claims.models import Appearance, Article, ArticleVersion, Claim, Claimant, ClaimMatch, MatchEntry
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.models import Partner
from reviews.models import ReviewTask
from tests import factories
from tests.support.newsroom import PAGES, Newsroom
from tests.support.owner import owner_connection

from .conftest import Asker, assert_problem

MARK = "Zorbleston"
STORY = (
    f"{MARK} spent 14 million on its harbour last year, said the mayor, Quillon Vantreese.\n\n"
    f"Unemployment in {MARK} fell to 3.2 percent in May, according to the Office for {MARK} Statistics.\n"
)
WORDS = (MARK, "Vantreese")


@pytest.fixture
def asker(db: None) -> Asker:
    return Asker(factories.make_partner("tryout", name="Try Out", is_sandbox=True, is_trusted=False))


def read_all(article: Article) -> None:
    """As the job does that extracts claims."""
    for version in article.versions.select_related("article__desk").order_by("number"):
        analysis = analyse_version(version)
        with transaction.atomic():
            record_extraction(version, analysis=analysis)


def send(asker: Asker, body: str = STORY, **fields: Any) -> Article:
    answer = asker.post("articles", {"body": body, "external_id": "one", **fields})
    assert answer.status_code in (200, 201), answer.content
    article = Article.everything.get(public_id=answer.json()["id"])
    read_all(article)
    return article


def test_its_articles_are_read_at_once_and_it_follows_its_claims(asker: Asker) -> None:
    article = send(asker)
    assert Job.objects.filter(kind="claims.extract_article").exists(), "nobody has to accept it"
    read = asker.get(f"articles/{article.public_id}").json()
    assert read["state"] == "accepted"
    assert read["extraction"]["state"] == "extracted"
    assert len(read["claims"]) >= 2
    listed = asker.get("claims").json()["results"]
    assert {row["id"] for row in listed} == {row["id"] for row in read["claims"]}
    assert "Quillon Vantreese" in {row["claimant"] for row in listed}
    claim = listed[0]["id"]
    assert asker.get(f"claims/{claim}").json()["review"]["status"] == "waiting"
    annotations = asker.get(f"articles/{article.public_id}/annotations").json()
    assert MARK in str(annotations)
    stranger = Asker(factories.make_partner("stranger"))
    assert_problem(stranger.get(f"claims/{claim}"), 404)
    assert_problem(stranger.get(f"articles/{article.public_id}"), 404)


def test_what_is_public_it_reads_like_anybody(asker: Asker) -> None:
    publication = factories.make_publication()
    assert asker.get("publications").json()["results"][0]["id"] == str(publication.public_id)


def test_a_next_version_keeps_the_ids_of_what_it_says_again(asker: Asker) -> None:
    article = send(asker)
    before = {row["text"]: row["id"] for row in asker.get(f"articles/{article.public_id}").json()["claims"]}
    send(asker, STORY + f"\nThe {MARK} council will meet 12 more times before June, it said.\n")
    read = asker.get(f"articles/{article.public_id}").json()
    assert read["version"] == 2
    after = {row["text"]: row["id"] for row in read["claims"]}
    assert before.items() <= after.items()


def test_it_starts_nothing_and_joins_nothing(asker: Asker) -> None:
    ours = factories.make_article(STORY)
    read_all(ours)
    events, tasks = OutboxEvent.objects.count(), ReviewTask.objects.count()
    places, entries = Appearance.objects.count(), MatchEntry.objects.count()
    claims, claimants = Claim.objects.count(), Claimant.objects.count()
    article = send(asker)
    send(asker, STORY + "\nMore than 40 people came, the police said.\n")
    assert (OutboxEvent.objects.count(), ReviewTask.objects.count()) == (events, tasks)
    assert (MatchEntry.objects.count(), ClaimMatch.objects.count()) == (entries, 0)
    assert (Claim.objects.count(), Claimant.objects.count()) == (claims, claimants)
    theirs = Appearance.objects.filter(version__article=article)
    assert theirs.count() + places == Appearance.objects.count()
    assert not theirs.filter(claim__is_sandbox=False).exists()
    assert fingerprint_some() == 0
    assert not ArticleVersion.objects.read_before("another extractor").filter(article=article).exists()
    copy = factories.make_article(STORY, origin="desk:other")
    read_all(copy)
    assert not Appearance.objects.filter(version__article=copy, claim__is_sandbox=True).exists()


@pytest.mark.timeout(400)
def test_no_page_of_the_newsroom_or_the_public_has_a_word_of_it(
    asker: Asker, settings: Any, tmp_path: Any
) -> None:
    settings.SNAPSHOT_DIR = str(tmp_path)
    room = Newsroom()
    room.grow(1)  # pages of partners and keys need one
    Partner.objects.filter(pk=asker.partner.pk).update(desk=room.desk)
    asker.partner.refresh_from_db()
    article = send(asker, title=f"{MARK} in numbers")
    assert article.desk == room.desk
    clients = {who: Client() for who in {page.who for page in PAGES}}
    for who, client in clients.items():
        if who:
            client.force_login(room.person(who), backend="django.contrib.auth.backends.ModelBackend")
    found = [
        page.name
        for page in PAGES
        if any(word in clients[page.who].get(page.address(room)).content.decode() for word in WORDS)
    ]
    assert found == []


def test_nor_has_the_administration_or_a_search(asker: Asker) -> None:
    article = send(asker, title=f"{MARK} in numbers")
    claim = Claim.everything.filter(is_sandbox=True)[0]
    client = Client()
    person = factories.make_user(Role.MODERATOR)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    asked = MARK.lower()  # the page repeats what was asked
    pages = [f"{reverse(name)}?q={asked}" for name in ("web:search", "web:palette", "reviews:public_index")]
    for model in apps.get_models():
        if admin.site.is_registered(model):
            address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            pages.append(address)
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert not [word for word in WORDS if word in answer.content.decode()], page
    version = article.versions.get()
    for name, pk in (
        ("admin:claims_article_change", article.pk),
        ("admin:claims_claim_change", claim.pk),
        ("admin:claims_articleversion_change", version.pk),
        ("web:article_detail", article.pk),
    ):
        assert MARK not in client.get(reverse(name, args=[pk]), follow=True).content.decode(), name


@pytest.mark.parametrize("row", ["task", "entry", "place", "their place"])
def test_the_database_keeps_both_sides_apart(asker: Asker, row: str) -> None:
    article = send(asker)
    theirs = Claim.everything.filter(is_sandbox=True)[0]
    ours = factories.make_claim()
    desk = factories.make_desk()
    with pytest.raises(IntegrityError, match="sandbox"), transaction.atomic():
        match row:
            case "task":
                ReviewTask.objects.create(
                    claim=theirs, kind="research", desk=desk, why="So.", due_at=timezone.now()
                )
            case "entry":
                MatchEntry.objects.create(claim=theirs)
            case "place":
                factories.make_appearance(ours, article.versions.get(), 0, 5)
            case "their place":
                factories.make_appearance(theirs, ours.appearances.get().version, 0, 3)


def test_after_some_days_it_is_erased_and_nothing_else_is(asker: Asker, settings: Any) -> None:
    ours = factories.make_claim()
    old = send(asker)
    send(asker, STORY + "\nMore than 40 people came, the police said.\n")
    new = send(asker, "The bridge cost 9 million, Quillon Vantreese said.\n", external_id="two")
    assert erase_old_sandboxes() == 0
    days = settings.SANDBOX_DAYS
    Article.everything.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=days, minutes=1))
    long_ago = timezone.now() - timedelta(days=900)
    Article.everything.filter(pk=ours.appearances.get().version.article_id).update(created_at=long_ago)
    assert erase_old_sandboxes() == 1
    assert erase_old_sandboxes() == 0
    assert_problem(asker.get(f"articles/{old.public_id}"), 404)
    assert [row["id"] for row in asker.get("articles").json()["results"]] == [str(new.public_id)]
    assert not ArticleVersion.objects.filter(article=old.pk).exists()
    assert Claim.objects.get() == ours
    assert {claim.appearances.get().version.article for claim in Claim.everything.exclude(pk=ours.pk)} == {
        new
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claims_claim WHERE text LIKE %s", [f"%Unemployment in {MARK}%"])
        assert cursor.fetchone()[0] == 0
    assert asker.post("articles", {"body": STORY, "external_id": "one"}).status_code == 201


def make_old(*articles: Article, settings: Any) -> None:
    long_ago = timezone.now() - timedelta(days=settings.SANDBOX_DAYS + 1)
    Article.everything.filter(pk__in=[article.pk for article in articles]).update(created_at=long_ago)


def test_a_claimant_goes_with_the_last_claim_and_no_other_does(asker: Asker, settings: Any) -> None:
    """The mayor is named in both texts; another sandbox just noted somebody whose claims follow."""
    old = send(asker)
    send(asker, "The bridge cost 9 million, said the mayor, Quillon Vantreese.\n", external_id="two")
    names = {claim.claimant.name for claim in Claim.everything.exclude(claimant=None) if claim.claimant}
    assert names == {"Quillon Vantreese", f"the Office for {MARK} Statistics"}
    Claimant.everything.create(name="Tilda Brandt", is_sandbox=True)
    Claimant.objects.create(name="Quillon Vantreese")
    make_old(old, settings=settings)
    assert erase_old_sandboxes() == 1
    left = set(Claimant.everything.values_list("name", "is_sandbox"))
    assert left == {("Quillon Vantreese", True), ("Tilda Brandt", True), ("Quillon Vantreese", False)}
    long_ago = timezone.now() - timedelta(days=settings.SANDBOX_DAYS + 1)
    Claimant.everything.update(created_at=long_ago)
    erase_old_sandboxes()
    left = set(Claimant.everything.values_list("name", "is_sandbox"))
    assert left == {("Quillon Vantreese", True), ("Quillon Vantreese", False)}, (
        "whom nothing names, after days"
    )


def test_what_cannot_go_keeps_nothing_else(asker: Asker, settings: Any) -> None:
    stuck = send(asker)
    other = send(asker, "The bridge cost 9 million, Tilda Brandt said.\n", external_id="two")
    new = send(asker, "The tunnel cost 8 million, Tilda Brandt said.\n", external_id="three")
    first = Claim.everything.filter(appearances__version__article=stuck)[0]
    held_by = Claim.everything.filter(appearances__version__article=new)
    held_by.update(canonical=first)
    make_old(stuck, other, settings=settings)
    assert erase_old_sandboxes(limit=1) == 1
    assert set(Article.everything.all()) == {stuck, new}
    assert Appearance.objects.filter(version__article=stuck).exists(), "all of it or nothing"
    held_by.update(canonical=None)
    assert erase_old_sandboxes() == 1
    assert Article.everything.get() == new


def test_what_erases_a_sandbox_cannot_erase_the_newsroom(db: None) -> None:
    version = factories.make_article().versions.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_sandbox_versions(%s)", [version.article_id])
    assert ArticleVersion.objects.filter(pk=version.pk).exists()
    with pytest.raises(Exception, match=r"Cannot update of|permission denied"), transaction.atomic():
        Article.objects.filter(pk=version.article_id).update(is_sandbox=True)


@pytest.mark.django_db(transaction=True)
def test_even_the_owner_cannot_remove_a_version_of_the_newsroom() -> None:
    version = factories.make_article().versions.get()
    name = connection.settings_dict["NAME"]
    with owner_connection(dbname=name) as owner, pytest.raises(Exception, match="Cannot update or delete"):
        owner.execute("DELETE FROM claims_articleversion WHERE id = %s", [version.pk])
