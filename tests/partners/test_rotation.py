"""A key's successor: the same rights, both for a while, and the way back when its text was lost."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.keys import mark_used, revoke_key, rotate_key, unusable_because
from claimtracker.partners.models import ApiKey, KeyNotice, Scope
from tests.factories import make_key, make_partner

pytestmark = pytest.mark.django_db


def test_both_work_until_the_old_one_ends() -> None:
    old, _plain = make_key(scopes=[Scope.READ], label="story desk")
    new, _plain = rotate_key(old, by="system")
    old.refresh_from_db()
    assert (new.label, new.scopes, new.partner, new.replaces) == ("story desk", ["read"], old.partner, old)
    assert not unusable_because(old)
    assert not unusable_because(new)
    assert old.expires_at is not None
    assert abs(old.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert new.expires_at is None
    assert AuditEntry.objects.about(old)[0].verb == "api_key.rotated"


def test_at_once_is_at_once() -> None:
    old, _plain = make_key()
    rotate_key(old, overlap=timedelta(0), by="system")
    old.refresh_from_db()
    assert "revoked" in unusable_because(old)


def test_a_lifetime_is_counted_anew_and_an_overlap_never_prolongs() -> None:
    ends = timezone.now() + timedelta(days=3)
    old, _plain = make_key(expires_at=ends)
    ApiKey.objects.filter(pk=old.pk).update(created_at=ends - timedelta(days=90))
    new, _plain = rotate_key(old, by="system")
    old.refresh_from_db()
    assert old.expires_at == ends
    assert new.expires_at is not None
    assert abs(new.expires_at - timezone.now() - timedelta(days=90)) < timedelta(minutes=1)
    again, _plain = rotate_key(old, by="system")
    assert again.expires_at is not None
    assert abs(again.expires_at - new.expires_at) < timedelta(minutes=1)


def test_a_successor_whose_text_was_lost_gives_way_to_another() -> None:
    old, _plain = make_key()
    lost, _plain = rotate_key(old, by="system")
    new, _plain = rotate_key(old, by="system")
    lost.refresh_from_db()
    assert "revoked" in unusable_because(lost)
    assert (lost.replaces, new.replaces) == (None, old)
    mark_used(new)
    with pytest.raises(ActionRefused, match=new.prefix) as refusal:
        rotate_key(old, by="system")
    assert refusal.value.code == "already_rotated"
    assert KeyNotice.objects.filter(kind="rotated").count() == 1, "one mail, however often it is asked"


@pytest.mark.parametrize("days", [-1, 31])
def test_an_overlap_has_its_bounds(days: int) -> None:
    key, _plain = make_key()
    with pytest.raises(ActionRefused) as refusal:
        rotate_key(key, overlap=timedelta(days=days), by="system")
    assert refusal.value.field == "overlap"


def test_a_key_that_opens_nothing_is_not_rotated() -> None:
    revoked, _plain = make_key()
    revoke_key(revoked, by="system")
    switched_off, _plain = make_key(make_partner(is_active=False))
    for key in (revoked, switched_off):
        with pytest.raises(ActionRefused):
            rotate_key(key, by="system")
    assert not ApiKey.objects.filter(replaces__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_rotated_at_once_by_two_there_is_one_successor() -> None:
    old, _plain = make_key()
    together, refused = threading.Barrier(4), []

    def rotate() -> None:
        together.wait()
        try:
            rotate_key(old, by="system")
        except ActionRefused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=rotate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused
    assert ApiKey.objects.usable().exclude(pk=old.pk).count() == 1
    assert ApiKey.objects.filter(replaces=old).count() == 1
