"""A confidential source: encrypted as long as it is one, found again by its address, searched by who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claimtracker.accounts.models import Role, User
from claimtracker.kernel.at_rest import cipher
from claimtracker.kernel.at_rest.rotating import reencrypt
from claimtracker.kernel.at_rest.sometimes import fields_at_times
from claimtracker.kernel.errors import ActionRefused
from reviews.actions.sources import edit_source, name_source, protect_source
from reviews.models import Source
from tests import factories

from .planting import raw

pytestmark = pytest.mark.django_db

FACTS = {
    "url": "https://memo.example/Leak-7",
    "title": "Zanzibar memo",
    "publisher": "Ministry of Ferries",
    "citation": "Internal note 7 of May",
    "interest_note": "She works there.",
}
SECRET = {**FACTS, "is_confidential": True, "confidential_because": "Her employer would dismiss her."}
NEW = "n" * 20 + "0123456789abcdef"


@pytest.fixture
def lead() -> User:
    return factories.make_user(Role.LEAD)


@pytest.fixture
def secret(lead: User) -> Source:
    source: Source = factories.make_evidence(factories.make_claim(), lead, **SECRET).source
    return source


def columns(source: Source) -> dict[str, str]:
    return {field.name: raw(Source, field.column, source.pk) for field in fields_at_times(Source)}


def digest(source: Source) -> str:
    return raw(Source, "address_digest", source.pk)


def test_what_is_encrypted_is_what_is_withheld() -> None:
    assert {field.name for field in fields_at_times(Source)} == set(FACTS)


def test_no_column_of_it_says_anything(secret: Source) -> None:
    for name, stored in columns(secret).items():
        assert stored.startswith(cipher.MARK), name
        assert FACTS[name] not in stored
    assert raw(Source, "confidential_because", secret.pk).startswith(cipher.MARK)
    secret.refresh_from_db()
    assert {name: getattr(secret, name) for name in FACTS} == FACTS


def test_an_open_one_stands_in_plain_letters(lead: User) -> None:
    source = factories.make_evidence(factories.make_claim(), lead, **FACTS).source
    assert columns(source) == FACTS
    assert digest(source) == ""


def test_it_is_encrypted_from_the_moment_of_protection_to_that_of_naming(lead: User) -> None:
    source = factories.make_evidence(factories.make_claim(), lead, **FACTS).source
    source = protect_source(source, by=lead, because="She was threatened.")
    assert all(stored.startswith(cipher.MARK) for stored in columns(source).values())
    assert digest(source)
    source = edit_source(source, by=lead, title="Another memo", publisher="Ministry")
    assert columns(source)["title"].startswith(cipher.MARK)
    source = name_source(source, by=lead)
    assert columns(source) == {**FACTS, "title": "Another memo", "publisher": "Ministry"}
    assert digest(source) == ""


def test_no_update_goes_past_the_row(secret: Source) -> None:
    with pytest.raises(TypeError, match="save the row"):
        Source.objects.filter(pk=secret.pk).update(title="Zanzibar memo")


def test_an_open_title_that_looks_like_ciphertext_is_read_as_it_was_typed(lead: User) -> None:
    typed = cipher.encrypt("x", "reviews.Source.title")
    source = factories.make_evidence(factories.make_claim(), lead, **{**FACTS, "title": typed}).source
    source.refresh_from_db()
    assert source.title == typed


def test_it_is_cited_again_by_its_address_or_its_citation_also_while_the_key_changes(
    secret: Source, lead: User, settings: Any
) -> None:
    citation = {**SECRET, "url": "", "citation": "Talk of 7 May"}
    spoken = factories.make_evidence(factories.make_claim(), lead, **citation).source
    settings.FIELD_KEY, settings.FIELD_KEYS_BEFORE = NEW, [settings.FIELD_KEY]
    for facts, source in ((SECRET, secret), (citation, spoken)):
        again = factories.make_evidence(factories.make_claim(), lead, **facts)
        assert again.source == source
    with pytest.raises(ActionRefused) as refused:
        factories.make_evidence(factories.make_claim(), factories.make_user(), **SECRET)
    assert refused.value.code == "already_there"


def test_addresses_differ_by_capitals(secret: Source, lead: User) -> None:
    other = {**SECRET, "url": "https://memo.example/leak-7"}
    assert factories.make_evidence(factories.make_claim(), lead, **other).source != secret


def test_rows_from_before_are_found_at_once_and_encrypted_soon(secret: Source, lead: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reviews_source SET url = %s, title = %s, address_digest = '' WHERE id = %s",
            [FACTS["url"], FACTS["title"], secret.pk],
        )
    assert Source.objects.protected_at(FACTS["url"]).get() == secret
    assert sum(done.rewritten for done in reencrypt()) == 3
    assert columns(secret)["title"].startswith(cipher.MARK)
    assert digest(secret)
    assert Source.objects.protected_at([FACTS["url"]]).get() == secret


def test_a_source_that_was_named_meanwhile_is_not_encrypted(secret: Source, lead: User) -> None:
    from claimtracker.kernel.at_rest.rotating import places

    place = next(one for one in places() if one.name == "reviews.Source.title")
    name_source(secret, by=lead)
    assert place.rewrite(secret.pk, FACTS["title"]) is False
    assert columns(secret)["title"] == FACTS["title"]


def titles(client: Client, words: str, **more: str) -> str:
    return client.get("/search/", {"q": words, "kind": "sources", **more}).text


def test_words_find_it_for_who_may_see_it_with_the_hit_marked(
    client: Client, secret: Source, lead: User
) -> None:
    client.force_login(lead)
    assert '<mark class="hit">Zanzibar</mark> memo' in titles(client, "zanzibar")
    for words in ("ferry ministry", '"internal note"', "memo -bridge"):  # stems, a phrase, one without
        assert "memo" in titles(client, words), words
    assert cipher.MARK not in titles(client, "zanzibar")
    assert "No " in titles(client, "memo -zanzibar") or "memo</" not in titles(client, "memo -zanzibar")
    client.force_login(factories.make_user(Role.CHECKER))
    assert "Zanzibar</mark>" not in titles(client, "zanzibar")


def test_the_search_asks_as_often_for_many(client: Client, lead: User) -> None:
    client.force_login(lead)

    def asked(rows: int) -> int:
        for number in range(Source.objects.count(), rows):
            facts = {**SECRET, "url": f"https://memo.example/{number}"}
            factories.make_evidence(factories.make_claim(), lead, **facts)
        with CaptureQueriesContext(connection) as queries:
            assert "Zanzibar" in titles(client, "zanzibar")
        return len(queries)

    asked(1)
    assert asked(3) == asked(20)
