"""Fields that are not for who sends them."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from typing import Any
from unittest import mock

from claims.models import Article
from claimtracker.accounts.admin_base import ByRole, ModerationAdmin
from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.kernel.decisions import Allowed
from claimtracker.signin.admin import PersonAdmin
from tests import factories

from .harness import Guard, suite
from .scene import PartnerClient, Scene


def _lax(_scene: Scene) -> AbstractContextManager[Any]:
    from rest_framework import serializers

    from claimtracker.api.v1.strict import StrictSerializer

    return mock.patch.object(StrictSerializer, "to_internal_value", serializers.Serializer.to_internal_value)


STRICT = Guard(
    "unknown fields are refused", "claimtracker.api.v1.strict:StrictSerializer.to_internal_value", _lax
)


@suite.inputs(
    "a field beside those of an article",
    "api",
    "mass assignment",
    STRICT,
    each={
        "state": {"state": "accepted"},
        "held": {"held": False},
        "desk": {"desk": 1},
        "origin": {"origin": "partner:rival"},
        "is_sandbox": {"is_sandbox": True},
        "claims": {"claims": []},
        "id": {"id": "0"},
        "__proto__": {"__proto__": {"admin": 1}},
    },
)
def beside_article(scene: Scene, more: dict[str, Any]) -> bool:
    return scene.partner.post("articles", {"body": "It cost 4 million.", **more}).status_code == 201


@suite.inputs(
    "a field beside those of an endpoint",
    "webhooks",
    "mass assignment",
    STRICT,
    each={
        "secret": {"secret": "whsec_mine"},
        "partner": {"partner": 1},
        "disabled_because": {"disabled_because": ""},
    },
)
def beside_endpoint(scene: Scene, more: dict[str, Any]) -> bool:
    body = {"url": "https://hooks.wire.example/", **more}
    return scene.partner.post("webhook-endpoints", body, Idempotency_Key='"one"').status_code == 201


@suite.inputs(
    "a field beside those of a request",
    "api",
    "mass assignment",
    STRICT,
    each={
        "state": {"state": "answered"},
        "votes": {"votes": 999},
        "publication": {"publication": "x"},
    },
)
def beside_request(scene: Scene, more: dict[str, Any]) -> bool:
    sent = {"text": "The harbour grew tenfold last year.", **more}
    return scene.partner.post("requests", sent).status_code == 201


@suite.attack("scopes with a rotation of the key", "api", "mass assignment", STRICT)
def beside_rotation(scene: Scene) -> bool:
    weak = PartnerClient(scene.partner.partner, scopes=["read"])
    return weak.post("key/rotation", {"scopes": ["submit"]}).status_code in {200, 201}


def _superuser_field(_scene: Scene) -> AbstractContextManager[Any]:
    fields = (*PersonAdmin.form_fields, "is_superuser")
    return mock.patch.multiple(PersonAdmin, form_fields=fields, extra_fields=("last_login",))


@suite.attack(
    "superuser in the form of a person",
    "admin",
    "mass assignment",
    Guard(
        "the form of a person has four fields",
        "claimtracker.signin.admin:PersonAdmin.form_fields",
        _superuser_field,
    ),
)
def superuser(scene: Scene) -> bool:
    person = scene.checker
    sent = {
        "email": person.email,
        "name": person.name,
        "is_active": "on",
        "is_superuser": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    scene.browser(scene.moderator).post(f"/admin/accounts/user/{person.pk}/change/", sent)
    return User.objects.get(pk=person.pk).is_superuser


def _writable(_scene: Scene) -> AbstractContextManager[Any]:
    stack = ExitStack()
    stack.enter_context(mock.patch.object(ByRole, "has_change_permission", lambda *_a, **_k: True))
    stack.enter_context(mock.patch.object(ModerationAdmin, "get_fields", lambda *_a, **_k: ["text"]))
    stack.enter_context(mock.patch.object(ModerationAdmin, "get_readonly_fields", lambda *_a, **_k: []))
    return stack


@suite.attack(
    "a claim's words in the administration",
    "admin",
    "mass assignment",
    Guard(
        "the administration looks only",
        "claimtracker.accounts.admin_base:ByRole.has_change_permission",
        _writable,
    ),
)
def claims_words(scene: Scene) -> bool:
    made = factories.make_claim()
    scene.browser(scene.moderator).post(
        f"/admin/claims/claim/{made.pk}/change/",
        {
            "text": "Mine",
            "matches-TOTAL_FORMS": "0",
            "matches-INITIAL_FORMS": "0",
            "appearances-TOTAL_FORMS": "0",
            "appearances-INITIAL_FORMS": "0",
        },
    )
    made.refresh_from_db()
    return made.text == "Mine"


def _any_desk(_scene: Scene) -> AbstractContextManager[Any]:
    stack = ExitStack()
    stack.enter_context(mock.patch("claims.forms.desks_for", lambda _user: Desk.objects.all()))
    stack.enter_context(mock.patch("claims.policies.can_add_article", lambda *_a: Allowed()))
    return stack


@suite.attack(
    "an article for another desk",
    "web",
    "mass assignment",
    Guard(
        "one adds articles at one's desks",
        "claims.policies:can_add_article",
        _any_desk,
    ),
)
def others_desk(scene: Scene) -> bool:
    sent = {"way": "paste", "desk": scene.desk.pk, "text": "It cost 4 million."}
    scene.browser(scene.outsider).post("/articles/new/", sent)
    return Article.objects.filter(desk=scene.desk).exists()


def _any_role(_scene: Scene) -> AbstractContextManager[Any]:
    from reviews.forms.settings import MemberForm

    stack = ExitStack()
    field = MemberForm.base_fields["role"]
    stack.enter_context(mock.patch.object(field, "_choices", [(role.value, role.label) for role in Role]))
    stack.enter_context(mock.patch("reviews.actions.members.can_grant", lambda *_a: Allowed()))
    return stack


@suite.attack(
    "a moderator's role from a lead",
    "web",
    "mass assignment",
    Guard(
        "leads give what they have",
        "reviews.policies.settings:can_grant",
        _any_role,
    ),
)
def moderators_role(scene: Scene) -> bool:
    friend = factories.make_user(None)
    scene.browser(scene.lead).post(
        f"/desks/{scene.desk.slug}/roles/", {"email": friend.email, "role": "moderator"}
    )
    return Membership.objects.filter(user=friend, role=Role.MODERATOR).exists()
