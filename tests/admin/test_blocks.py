"""Moderators block a domain, an address or a partner, and lift it again."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from claimtracker.intake.blocking import block_of_host, block_of_sender
from claimtracker.intake.models import Block, SpamPhrase
from claimtracker.intake.senders import email_digest
from claimtracker.ledger.models import AuditEntry
from tests.factories import make_partner

LIST, NEW = "admin:intake_block_changelist", "admin:intake_block_add"
ASKED = {"kind": "domain", "value": "hoax.example", "reason": "Hoaxes", "days": "7", "note": "Case 12."}


def test_a_domain_is_blocked_for_a_week_and_lifted(desk_of: Client) -> None:
    done = desk_of.post(reverse(NEW), ASKED, follow=True)
    assert "Blocked: hoax.example" in done.text
    row = Block.objects.get()
    assert row.expires_at is not None and (row.expires_at - row.created_at).days in {6, 7}
    page = desk_of.get(reverse("admin:intake_block_change", args=[row.pk])).text
    assert "Case 12." in page and "until" in page
    desk_of.post(reverse(LIST), {"action": "lift_selected", ACTION_CHECKBOX_NAME: [row.pk]})
    assert block_of_host("hoax.example") is None
    assert "hoax.example" in desk_of.get(reverse(LIST), {"standing": "no"}).text
    assert "Case 12." not in desk_of.get(reverse(LIST), {"standing": "yes"}).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"value": "example"}, "Write a domain such as example.org"),
        ({"kind": "email", "value": "zora"}, "Write the whole address"),
        ({"kind": "partner"}, "Select a valid choice"),
        ({"reason": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(desk_of: Client, wrong: dict[str, str], says: str) -> None:
    refused = desk_of.post(reverse(NEW), {**ASKED, **wrong})
    assert refused.status_code == 422
    assert says in refused.text
    assert not Block.objects.exists()


def test_an_address_is_kept_as_a_digest_only(desk_of: Client) -> None:
    desk_of.post(reverse(NEW), {**ASKED, "kind": "email", "value": "Zora@mail.example", "days": ""})
    row = Block.objects.get()
    assert row.expires_at is None
    assert block_of_sender(email=email_digest("zora@mail.example")) == row
    pages = [reverse(LIST), reverse("admin:intake_block_change", args=[row.pk])]
    for page in pages:
        shown = desk_of.get(page).text
        assert "An address at mail.example" in shown
        assert "Zora" not in shown and "zora" not in shown and row.value not in shown
    entry = AuditEntry.objects.get(verb="block.set")
    assert "zora" not in str(entry.details).lower()


def test_a_partner_is_blocked_on_its_own_page(desk_of: Client) -> None:
    partner = make_partner("wire", name="The Wire")
    listed = reverse("admin:partners_partner_changelist")
    chosen = {"action": "block_selected", ACTION_CHECKBOX_NAME: [partner.pk]}
    assert "Take nothing in from partners" in desk_of.post(listed, chosen).text
    desk_of.post(listed, {**chosen, "apply": "1", "reason": "Invented quotations", "days": "30", "note": ""})
    row = Block.objects.get()
    assert (row.kind, row.value, row.label) == ("partner", "partner:wire", "The Wire")


def test_moderators_keep_the_list_of_phrases(desk_of: Client) -> None:
    desk_of.post(reverse("admin:intake_spamphrase_add"), {"phrase": "cheap pills", "points": "60"})
    row = SpamPhrase.objects.get()
    assert (row.phrase, row.points) == ("cheap pills", 60)
    assert AuditEntry.objects.filter(verb="admin.added").exists()
    desk_of.post(reverse("admin:intake_spamphrase_delete", args=[row.pk]), {"post": "yes"})
    assert not SpamPhrase.objects.exists()
