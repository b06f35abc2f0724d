"""What moderators decide goes through the actions; refusals come back as sentences."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Article
from claimtracker import jobs
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.ledger import outbox
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.actions import fan_out
from claimtracker.partners.key_format import PATTERN, read_key
from claimtracker.partners.keys import find_key, revoke_key
from claimtracker.partners.limits import usage_field
from claimtracker.partners.models import ApiKey, Delivery, Partner, WebhookEndpoint
from claimtracker.partners.usage import add_batch, days_back
from tests import factories

from .conftest import signed_in

ARTICLES = "/admin/claims/article/"
INLINES = ("api_keys", "webhook_endpoints")


def act(client: Client, address: str, action: str, *rows: object, **fields: object) -> HttpResponse:
    posted = {"action": action, "_selected_action": [getattr(row, "pk", row) for row in rows], **fields}
    return client.post(address, posted, follow=True)


def make_job(object_id: int) -> Job:
    jobs.enqueue("claims.extract_article", object_id)
    return Job.objects.get(object_id=str(object_id))


@pytest.fixture
def held(db: None) -> list[Article]:
    partner = factories.make_partner(is_trusted=False)
    return [factories.make_submission(partner) for _ in range(3)]


def test_held_submissions_are_accepted_in_bulk(desk_of: Client, moderator: User, held: list[Article]) -> None:
    page = act(desk_of, ARTICLES, "accept_selected", *held).content.decode()
    assert "3 submissions accepted" in page
    assert set(Article.objects.values_list("state", flat=True)) == {"accepted"}
    assert Job.objects.filter(kind="claims.extract_article").count() == 3
    entries = AuditEntry.objects.filter(verb="article.accepted")
    assert {str(entry.actor_ref) for entry in entries} == {str(moderator.audit_actor.ref)}


def test_the_second_of_two_moderators_reads_that_it_is_done(desk_of: Client, held: list[Article]) -> None:
    act(desk_of, ARTICLES, "accept_selected", held[0])
    page = act(desk_of, ARTICLES, "accept_selected", held[0], held[1]).content.decode()
    assert "A submission that is accepted cannot become accepted." in page
    assert "1 submission accepted" in page
    assert Job.objects.filter(kind="claims.extract_article").count() == 2


def test_a_rejection_asks_for_its_reason(desk_of: Client, held: list[Article]) -> None:
    asked = act(desk_of, ARTICLES, "reject_selected", *held[:2])
    assert [row.pk for row in asked.context["rows"]] == sorted((row.pk for row in held[:2]), reverse=True)
    assert held[0].title in asked.content.decode()
    assert Article.objects.held().count() == 3
    for reason in ("", "   "):
        again = act(desk_of, ARTICLES, "reject_selected", *held[:2], apply="1", reason=reason)
        assert "This field is required." in again.content.decode()
    assert Article.objects.held().count() == 3
    page = act(desk_of, ARTICLES, "reject_selected", *held[:2], apply="1", reason="Only a headline.")
    assert "2 submissions rejected" in page.content.decode()
    assert list(Article.objects.held()) == [held[2]]
    rejected = Article.objects.get(pk=held[0].pk)
    assert (rejected.state, rejected.intake_reason) == ("rejected", "Only a headline.")
    entry = AuditEntry.objects.filter(verb="article.rejected").latest("id")
    assert entry.note.text == "Only a headline."


def test_the_page_of_a_submission_offers_what_can_be_done(desk_of: Client, held: list[Article]) -> None:
    def offered(row: Article) -> list[str]:
        response = desk_of.get(reverse("admin:claims_article_change", args=[row.pk]))
        return [action["name"] for action in response.context["row_actions"]]

    assert offered(held[0]) == ["accept_selected", "reject_selected"]
    act(desk_of, ARTICLES, "reject_selected", held[0], apply="1", reason="No text.")
    assert offered(held[0]) == ["accept_selected"]
    act(desk_of, ARTICLES, "accept_selected", held[0])
    assert offered(held[0]) == []


def test_who_decides_from_the_held_list_comes_back_to_it(desk_of: Client, held: list[Article]) -> None:
    listed = desk_of.get(ARTICLES, {"state__exact": "held"}).content.decode()
    link = re.search(rf'href="(/admin/claims/article/{held[0].pk}/change/[^"]*)"', listed)
    assert link
    page = desk_of.get(link.group(1).replace("&amp;", "&")).content.decode()
    addresses = set(re.findall(r'<form method="post" action="(/admin/claims/article/[^"]*)"', page))
    assert addresses == {f"{ARTICLES}?state__exact=held"}

    back = act(desk_of, addresses.pop(), "accept_selected", held[0])
    assert back.redirect_chain == [(f"{ARTICLES}?state__exact=held", 302)]
    assert set(back.context["cl"].result_list) == set(held[1:])
    asked = act(desk_of, f"{ARTICLES}?state__exact=held", "reject_selected", held[1]).content.decode()
    assert f'<form method="post" action="{ARTICLES}?state__exact=held">' in asked


@pytest.mark.parametrize("action", ["accept_selected", "reject_selected"])
def test_what_has_left_the_list_is_said_to_have_left(
    desk_of: Client, held: list[Article], action: str
) -> None:
    act(desk_of, ARTICLES, "accept_selected", held[0])
    page = act(desk_of, f"{ARTICLES}?state__exact=held", action, held[0]).content.decode()
    assert "Nothing was done: what you chose is no longer in this list." in page


def test_a_rejection_shows_who_sent_it_and_how_it_begins(desk_of: Client) -> None:
    partner = factories.make_partner("gazette", is_trusted=False)
    short = factories.make_submission(partner, "<b>Roads</b> cost 4 million, the city said.\n")
    long = factories.make_submission(partner, "The bridge is old. " * 100)
    page = act(desk_of, ARTICLES, "reject_selected", short, long).content.decode()
    assert page.count("Sent by partner:gazette") == 2
    assert "&lt;b&gt;Roads&lt;/b&gt; cost 4 million, the city said." in page
    assert "<b>Roads</b>" not in page
    assert 25 < page.count("The bridge is old.") < 35
    assert " …</blockquote>" in page


def test_a_new_partner_s_page_leads_to_its_first_key(desk_of: Client) -> None:
    form = desk_of.get("/admin/partners/partner/add/").content.decode()
    assert "a moderator accepts each article first." in form
    assert "&quot;#id_name&quot;" in form, "the slug is made from the name"
    added = desk_of.post(
        "/admin/partners/partner/add/",
        {
            **{"name": "The Gazette", "slug": "gazette", "is_active": "on"},
            **{f"{rows}-{count}": 0 for rows in INLINES for count in ("TOTAL_FORMS", "INITIAL_FORMS")},
        },
        follow=True,
    )
    partner = Partner.objects.get(slug="gazette")
    assert added.redirect_chain == [(f"/admin/partners/partner/{partner.pk}/change/", 302)]
    link = re.search(r'<a href="([^"]*)">Issue a key</a>', added.content.decode())
    assert link
    assert f'<option value="{partner.pk}" selected>' in desk_of.get(link.group(1)).content.decode()
    Partner.objects.update(is_active=False)
    closed = desk_of.get(f"/admin/partners/partner/{partner.pk}/change/").content.decode()
    assert "Issue a key" not in closed, "a key of a partner that is switched off opens nothing"


@pytest.mark.parametrize("action", ["accept_selected", "reject_selected"])
def test_others_cannot_decide_by_posting(held: list[Article], action: str) -> None:
    client = signed_in(factories.make_user(Role.LEAD))
    answer = client.post(
        ARTICLES, {"action": action, "_selected_action": held[0].pk, "apply": "1", "reason": "x"}
    )
    assert answer.status_code == 403
    assert Article.objects.held().count() == 3


def test_a_decision_needs_the_token_of_our_page(moderator: User, held: list[Article]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(ARTICLES, {"action": "accept_selected", "_selected_action": held[0].pk})
    assert answer.status_code == 403
    assert Article.objects.held().count() == 3


def test_nobody_does_too_much_at_once(
    desk_of: Client, held: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimtracker.accounts.admin_deciding.ROWS_AT_ONCE", 2)
    page = act(desk_of, ARTICLES, "accept_selected", *held).content.decode()
    assert "Choose at most 2 rows at once; nothing was done." in page
    assert Article.objects.held().count() == 3


def test_a_dead_job_runs_again(desk_of: Client) -> None:
    dead, living = make_job(1), make_job(2)
    Job.objects.filter(pk=dead.pk).update(state="dead", attempt=5, cause="fault")
    page = act(desk_of, "/admin/jobs/job/", "run_again", dead, living).content.decode()
    assert "1 job is queued again." in page
    assert "Only a dead letter can be run again; this job is queued." in page
    dead.refresh_from_db()
    assert (dead.state, dead.attempt) == ("queued", 0)
    assert AuditEntry.objects.about(dead).filter(verb="job.requeued").count() == 1


def test_dead_jobs_of_one_kind_and_cause_run_again_together(desk_of: Client) -> None:
    lost, broken, fetched = make_job(1), make_job(2), make_job(3)
    Job.objects.filter(pk=fetched.pk).update(kind="claims.fetch_article")
    Job.objects.filter(pk__in=[lost.pk, fetched.pk]).update(state="dead", cause="network")
    Job.objects.filter(pk=broken.pk).update(state="dead", cause="fault")
    chosen = {"state__exact": "dead", "cause": "network", "kind": "claims.fetch_article"}
    assert list(desk_of.get("/admin/jobs/job/", chosen).context["cl"].result_list) == [fetched]
    chosen.pop("kind")
    assert set(desk_of.get("/admin/jobs/job/", chosen).context["cl"].result_list) == {lost, fetched}
    page = act(desk_of, "/admin/jobs/job/?state__exact=dead&cause=network", "run_again", lost, fetched)
    assert "2 jobs are queued again." in page.content.decode()
    assert list(Job.objects.dead()) == [broken]
    assert AuditEntry.objects.filter(verb="job.requeued").count() == 2


@pytest.fixture
def delivery(db: None) -> Delivery:
    endpoint = factories.make_endpoint()
    event = outbox.emit("claim.verdict_published", subject=endpoint.partner, payload={})
    return next(delivery for delivery in fan_out(event) if delivery.endpoint_id == endpoint.pk)


def test_a_failed_delivery_is_sent_again(desk_of: Client, delivery: Delivery) -> None:
    Job.objects.all().delete()
    Delivery.objects.filter(pk=delivery.pk).update(state="failed", tries=8)
    page = act(desk_of, "/admin/partners/delivery/", "replay_selected", delivery).content.decode()
    assert "1 delivery is sent again." in page
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("pending", 0)
    assert Job.objects.open().get().object_id == str(delivery.pk)
    again = act(desk_of, "/admin/partners/delivery/", "replay_selected", delivery).content.decode()
    assert "A delivery that is pending cannot become pending." in again


def test_a_key_is_issued_shown_once_and_revoked(desk_of: Client) -> None:
    partner = factories.make_partner()
    address = reverse("admin:partners_apikey_add")
    assert str(partner) in desk_of.get(address, {"partner": partner.pk}).content.decode()
    facts = {"partner": partner.pk, "label": "import", "scopes": ["submit", "read"]}
    issued = desk_of.post(address, facts)
    plain = re.search(PATTERN, issued.content.decode())
    assert plain
    assert "no-store" in issued.headers["Cache-Control"]
    text = read_key(plain.group())
    assert text
    key = find_key(text)
    assert key and key.partner == partner and key.scopes == ["read", "submit"]
    assert (
        plain.group()
        not in desk_of.get(reverse("admin:partners_apikey_change", args=[key.pk])).content.decode()
    )
    assert "1 key revoked" in act(desk_of, "/admin/partners/apikey/", "revoke_selected", key).content.decode()
    again = act(desk_of, "/admin/partners/apikey/", "revoke_selected", key).content.decode()
    assert "This key is revoked already." in again


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"label": ""}, "This field is required."),
        ({"scopes": []}, "This field is required."),
        ({"scopes": ["admin"]}, "admin is not one of the available choices"),
        ({"expires_at_0": "2001-01-01", "expires_at_1": "00:00"}, "The key would have expired already."),
        ({"partner": 0}, "Select a valid choice."),
    ],
)
def test_a_key_with_a_fault_is_not_issued(desk_of: Client, wrong: dict[str, object], sentence: str) -> None:
    facts = {"partner": factories.make_partner().pk, "label": "import", "scopes": ["read"], **wrong}
    answer = desk_of.post(reverse("admin:partners_apikey_add"), facts)
    assert (answer.status_code, ApiKey.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_a_key_is_rotated_on_a_page_of_its_own_and_the_old_one_leads_to_it(desk_of: Client) -> None:
    old, _plain = factories.make_key(label="import")
    page = desk_of.get(reverse("admin:partners_apikey_change", args=[old.pk])).content.decode()
    address = reverse("admin:partners_apikey_rotate", args=[old.pk])
    assert address in page
    assert "Never used" in page
    assert "both keys work" in desk_of.get(address).content.decode()
    assert desk_of.post(address, {"overlap": "9999"}).status_code == 422
    answer = desk_of.post(address, {"overlap": "24"})
    assert re.search(PATTERN, answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    new = ApiKey.objects.get(replaces=old)
    page = desk_of.get(reverse("admin:partners_apikey_change", args=[old.pk])).content.decode()
    assert reverse("admin:partners_apikey_change", args=[new.pk]) in page
    revoke_key(new, by="system")
    ended = desk_of.get(reverse("admin:partners_apikey_change", args=[new.pk])).content.decode()
    assert "rotate/" not in ended, "a key that opens nothing is not rotated"


def test_only_moderators_rotate(db: None) -> None:
    key, _plain = factories.make_key()
    address = reverse("admin:partners_apikey_rotate", args=[key.pk])
    lead = signed_in(factories.make_user(Role.LEAD))
    assert lead.post(address, {"overlap": "0"}).status_code in (302, 403)
    assert not ApiKey.objects.filter(replaces=key).exists()


def test_a_partner_is_suspended_with_a_reason_and_resumed(desk_of: Client) -> None:
    partner = factories.make_partner()
    listing = "/admin/partners/partner/"
    act(desk_of, listing, "suspend_selected", partner, apply="1", reason="They resell the feed.")
    partner.refresh_from_db()
    assert not partner.is_active
    entry = AuditEntry.objects.about(partner)[0]
    assert (entry.verb, entry.note.text) == ("partner.suspended", "They resell the feed.")
    act(desk_of, listing, "resume_selected", partner)
    partner.refresh_from_db()
    assert partner.is_active
    again = act(desk_of, listing, "resume_selected", partner).content.decode()
    assert "has access already" in again


def test_a_partner_s_page_shows_keys_usage_and_endpoints_by_the_same_queries(desk_of: Client) -> None:
    partner = factories.make_partner()
    address = reverse("admin:partners_partner_change", args=[partner.pk])

    def fill(count: int) -> None:
        for n in range(count):
            key, _plain = factories.make_key(partner, label=f"key {n}")
            factories.make_endpoint(partner, url=f"https://receiver.example/{key.pk}")
            day = days_back(1).isoformat()
            add_batch(f"batch {key.pk}", {usage_field(day, key.pk, "claims", "requests"): 5000})

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk_of.get(address).status_code == 200
        return len(captured)

    fill(1)
    desk_of.get(address)
    few = queries()
    fill(5)
    assert queries() == few
    page = desk_of.get(address).content.decode()
    assert "30,000" in page
    assert "key 4" in page
    assert "0 failed, 0 waiting; the last arrived: never" in page


def test_an_endpoint_is_made_switched_off_with_a_reason_and_on_again(desk_of: Client) -> None:
    partner = factories.make_partner()
    address = reverse("admin:partners_webhookendpoint_add")
    refused = desk_of.post(address, {"partner": partner.pk, "url": "http://receiver.example/hook"})
    assert "https only" in refused.content.decode()
    made = desk_of.post(address, {"partner": partner.pk, "url": "https://receiver.example/hook"})
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in made.content.decode()
    listing = "/admin/partners/webhookendpoint/"
    act(desk_of, listing, "disable_selected", endpoint, apply="1", reason="They moved.")
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_because) == (False, "They moved.")
    act(desk_of, listing, "enable_selected", endpoint)
    endpoint.refresh_from_db()
    assert endpoint.is_active


def test_the_home_page_says_what_waits(desk_of: Client, held: list[Article], delivery: Delivery) -> None:
    dead = make_job(1)
    Job.objects.filter(pk=dead.pk).update(state="dead", cause="fault")
    Delivery.objects.filter(pk=delivery.pk).update(state="failed")
    response = desk_of.get("/admin/")
    lines = {line.label: line for line in response.context["waiting"]}
    assert lines["Held submissions"].count == 3
    assert lines["Dead jobs"].count == 1
    assert lines["Failed deliveries"].count == 1
    assert lines["Audit entries not yet sealed"].count == AuditEntry.objects.count()
    for line in lines.values():
        rows = desk_of.get(line.url)
        assert rows.status_code == 200
        if line.label in ("Held submissions", "Dead jobs", "Failed deliveries"):
            assert rows.context["cl"].result_count == line.count


def test_the_history_of_a_row_is_its_audit(desk_of: Client, held: list[Article]) -> None:
    act(desk_of, ARTICLES, "accept_selected", held[0])
    page = desk_of.get(reverse("admin:claims_article_change", args=[held[0].pk])).content.decode()
    link = re.search(r'href="([^"]*)" class="historylink"', page)
    assert link
    history = desk_of.get(link.group(1).replace("&amp;", "&"))
    verbs = [entry["verb"] for entry in history.context["rows"]]
    assert verbs == ["article.accepted", "article.ingested"]
