"""Every confidential field: what is in its column, what is read of it, how its key is changed."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from io import StringIO
from typing import Any

import pgtrigger
import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from claimtracker.accounts.models import User
from claimtracker.embedded import database_url, wheels
from claimtracker.embedded.accounts import service_account
from claimtracker.jobs.tasks import reencrypt_fields
from claimtracker.kernel.at_rest import cipher
from claimtracker.kernel.at_rest.cipher import Altered, LostKey
from claimtracker.kernel.at_rest.fields import AtRest, EncryptedBinaryField, EncryptedJSONField
from claimtracker.kernel.at_rest.rotating import places
from claimtracker.ledger.verifying import verify
from claimtracker.partners.models import WebhookEndpoint
from reviews.models import Complaint, ComplaintWords
from tests import factories

from .planting import (
    FIELDS,
    IN_PLAIN,
    SOURCE_WORDS,
    name_of,
    plant_everywhere,
    plant_second_factor,
    raw,
    stored,
    value_of,
    word_of,
)

NEW = "n" * 20 + "0123456789abcdef"
each_field = pytest.mark.parametrize("field", FIELDS, ids=name_of)


@pytest.fixture
def everything(db: None) -> None:
    plant_everywhere()


def newest(field: AtRest) -> int:
    return field.model._base_manager.order_by("-pk").values_list("pk", flat=True)[0]


def write_raw(field: AtRest, pk: int, value: Any) -> None:
    meta = field.model._meta
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" SET "{field.column}" = %s WHERE "{meta.pk.column}" = %s', [value, pk]
        )


def read(field: AtRest, pk: int) -> Any:
    return field.model._base_manager.values_list(field.name, flat=True).get(pk=pk)


def rotate(**options: Any) -> str:
    told = StringIO()
    call_command("rotate_field_keys", stdout=told, stderr=told, **options)
    return told.getvalue()


def change_key(settings: Any, *, keep: bool = True) -> None:
    settings.FIELD_KEY, settings.FIELD_KEYS_BEFORE = NEW, [settings.FIELD_KEY] if keep else []


def test_what_the_brief_of_the_product_names_is_encrypted() -> None:
    assert {
        "partners.WebhookEndpoint.secret",
        "partners.WebhookEndpoint.previous_secret",
        "partners.KeptAnswer.body",
        "reviews.ComplaintWords.text",
        "reviews.ComplaintWords.email",
        "ledger.AuditNote.text",
        "claims.Draft.body",
        "claims.RequestVote.text",
        "claims.RequestVote.note",
        "claims.RequestVote.url",
        "reviews.Comment.text",
        "reviews.ConflictOfInterest.reason",
        "reviews.Evidence.quotation",
        "reviews.Evidence.note",
        "reviews.Reply.text",
        "partners.Partner.contact_email",
        "partners.EndpointNotice.to",
    } <= {field.place for field in FIELDS}


def test_each_column_holds_ciphertext_and_each_attribute_the_word(everything: None) -> None:
    for field in FIELDS:
        pk = newest(field)
        assert word_of(field) not in stored(field, pk), field.place
        assert cipher.MARK in stored(field, pk)[:20], field.place
        value = read(field, pk)
        assert (bytes(value) if isinstance(value, memoryview) else value) == value_of(field), field.place


def test_a_dump_of_the_database_holds_none_of_the_words(transactional_db: None) -> None:
    plant_everywhere()
    plant_second_factor(User.objects.latest("pk"))
    program = wheels.postgres_bin(service_account()) / "pg_dump"
    address = database_url(name=connection.settings_dict["NAME"], role="owner")
    dump = subprocess.run([program, "--data-only", address], capture_output=True, check=True).stdout
    assert IN_PLAIN.encode() in dump, "the dump has the rows"
    words = [word_of(field) for field in FIELDS] + ["zq-totp-seed", "zq-recovery-seed", "zq-old-code"]
    words += [word.removeprefix("https://") for word in SOURCE_WORDS.values()]
    assert not [word for word in words if word.encode() in dump or word.encode().hex().encode() in dump]


def test_a_changed_value_is_told_from_what_we_wrote(everything: None) -> None:
    for field in FIELDS:
        if isinstance(field, EncryptedJSONField):
            continue
        pk = newest(field)
        text = stored(field, pk)
        last = "A" if text[-6] != "A" else "B"
        changed = text[:-6] + last + text[-5:]
        is_text = not isinstance(field, EncryptedBinaryField)
        write_raw(field, pk, changed if is_text else changed.encode("latin-1"))
        with pytest.raises(Altered, match=field.place):
            read(field, pk)


def test_a_value_of_another_column_is_refused(everything: None) -> None:
    endpoint = WebhookEndpoint.objects.get(pk=newest(WebhookEndpoint._meta.get_field("secret")))
    moved = raw(WebhookEndpoint, "secret", endpoint.pk)
    write_raw(WebhookEndpoint._meta.get_field("previous_secret"), endpoint.pk, moved)
    with pytest.raises(Altered, match="previous_secret"):
        endpoint.refresh_from_db()


def test_all_comes_under_a_new_key_and_the_old_one_can_go(everything: None, settings: Any) -> None:
    change_key(settings)
    told = rotate()
    for field in FIELDS:
        assert f"{field.place}: " in told
        assert cipher.head() in stored(field, newest(field)), field.place
    settings.FIELD_KEYS_BEFORE = []
    for field in FIELDS:
        assert read(field, newest(field)), field.place
    assert "written anew" not in rotate()


def test_what_was_there_before_fields_were_encrypted_is_encrypted(everything: None) -> None:
    for field in FIELDS:
        pk, value = newest(field), value_of(field)
        write_raw(field, pk, json.dumps(value) if isinstance(value, dict) else value)
        assert word_of(field) in stored(field, pk)
    rotate()
    for field in FIELDS:
        pk = newest(field)
        assert word_of(field) not in stored(field, pk), field.place
        value = read(field, pk)
        assert (bytes(value) if isinstance(value, memoryview) else value) == value_of(field)


def test_the_clock_does_the_same_and_may_do_it_twice(everything: None, settings: Any) -> None:
    change_key(settings)
    reencrypt_fields()
    before = [stored(field, newest(field)) for field in FIELDS]
    reencrypt_fields()
    assert [stored(field, newest(field)) for field in FIELDS] == before
    assert [place.left() for place in places()] == [0] * len(places())


def test_what_is_written_meanwhile_stays(db: None, settings: Any) -> None:
    endpoint = factories.make_endpoint()
    change_key(settings)
    place = next(one for one in places() if one.name == "partners.WebhookEndpoint.secret")
    [(pk, seen)] = place.batch(0)
    endpoint.secret = "whsec_newer"
    endpoint.save()
    assert place.rewrite(pk, seen) is False
    endpoint.refresh_from_db()
    assert endpoint.secret == "whsec_newer"


def test_a_stop_in_the_middle_loses_nothing(everything: None, settings: Any, monkeypatch: Any) -> None:
    change_key(settings)
    monkeypatch.setattr("claimtracker.jobs.tasks.SECONDS", 0.0)
    reencrypt_fields()
    left = json.loads(rotate_json(dry_run=True))
    assert sum(place["left"] for place in left["places"]) > 5
    assert "can be emptied" in rotate()


def rotate_json(**options: Any) -> str:
    told = StringIO()
    with suppress(CommandError):  # values are left, as the caller expects
        call_command("rotate_field_keys", json=True, stdout=told, **options)
    return told.getvalue()


def test_a_lost_key_is_named_and_the_rest_is_done(db: None, settings: Any) -> None:
    lost = factories.make_endpoint()
    change_key(settings, keep=False)
    fine = factories.make_endpoint(factories.make_partner(), url="https://receiver.example/other")
    with pytest.raises(LostKey, match="FIELD_KEYS_BEFORE"):
        lost.refresh_from_db()
    told = StringIO()
    with pytest.raises(CommandError, match="not under FIELD_KEY"):
        call_command("rotate_field_keys", stdout=told, stderr=told)
    assert "Put that key back into FIELD_KEYS_BEFORE" in told.getvalue()
    assert f"row {lost.pk}: partners.WebhookEndpoint.secret" in told.getvalue()
    fine.refresh_from_db()
    assert fine.secret.startswith("whsec_")


def complain() -> Complaint:
    return factories.make_complaint(factories.make_publication(), name="Rita", email="rita@reader.example")


def test_kept_words_change_their_key_and_nothing_else(db: None, settings: Any) -> None:
    complaint = complain()
    words = ComplaintWords.objects.get(complaint=complaint)
    with pytest.raises(ProgrammingError), transaction.atomic():
        ComplaintWords.objects.filter(pk=words.pk).update(text="It is all fine.")
    with pytest.raises(ProgrammingError), transaction.atomic():
        write_plainly(words, "It is all fine.")
    change_key(settings)
    rotate()
    words.refresh_from_db()
    assert (words.name, words.email) == ("Rita", "rita@reader.example")


def write_plainly(words: ComplaintWords, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_complaintwords SET text = %s WHERE id = %s", [text, words.pk])


def test_a_person_is_found_by_the_whole_address_also_while_the_key_changes(db: None, settings: Any) -> None:
    complaint = complain()
    found = ComplaintWords.objects.filter(email_digest__matches="RITA@reader.example")
    assert [one.complaint for one in found] == [complaint]
    assert not ComplaintWords.objects.filter(email_digest__matches="rita@reader").exists()
    change_key(settings)
    assert found.all().count() == 1
    rotate()
    settings.FIELD_KEYS_BEFORE = []
    assert found.all().count() == 1


def test_second_factors_are_stored_encrypted_and_go_on_working(db: None, settings: Any) -> None:
    totp, codes = plant_second_factor(factories.make_user())
    change_key(settings)
    assert "mfa.Authenticator.data: 2 written anew" in rotate()
    settings.FIELD_KEYS_BEFORE = []
    for row, words in ((totp, ["zq-totp-seed"]), (codes, ["zq-recovery-seed", "zq-old-code"])):
        row.refresh_from_db()
        column = raw(Authenticator, "data", row.pk)
        assert not [word for word in words if word in column]
    assert get_adapter().decrypt(totp.data["secret"]) == "zq-totp-seed"
    assert codes.data["used_mask"] == 3
    assert RecoveryCodes(codes).get_unused_codes() == ["zq-old-code"]


def test_the_ledger_holds_under_a_new_key_and_without_the_old_one(db: None, settings: Any) -> None:
    settings.LEDGER_HEAD_PATH = ""  # the file knows seals of other tests
    factories.make_retraction(factories.make_publication())
    change_key(settings)
    assert "ledger.AuditNote.text: " in rotate()
    settings.FIELD_KEYS_BEFORE = []
    assert not list(verify())


def test_words_under_a_lost_key_are_a_fault_that_names_the_setting(db: None, settings: Any) -> None:
    factories.make_retraction(factories.make_publication())
    change_key(settings, keep=False)
    assert "FIELD_KEYS_BEFORE" in next(verify()).what


def test_words_that_were_altered_are_a_fault_of_the_ledger_and_not_its_end(db: None) -> None:
    plant_note = FIELDS[[field.place for field in FIELDS].index("ledger.AuditNote.text")]
    factories.make_retraction(factories.make_publication())
    pk = newest(plant_note)
    text = stored(plant_note, pk)
    write_raw(plant_note, pk, text[:-8] + ("A" if text[-8] != "A" else "B") + text[-7:])
    assert [fault.entry for fault in verify() if "words" in fault.what] == [pk]
