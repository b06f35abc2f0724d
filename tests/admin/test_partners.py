"""What moderators see of partners: what really needs them, on pages that stay quick however much there is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claimtracker.accounts import admin_base
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.actions import fan_out, send_test
from claimtracker.partners.endpoints import change_endpoint, disable_endpoint, remove_endpoint
from claimtracker.partners.models import ApiUsage, Delivery, Partner, WebhookEndpoint
from claimtracker.partners.standing import suspend_partner
from tests import factories

pytestmark = pytest.mark.django_db


def endpoint_of(slug: str, **options: Any) -> WebhookEndpoint:
    """With one message that failed."""
    endpoint = factories.make_endpoint(
        factories.make_partner(slug, **options), url=f"https://{slug}.example/hook"
    )
    publication = factories.make_publication()
    event = OutboxEvent.objects.get(subject_id=publication.pk, type="claim.verdict_published")
    fan_out(event)
    Delivery.objects.filter(endpoint=endpoint).update(state="failed", finished_at=timezone.now())
    return endpoint


def line(desk_of: Client, label: str) -> tuple[int, list[Any]]:
    """What the home page counts, and the rows that its link leads to."""
    lines = {each.label: each for each in desk_of.get("/admin/").context["waiting"]}
    rows = desk_of.get(lines[label].url).context["cl"].queryset
    assert rows.count() == lines[label].count
    return lines[label].count, list(rows)


@pytest.fixture
def no_trouble() -> None:
    """Everything that failed or is off without anybody missing it."""
    removed = endpoint_of("removed")
    disable_endpoint(removed, reason="10 tries failed.", by="system")
    remove_endpoint(removed, by="system")
    sandbox = endpoint_of("sandbox", is_sandbox=True)
    disable_endpoint(sandbox, reason="10 tries failed.", by="system")
    change_endpoint(endpoint_of("by-itself"), is_active=False, by=factories.make_user())
    suspended = endpoint_of("suspended")
    disable_endpoint(suspended, reason="10 tries failed.", by="system")
    suspend_partner(suspended.partner, reason="Unpaid.", by=factories.make_user())
    Delivery.objects.filter(endpoint__partner__slug="suspended").update(state="failed")
    tested = factories.make_endpoint(factories.make_partner("tested"))
    Delivery.objects.filter(pk=send_test(tested, by="system").pk).update(state="failed")


def test_failed_deliveries_are_those_that_somebody_misses(desk_of: Client, no_trouble: None) -> None:
    assert line(desk_of, "Failed deliveries") == (0, [])
    missed = endpoint_of("missed")
    given_up = endpoint_of("given-up")
    Delivery.objects.filter(event_id=given_up.deliveries.get().event_id, endpoint=missed).delete()
    disable_endpoint(given_up, reason="10 tries failed.", by="system")
    count, rows = line(desk_of, "Failed deliveries")
    assert count == 2
    assert {row.endpoint for row in rows} == {missed, given_up}


def test_endpoints_that_need_attention_are_those_that_we_gave_up(desk_of: Client, no_trouble: None) -> None:
    assert line(desk_of, "Webhook endpoints given up") == (0, [])
    given_up = endpoint_of("given-up")
    disable_endpoint(given_up, reason="10 tries failed.", by="system")
    assert line(desk_of, "Webhook endpoints given up") == (1, [given_up])


def page_of(partner: Partner) -> str:
    return reverse("admin:partners_partner_change", args=[partner.pk])


def test_a_partners_page_says_how_each_endpoint_does(desk_of: Client) -> None:
    endpoint = endpoint_of("wire")
    arrived = Delivery.objects.filter(pk=send_test(endpoint, by="system").pk)
    arrived.update(state="delivered", finished_at="2026-11-20T10:00:00Z")
    send_test(endpoint, by="system")
    remove_endpoint(factories.make_endpoint(endpoint.partner, url="https://former.example/hook"), by="system")
    page = desk_of.get(page_of(endpoint.partner)).content.decode()
    assert "1 failed, 1 waiting; the last arrived: Nov. 20, 2026, 10 a.m." in page
    assert "former.example" not in page


def test_its_usage_is_added_up_by_the_database(desk_of: Client) -> None:
    partner = factories.make_partner("wire")
    first, second = factories.make_key(partner)[0], factories.make_key(partner)[0]
    today = timezone.now().date()
    for key in (first, second):
        ApiUsage.objects.create(key=key, day=today, group="claims", requests=600, errors=1)
        ApiUsage.objects.create(key=key, day=today, group="articles", requests=700, limited=2)
    with CaptureQueriesContext(connection) as queries:
        page = desk_of.get(page_of(partner)).content.decode()
    places = [page.index(words) for words in ("articles</th>", "1,400", "claims</th>", "1,200", "2,600")]
    assert places == sorted(places)
    (sums,) = [each["sql"] for each in queries if "SUM(" in each["sql"]]
    assert sums.endswith("GROUP BY 1 ORDER BY 2 DESC, 1 ASC")


def test_it_reads_no_more_than_the_first_rows(desk_of: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_base, "INLINE_ROWS", 3)
    partner = factories.make_partner("wire")
    keys = [factories.make_key(partner, label=f"key {number}")[0] for number in range(5)]
    page = desk_of.get(page_of(partner)).content.decode()
    assert [key.label in page for key in keys] == [False, False, True, True, True]
    assert f"{reverse('admin:partners_apikey_changelist')}?partner__id__exact={partner.pk}" in page


def test_a_partner_is_saved_from_the_page_that_shows_its_rows(desk_of: Client) -> None:
    endpoint = endpoint_of("wire")
    factories.make_key(endpoint.partner)
    address = page_of(endpoint.partner)
    page = desk_of.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+_FORMS)" value="(\d+)"', page))
    assert len(hidden) == 8, "the counts of both kinds of rows"
    facts = {"name": "The Northern Wire", "contact_email": "desk@wire.example", **hidden}
    assert desk_of.post(address, facts).status_code == 302
    endpoint.partner.refresh_from_db()
    assert endpoint.partner.name == "The Northern Wire"


def test_an_endpoints_page_says_what_it_wants_and_leads_to_its_deliveries(desk_of: Client) -> None:
    everything = endpoint_of("wire")
    page = desk_of.get(
        reverse("admin:partners_webhookendpoint_change", args=[everything.pk])
    ).content.decode()
    assert '<div class="readonly">all</div>' in page
    assert everything.secret not in page
    link = f"{reverse('admin:partners_delivery_changelist')}?endpoint__id__exact={everything.pk}"
    assert link in page
    endpoint_of("other")
    assert set(desk_of.get(link).context["cl"].queryset) == set(everything.deliveries.all())


def test_the_page_that_rotates_a_key_says_which_and_can_be_left(desk_of: Client) -> None:
    key, _plain = factories.make_key(factories.make_partner("wire"))
    page = desk_of.get(reverse("admin:partners_apikey_rotate", args=[key.pk])).content.decode()
    assert f"The key begins with {key.prefix}. Never used" in page
    assert 'value="Rotate"' in page
    assert f'href="{reverse("admin:partners_apikey_change", args=[key.pk])}">Cancel' in page
