"""A person's data: all of it as a file, for moderators and for the person, and taking it out."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from claimtracker.accounts.models import User
from claimtracker.accounts.moderation import moderation_page
from claimtracker.kernel.errors import ActionRefused

from ..privacy.deciding import Fate
from ..privacy.erasure import can_erase_person, erase_person, preview_of
from ..privacy.export import export_person

FATES = {
    Fate.GOES: gettext_lazy("Goes"),
    Fate.BLANKED: gettext_lazy("Is emptied"),
    Fate.KEPT: gettext_lazy("Stays, without a name"),
    Fate.PUBLIC: gettext_lazy("Stays as it was published"),
}


class ErasureForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        required=False,  # the action asks for it, in its own words
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=gettext_lazy("Who asked for it, and when. It stands in the audit."),
    )
    typed_name = forms.CharField(
        label=gettext_lazy("Their name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Type it as it stands above: nothing of this can be undone."),
    )


@moderation_page("people/<int:pk>/erase/", name="person_erase")
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """What will go and what stays, then the name to type."""
    person = get_object_or_404(User, pk=pk)
    allowed = can_erase_person(request.user, person)
    form = ErasureForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                erase_person(person, by=request.user, **form.cleaned_data)  # type: ignore[arg-type] # behind the door of the administration
            except ActionRefused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
                status = 422 if refusal.field else 409
            else:
                messages.success(request, _("Everything that was theirs alone is gone."))
                return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Erase %(person)s") % {"person": person},
        "opts": User._meta,
        "original": person,
        "allowed": allowed,
        "lines": [(line, FATES[line.fate]) for line in preview_of(person)],
        "form": form,
    }
    return TemplateResponse(request, "admin/erase_person.html", context, status=status)


@moderation_page("people/<int:pk>/data.json", name="person_export")
@require_safe
@never_cache
def theirs(request: HttpRequest, pk: int) -> HttpResponse:
    """For moderators: without what is private to the person."""
    return _file(request, get_object_or_404(User, pk=pk))


@login_required
@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Everything that is held of oneself."""
    return _file(request, request.user)


def _file(request: HttpRequest, person: Any) -> HttpResponse:
    facts = export_person(person, by=request.user)  # type: ignore[arg-type] # signed in, by the decorators above
    text = json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2) + "\n"
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="person-{person.pk}.json"'
    return response
