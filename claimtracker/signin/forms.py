"""What is asked at the second step of signing in, of who invites, and of who is invited."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm, ChangePasswordForm, ResetPasswordForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.models import Desk, Role
from claimtracker.kernel.visitors import address_of
from reviews.forms.base import RefusableForm
from reviews.forms.settings import ROLES

from .actions.addresses import is_somebody_elses, may_reset_by
from .actions.failures import is_closed, note_failure
from .devices import is_known


class SecondStepForm(AuthenticateForm):
    """allauth counts wrong codes in the cache, which may be away."""

    def clean_code(self) -> str:
        refuse_closed(self.user)
        return str(super().clean_code())


class SecondStepAgainForm(ReauthenticateForm):
    """The same of who sits at an open session."""

    def clean_code(self) -> str:
        refuse_closed(self.user)
        return str(super().clean_code())


class AnotherPasswordForm(ChangePasswordForm):
    """Here the old password can be guessed as well as at signing in: it is counted together."""

    def clean_oldpassword(self) -> str:
        refuse_closed(self.user)
        try:
            return str(super().clean_oldpassword())
        except forms.ValidationError:
            note_failure(self.user.email, address=address_of(context.request))
            raise


def refuse_closed(user: Any) -> None:
    """Raises ValidationError where wrong tries have closed the account to this device."""
    if is_closed(user.email, device_is_known=is_known(context.request, user)):
        raise get_adapter().validation_error("too_many_login_attempts")


class AddAddressForm(AddEmailForm):
    """allauth would list it, so that nobody learns of the other account by a refusal. Who is asked here is a
    colleague, and an address that stands with two accounts is worse."""

    def clean_email(self) -> str:
        email = str(super().clean_email())
        if is_somebody_elses(email, self.user):
            raise get_adapter().validation_error("email_taken")
        return email


class ForgottenPasswordForm(ResetPasswordForm):
    def clean_email(self) -> str:
        email = str(super().clean_email())
        self.users: list[Any] = [person for person in self.users if may_reset_by(email, person)]
        return email


class InviteForm(RefusableForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Of somebody who has no account yet. Read it twice: whoever gets the mail comes in."),
        error_messages={
            "required": _("Give the e-mail address of the person."),
            "invalid": _("Write the whole address, such as ann@example.org."),
        },
    )
    desk = forms.ModelChoiceField(
        label=_("Desk"),
        queryset=Desk.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose a desk."), "invalid_choice": _("Choose a desk.")},
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, initial=Role.CHECKER.value)

    def __init__(self, *args: Any, desks: QuerySet[Desk], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["desk"]
        chosen.queryset = desks


class AcceptForm(RefusableForm):
    """``password`` is asked once: the browser shows it, and the next sign-in proves it."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("As colleagues and readers see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give your name.")},
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        help_text=password_validators_help_text_html(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )

    def clean_name(self) -> str:
        """One line, without what makes a name look like another's."""
        name = "".join(char for char in self.cleaned_data["name"] if char.isprintable())
        return " ".join(name.split())
