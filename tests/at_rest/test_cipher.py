"""What is stored in the place of a confidential value, and what is refused of it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from claimtracker.kernel.at_rest import cipher, keys
from claimtracker.kernel.at_rest.cipher import Altered, LostKey
from claimtracker.partners.models import WebhookEndpoint
from reviews.models import ComplaintWords

PLACE, OTHER = "wire.Letter.text", "wire.Letter.name"
WORDS = "Meet me at the harbour, 7 pm. – Zoë"
NEW, OLD = "n" * 20 + "0123456789abcdef", "o" * 20 + "0123456789abcdef"


@pytest.fixture(autouse=True)
def one_key(settings: object) -> None:
    settings.FIELD_KEY, settings.FIELD_KEYS_BEFORE = NEW, []  # type: ignore[attr-defined]  # pytest-django's


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_read_is_what_was_written(text: str) -> None:
    stored = cipher.encrypt(text, PLACE)
    assert cipher.decrypt(stored, PLACE) == text
    assert not text or stored.startswith(cipher.head())
    assert len(text) < 4 or text not in stored


@given(st.binary())
def test_the_same_of_bytes(value: bytes) -> None:
    assert cipher.decrypt_bytes(cipher.encrypt_bytes(value, PLACE), PLACE) == value


def test_the_same_words_never_look_the_same() -> None:
    assert cipher.encrypt(WORDS, PLACE) != cipher.encrypt(WORDS, PLACE)


def test_words_that_look_like_ciphertext_are_words() -> None:
    typed = cipher.encrypt(WORDS, PLACE)
    assert cipher.decrypt(cipher.encrypt(typed, PLACE), PLACE) == typed


def test_what_was_written_before_is_read() -> None:
    assert cipher.decrypt(WORDS, PLACE) == WORDS


def test_each_changed_character_is_noticed() -> None:
    stored = cipher.encrypt(WORDS, PLACE)
    for at in range(cipher.HEAD_LENGTH, len(stored)):
        changed = stored[:at] + ("A" if stored[at] != "A" else "B") + stored[at + 1 :]
        with pytest.raises(Altered, match="holds a value that was changed"):
            cipher.decrypt(changed, PLACE)


@pytest.mark.parametrize("cut", [6, 14, 20, 33, -1])
def test_a_cut_value_is_noticed(cut: int) -> None:
    with pytest.raises(Altered):
        cipher.decrypt(cipher.encrypt(WORDS, PLACE)[:cut], PLACE)


def test_a_value_of_another_column_is_refused() -> None:
    with pytest.raises(Altered, match="moved there from another column"):
        cipher.decrypt(cipher.encrypt(WORDS, OTHER), PLACE)


def test_a_former_key_reads_and_never_writes(settings: object) -> None:
    settings.FIELD_KEY = OLD  # type: ignore[attr-defined]  # pytest-django's
    stored = cipher.encrypt(WORDS, PLACE)
    settings.FIELD_KEY, settings.FIELD_KEYS_BEFORE = NEW, [OLD]  # type: ignore[attr-defined]  # the same
    assert cipher.decrypt(stored, PLACE) == WORDS
    assert stored[: cipher.HEAD_LENGTH] != cipher.encrypt(WORDS, PLACE)[: cipher.HEAD_LENGTH]


def test_a_lost_key_names_the_setting_and_not_the_value(settings: object) -> None:
    stored = cipher.encrypt(WORDS, PLACE)
    settings.FIELD_KEY = OLD  # type: ignore[attr-defined]  # pytest-django's
    with pytest.raises(LostKey, match="Put that key back into FIELD_KEYS_BEFORE") as lost:
        cipher.decrypt(stored, PLACE)
    assert WORDS not in str(lost.value)
    assert NEW not in str(lost.value)


def test_without_a_key_nothing_is_written(settings: object) -> None:
    settings.FIELD_KEY = ""  # type: ignore[attr-defined]  # pytest-django's
    with pytest.raises(ImproperlyConfigured, match="Set FIELD_KEY"):
        cipher.encrypt(WORDS, PLACE)


def test_the_id_of_a_key_and_its_parts_tell_nothing_of_each_other() -> None:
    key = keys.current()
    assert key.id not in NEW
    assert not key.index.hex().startswith(key.id)


@pytest.mark.parametrize("lookup", ["secret__icontains", "secret__startswith", "secret__in", "secret__gt"])
def test_nobody_looks_into_ciphertext(lookup: str) -> None:
    with pytest.raises(TypeError, match="encrypted at rest"):
        WebhookEndpoint.objects.filter(**{lookup: "x"})


def test_nobody_compares_with_ciphertext() -> None:
    with pytest.raises(TypeError, match="Keep a digest beside it"):
        str(WebhookEndpoint.objects.filter(secret="whsec_x").query)


@pytest.mark.django_db
def test_a_digest_is_of_capitals_or_not_and_of_former_keys(settings: object) -> None:
    field = ComplaintWords._meta.get_field("email_digest")
    before = field.digests(["Rita@Readers.example "])
    assert before == field.digests(["rita@readers.example"])
    assert before != ComplaintWords._meta.get_field("name_digest").digests(["rita@readers.example"])
    settings.FIELD_KEY, settings.FIELD_KEYS_BEFORE = OLD, [NEW]  # type: ignore[attr-defined]  # pytest-django's
    assert set(before) < set(field.digests(["rita@readers.example"]))
