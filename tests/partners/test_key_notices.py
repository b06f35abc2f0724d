"""Partners hear of a key's end before it, and of each rotation, by one mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from claimtracker import jobs
from claimtracker.jobs import runner
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners import key_notices
from claimtracker.partners.keys import revoke_key, rotate_key
from claimtracker.partners.models import ApiKey, KeyNotice, Partner
from tests.factories import make_key, make_partner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partner() -> Partner:
    return make_partner("wire", name="The Wire", contact_email="desk@wire.example")


def ending(partner: Partner, days: float) -> ApiKey:
    return make_key(partner, label="import", expires_at=timezone.now() + timedelta(days=days))[0]


def send_all() -> None:
    for notice in KeyNotice.objects.all():
        jobs.enqueue(key_notices.SEND, notice.pk)
    for job in Job.objects.open().filter(kind=key_notices.SEND):
        runner.run(job.pk)


def test_one_mail_for_each_key_that_ends_soon(partner: Partner) -> None:
    soon = ending(partner, 13)
    ending(partner, 15)
    make_key(partner)
    revoke_key(ending(partner, 3), by="system")
    rotated = ending(partner, 3)
    ApiKey.objects.filter(pk=rotated.pk).update(created_at=timezone.now() - timedelta(days=90))
    rotate_key(rotated, by="system")
    KeyNotice.objects.all().delete()
    ending(make_partner(is_active=False), 3)
    assert key_notices.warn_of_expiring() == 1
    assert key_notices.warn_of_expiring() == 0
    notice = KeyNotice.objects.get()
    assert (notice.key, notice.kind) == (soon, "expiring")
    assert Job.objects.filter(kind=key_notices.SEND, object_id=str(notice.pk)).exists()
    assert AuditEntry.objects.about(soon)[0].verb == "api_key.expiring"
    send_all()
    send_all()
    [letter] = mail.outbox
    assert letter.to == ["desk@wire.example"]
    assert "“import” ends soon" in letter.subject
    assert f"{soon.expires_at:%Y-%m-%d}" in letter.body
    assert soon.prefix in letter.body
    assert "/api/v1/key/rotation" in letter.body


def test_a_rotation_is_told_with_both_prefixes_and_no_secret(partner: Partner) -> None:
    old = ending(partner, 80)
    new, plain = rotate_key(old, by="system")
    send_all()
    [letter] = mail.outbox
    assert old.prefix in letter.body
    assert new.prefix in letter.body
    assert plain.rpartition("_")[2] not in letter.body


def test_nobody_to_tell_is_said_in_the_row(partner: Partner) -> None:
    Partner.objects.update(contact_email="")
    ending(partner, 3)
    key_notices.warn_of_expiring()
    send_all()
    assert not mail.outbox
    assert "no contact address" in KeyNotice.objects.get().error
