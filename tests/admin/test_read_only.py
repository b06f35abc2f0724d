"""What an action owns cannot be added, changed or removed here, by nobody; what moderators own can."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.models import Partner
from reviews.models import Rating
from tests import factories

from .conftest import make_one_of_each, signed_in

OWNED_BY_ACTIONS = [
    *("claims.Article", "claims.ArticleVersion", "claims.ExtractionRun", "claims.ArticleFetch"),
    *("claims.Claim", "claims.Appearance", "claims.Claimant", "claims.KnownClaim"),
    *("claims.Following", "claims.Anchoring"),
    *("claims.ClaimMatch", "claims.FamilyChange", "claims.ClaimWatch", "claims.ClaimAlert"),
    *("claims.EmbeddingSlot", "claims.MatchTotals", "claims.MatchEntry", "claims.MatchTerm"),
    *("reviews.ReviewTask", "reviews.Verdict", "reviews.Evidence", "reviews.Source", "reviews.Publication"),
    *("reviews.Notification", "reviews.NoticePreference", "reviews.MailTimes"),
    *("reviews.Comment", "reviews.Mailing"),
    *("jobs.Job", "partners.Delivery", "partners.Attempt"),
    *("ledger.AuditEntry", "ledger.AuditNote", "ledger.AuditActor", "ledger.LedgerSeal"),
    *("ledger.SealedEntry", "ledger.OutboxEvent"),
    *("reviews.StandardsNote", "reviews.StandardsOverride"),
    *("accounts.WorkingHours", "accounts.DayOff", "accounts.Leave"),
    *("reviews.TaskHolder", "reviews.Handover", "reviews.ConflictOfInterest"),
    *("reviews.Revision", "reviews.Review", "reviews.ReasonTemplate"),
    *("reviews.StoredContent", "reviews.SourceSnapshot", "reviews.SourceCheck"),
    *("reviews.QuotationCheck", "reviews.EvidenceChange"),
    *("reviews.PublicCheck", "reviews.PublicTopic", "reviews.PublicCheckTopic"),
    *("reviews.Complaint", "reviews.ComplaintWords"),
    *("reviews.ReplyRequest", "reviews.Reply", "reviews.Contact", "reviews.Expiry"),
]
MADE_BY_ACTIONS = ["partners.ApiKey", "partners.WebhookEndpoint", "claims.KnownClaimImport"]


def address(label: str, what: str, *args: object) -> str:
    model = apps.get_model(label)
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def test_not_even_a_superuser_changes_what_an_action_owns(superuser: User) -> None:
    make_one_of_each(0)
    client = signed_in(superuser)
    for label in OWNED_BY_ACTIONS + MADE_BY_ACTIONS:
        model = apps.get_model(label)
        row = model._default_manager.order_by("pk").first()
        before, count = model_to_dict(row), model._default_manager.count()
        posted = dict.fromkeys(before, "tampered") | {"_save": "Save"}
        assert client.post(address(label, "change", row.pk), posted).status_code == 403, label
        assert client.post(address(label, "delete", row.pk), {"post": "yes"}).status_code == 403, label
        if label in OWNED_BY_ACTIONS:
            assert client.post(address(label, "add"), posted).status_code == 403, label
        bulk = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        client.post(address(label, "changelist"), bulk)
        row.refresh_from_db()
        assert model_to_dict(row) == before, label
        assert model._default_manager.count() == count, label


def test_what_history_points_at_is_never_deleted(superuser: User) -> None:
    make_one_of_each(0)
    client = signed_in(superuser)
    kept = ["accounts.User", "accounts.Desk", "partners.Partner", "reviews.RatingScale", "reviews.Rating"]
    for label in kept:
        row = apps.get_model(label)._default_manager.order_by("pk").first()
        assert client.post(address(label, "delete", row.pk), {"post": "yes"}).status_code == 403, label


NO_MEMBERSHIPS = {
    "memberships-TOTAL_FORMS": "0",
    "memberships-INITIAL_FORMS": "0",
}


def test_a_moderator_makes_a_person_who_has_no_password_yet(desk_of: Client, moderator: User) -> None:
    desk = factories.make_desk()
    facts = {
        "email": "New@Example.org",
        "name": "New Person",
        "is_active": "on",
        **NO_MEMBERSHIPS,
        "memberships-TOTAL_FORMS": "1",
        "memberships-0-desk": desk.pk,
        "memberships-0-role": Role.CHECKER,
    }
    assert desk_of.post(address("accounts.User", "add"), facts).status_code == 302
    person = User.objects.get(email="new@example.org")
    assert not person.has_usable_password()
    assert Membership.objects.get(user=person).role == Role.CHECKER
    told = {
        (entry.verb, entry.subject_type) for entry in AuditEntry.objects.filter(verb__startswith="admin.")
    }
    assert told == {("admin.added", "accounts.user"), ("admin.added", "accounts.membership")}


def test_passwords_and_superusers_are_out_of_a_moderators_reach(desk_of: Client, superuser: User) -> None:
    person = factories.make_user()
    password = person.password
    facts = {
        "name": "Renamed",
        "is_active": "on",
        "password": "x",
        "is_superuser": "on",
        "email": "other@example.org",
    }
    memberships = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": person.memberships.get().pk,
        "memberships-0-user": person.pk,
        "memberships-0-desk": person.memberships.get().desk_id,
        "memberships-0-role": Role.CHECKER,
    }
    assert (
        desk_of.post(address("accounts.User", "change", person.pk), {**facts, **memberships}).status_code
        == 302
    )
    email = person.email
    person.refresh_from_db()
    assert (person.name, person.password, person.is_superuser, person.email) == (
        "Renamed",
        password,
        False,
        email,
    )
    assert AuditEntry.objects.get(verb="admin.changed").details == {"fields": ["name"]}
    refused = desk_of.post(
        address("accounts.User", "change", superuser.pk), {"name": "Gone", **NO_MEMBERSHIPS}
    )
    assert refused.status_code == 403
    superuser.refresh_from_db()
    assert superuser.is_active and superuser.name == "Root"


def test_a_deactivated_person_is_out_at_once(desk_of: Client) -> None:
    person = factories.make_user()
    theirs = signed_in(person)
    assert theirs.get("/queue/").status_code == 200
    membership = person.memberships.get()
    facts = {
        "name": person.name,
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": membership.pk,
        "memberships-0-user": person.pk,
        "memberships-0-desk": membership.desk_id,
        "memberships-0-role": membership.role,
    }
    assert desk_of.post(address("accounts.User", "change", person.pk), facts).status_code == 302
    assert theirs.get("/queue/").status_code == 302


def test_desks_partners_and_ratings_are_kept_here(desk_of: Client) -> None:
    desk_of.post(address("accounts.Desk", "add"), {"name": "Science", "slug": "science"})
    desk = Desk.objects.get(slug="science")
    partner = {"name": "Daily", "slug": "daily", "desk": desk.pk, "is_active": "on"}
    assert (
        desk_of.post(
            address("partners.Partner", "add"), {**partner, **no_rows("api_keys", "webhook_endpoints")}
        ).status_code
        == 302
    )
    scale = {
        "name": "Scale",
        "slug": "scale",
        **no_rows("ratings"),
        "ratings-TOTAL_FORMS": "1",
        "ratings-0-position": 0,
        "ratings-0-slug": "false",
        "ratings-0-label": "False",
        "ratings-0-meaning": "graded",
        "ratings-0-value": 1,
    }
    assert desk_of.post(address("reviews.RatingScale", "add"), scale).status_code == 302
    assert Partner.objects.get(slug="daily").desk == desk
    assert Rating.objects.get(slug="false").scale.slug == "scale"
    made = AuditEntry.objects.filter(verb="admin.added").values_list("subject_type", flat=True)
    assert sorted(made) == [
        "accounts.desk",
        "partners.partner",
        "reviews.rating",
        "reviews.ratingscale",
    ]


def no_rows(*prefixes: str) -> dict[str, str]:
    return {f"{prefix}-{part}": "0" for prefix in prefixes for part in ("TOTAL_FORMS", "INITIAL_FORMS")}


@pytest.mark.parametrize(
    ("label", "action"),
    [("accounts.Desk", "make_default_desk"), ("reviews.RatingScale", "make_default_scale")],
)
def test_the_default_moves_in_one_step(desk_of: Client, label: str, action: str) -> None:
    model = apps.get_model(label)
    factories.make_desk("politics"), factories.make_scale()
    old = model.objects.get(is_default=True)
    new = model.objects.create(slug="second", name="Second")
    desk_of.post(address(label, "changelist"), {"action": action, "_selected_action": new.pk})
    assert model.objects.get(is_default=True) == new
    both = desk_of.post(
        address(label, "changelist"), {"action": action, "_selected_action": [old.pk, new.pk]}, follow=True
    )
    assert "Choose exactly one row." in both.content.decode()
    again = desk_of.post(
        address(label, "changelist"), {"action": action, "_selected_action": new.pk}, follow=True
    )
    assert "This is the default already." in again.content.decode()
    assert model.objects.get(is_default=True) == new
