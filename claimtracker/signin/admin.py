"""People's sign-in, as moderators see it, and what they do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin import UserAdmin
from claimtracker.accounts.admin_base import ModerationAdmin
from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from .actions.failures import lift_lock
from .actions.identities import forget_identity
from .actions.invitations import send_again, withdraw
from .actions.second_factors import reset_second_factor
from .actions.sessions import end_all_sessions
from .models import AccountLetter, Invitation, KnownDevice, SignInFailure
from .second_factor import FACTORS

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """An account, and its sign-in."""

    actions = ("end_sessions", "reset_factors", "forget_identities")
    extra_fields: Sequence[str] = (*UserAdmin.extra_fields, "second_step", "signs_in_with", "open_sessions")

    @admin.display(description=_("Second step"))
    def second_step(self, person: User) -> str:
        types = sorted(
            set(Authenticator.objects.filter(user=person).values_list("type", flat=True)) & FACTORS
        )
        return ", ".join(str(FACTOR_NAMES[one]) for one in types) or "–"

    @admin.display(description=_("Identity provider"))
    def signs_in_with(self, person: User) -> str:
        rows = SocialAccount.objects.filter(user=person).order_by("provider")
        return ", ".join(rows.values_list("provider", flat=True)) or "–"

    @admin.display(description=_("Sessions"))
    def open_sessions(self, person: User) -> int:
        return UserSession.objects.filter(user=person).count()

    def offered_actions(self, obj: User) -> list[str]:
        return ["end_sessions", "reset_factors", "forget_identities"]

    @admin.action(description=_("Sign out everywhere"), permissions=["moderate"])
    def end_sessions(self, request: HttpRequest, queryset: models.QuerySet[User]) -> None:
        done = _("%d people were signed out everywhere.")
        self.apply(request, queryset, lambda person: end_all_sessions(person, by=request.user), done=done)  # type: ignore[arg-type]  # who may moderate is signed in

    @admin.action(description=_("Forget the identity provider’s identifier"), permissions=["moderate"])
    def forget_identities(self, request: HttpRequest, queryset: models.QuerySet[User]) -> None:
        done = _("%d people are joined with the identity provider anew when they sign in with it.")
        self.apply(request, queryset, lambda person: forget_identity(person, by=request.user), done=done)  # type: ignore[arg-type]  # the same

    @admin.action(description=_("Reset the second step"), permissions=["moderate"])
    def reset_factors(self, request: HttpRequest, queryset: models.QuerySet[User]) -> HttpResponse | None:
        return self.apply_with_reason(
            request,
            queryset,
            lambda person, reason: reset_second_factor(person, by=request.user, reason=reason),  # type: ignore[arg-type]  # the same
            action="reset_factors",
            title=_("Reset the second step"),
            help_text=_(
                "How you made sure who is asking: seen in person, called back. The account is signed out "
                "everywhere, its owner is told by mail and signs in with the password alone once."
            ),
            done=_("The second step of %d people was reset."),
        )


FACTOR_NAMES: dict[str, Any] = {"totp": _("Authenticator app"), "webauthn": _("Passkey or security key")}


@admin.register(KnownDevice)
class KnownDeviceAdmin(ModerationAdmin):
    hidden = ("digest",)
    list_display = ("id", "user", "name", "first_seen_at", "last_seen_at")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email", "name")


@admin.register(AccountLetter)
class AccountLetterAdmin(ModerationAdmin):
    list_display = ("id", "user", "kind", "created_at", "handed_over_at", "tries")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")


class LockedFilter(admin.SimpleListFilter):
    title = _("closed now")
    parameter_name = "locked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.locked() if self.value() == "1" else queryset


@admin.register(SignInFailure)
class SignInFailureAdmin(ModerationAdmin):
    """Whose sign-in somebody guesses at. A row without a person is an address that has no account."""

    hidden = ("digest",)
    list_display = ("id", "user", "count", "since", "last_at", "last_address", "locked_until")
    list_filter = (LockedFilter,)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    actions = ("lift",)

    def offered_actions(self, obj: SignInFailure) -> list[str]:
        return ["lift"] if obj.locked_until and obj.locked_until > timezone.now() else []

    @admin.action(description=_("Open sign-in again"), permissions=["moderate"])
    def lift(self, request: HttpRequest, queryset: models.QuerySet[SignInFailure]) -> None:
        done = _("Sign-in is open again for %d accounts.")
        self.apply(request, queryset, lambda row: lift_lock(row, by=request.user), done=done)  # type: ignore[arg-type]  # who may moderate is signed in


@waiting
def locked_accounts() -> Waiting:
    rows = SignInFailure.objects.locked().filter(user__isnull=False)
    return waiting_rows(
        rows, label=gettext("Accounts that somebody guesses at"), query="locked=1", urgent=True
    )


@admin.register(Invitation)
class InvitationAdmin(ModerationAdmin):
    """New ones are made on the page of invitations, where leads make them too."""

    hidden = ("salt", "digest")
    list_display = ("id", "email", "desk", "role", "invited_by", "sent_at", "expires_at", "accepted_at")
    list_filter = ("desk", "role")
    list_select_related = ("desk", "invited_by")
    search_fields = ("email", "desk__name")
    exact_search = ("public_id",)
    actions = ("send_again", "withdraw")

    def offered_actions(self, obj: Invitation) -> list[str]:
        return [] if obj.accepted_at or obj.withdrawn_at else ["send_again", "withdraw"]

    @admin.action(description=_("Send again"), permissions=["moderate"])
    def send_again(self, request: HttpRequest, queryset: models.QuerySet[Invitation]) -> None:
        done = _("%d invitations were sent again.")
        self.apply(request, queryset, lambda row: send_again(row, by=request.user), done=done)  # type: ignore[arg-type]  # who may moderate is signed in

    @admin.action(description=_("Withdraw"), permissions=["moderate"])
    def withdraw(self, request: HttpRequest, queryset: models.QuerySet[Invitation]) -> None:
        done = _("%d invitations were withdrawn.")
        self.apply(request, queryset, lambda row: withdraw(row, by=request.user), done=done)  # type: ignore[arg-type]  # the same
