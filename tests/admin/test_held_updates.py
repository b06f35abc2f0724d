"""Moderators see what is new of an article, and let it in or turn it down."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from claims.actions.held_updates import accept_update, reject_update
from claims.models import HeldUpdate
from claims.selectors import newest_version
from claimtracker.accounts.models import User
from claimtracker.ledger.models import AuditEntry
from tests import factories

from .test_decisions import act

UPDATES = "/admin/claims/heldupdate/"
OLD = (
    "The city built 40 homes.\n\nThe council met on Monday.\n\nIt rained.\n\nNobody came.\n\nThe end is near."
)
NEW = OLD.replace("40 homes", "45 homes")


def held(*, body: str = NEW, **told: str) -> HeldUpdate:
    article = factories.make_held_update(byline="Begun").article
    HeldUpdate.objects.filter(article=article).update(state="superseded")
    factories.make_version(article, OLD)
    return factories.make_held_update(article, body=body, **told)


def page_of(client: Client, update: HeldUpdate) -> str:
    return client.get(reverse("admin:claims_heldupdate_change", args=[update.pk])).content.decode()


def test_updates_are_accepted_in_bulk(desk_of: Client, moderator: User) -> None:
    updates = [held() for _ in range(3)]
    assert "3 updates accepted" in act(desk_of, UPDATES, "accept_selected", *updates).content.decode()
    assert all(newest_version(update.article).body == NEW for update in updates)
    entries = AuditEntry.objects.filter(verb="update.accepted")
    assert {str(entry.actor_ref) for entry in entries} == {str(moderator.audit_actor.ref)}
    again = act(desk_of, UPDATES, "accept_selected", updates[0]).content.decode()
    assert "A held update that is accepted cannot become accepted." in again


def test_a_rejection_asks_for_its_reason_and_shows_what_it_is_about(desk_of: Client) -> None:
    update = held(byline="Jo Park")
    asked = act(desk_of, UPDATES, "reject_selected", update).content.decode()
    for words in (update.article.origin, "text, byline", "byline: Jo Park", "45 homes"):
        assert words in asked, words
    assert HeldUpdate.objects.held().count() == 1
    done = act(desk_of, UPDATES, "reject_selected", update, apply="1", reason="Another story.")
    assert "1 update rejected." in done.content.decode()
    update.refresh_from_db()
    assert (update.state, update.reason) == ("rejected", "Another story.")


def test_its_page_shows_what_differs_and_folds_what_does_not(desk_of: Client) -> None:
    page = page_of(desk_of, held(byline="Jo <Park>"))
    assert "<del>40</del> <ins>45</ins>" in page.replace("\n", " ")
    assert "Jo &lt;Park&gt;</ins>" in page
    assert "3 paragraphs are as they were" in page


def test_the_page_of_one_that_was_accepted_shows_what_was_new_then(desk_of: Client, moderator: User) -> None:
    update = held()
    accept_update(update, by=moderator)
    assert "<del>40</del> <ins>45</ins>" in page_of(desk_of, update).replace("\n", " ")


def test_buttons_are_those_that_make_sense(desk_of: Client, moderator: User) -> None:
    update = held()
    page = page_of(desk_of, update)
    assert 'value="accept_selected"' in page and 'value="reject_selected"' in page
    reject_update(update, by=moderator, reason="No.")
    page = page_of(desk_of, update)
    assert 'value="accept_selected"' in page and 'value="reject_selected"' not in page
    accept_update(update, by=moderator)
    assert 'value="accept_selected"' not in page_of(desk_of, update)


def test_the_article_s_page_leads_to_it(desk_of: Client, moderator: User) -> None:
    update = held()
    article = reverse("admin:claims_article_change", args=[update.article_id])
    there = reverse("admin:claims_heldupdate_change", args=[update.pk])
    page = desk_of.get(article).content.decode()
    assert there in page and "The update that waits" in page
    reject_update(update, by=moderator, reason="No.")
    assert "The update that was rejected" in desk_of.get(article).content.decode()
    accept_update(update, by=moderator)
    assert there not in desk_of.get(article).content.decode()


def test_the_home_page_counts_those_that_wait(desk_of: Client, moderator: User) -> None:
    held()
    reject_update(held(), by=moderator, reason="No.")
    line = next(line for line in desk_of.get("/admin/").context["waiting"] if line.label == "Held updates")
    assert (line.count, line.urgent) == (1, True)
    assert desk_of.get(line.url).context["cl"].result_count == 1
