"""The pages of the administration on which one looks through the audit and takes entries away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claimtracker.accounts.admin_base import ModerationAdmin, RowLink
from claimtracker.kernel.errors import ActionRefused

from .looking import CSV, LINES, Asked, export, kinds, page_for, verbs

TYPES = {CSV: "text/csv; charset=utf-8", LINES: "application/jsonl; charset=utf-8"}
LOOK, EXPORT = "ledger_auditentry_look", "ledger_auditentry_export"


class LookingThrough(ModerationAdmin):
    """Adds both pages to the admin of the entries."""

    def get_urls(self) -> list[URLPattern]:
        look, take = self.admin_site.admin_view(self.look_view), self.admin_site.admin_view(self.export_view)
        own = [path("look/", look, name=LOOK), path("export/", take, name=EXPORT)]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        links = [RowLink(_("Look through the audit"), reverse(f"admin:{LOOK}"))]
        return super().changelist_view(request, {"list_links": links, **(extra_context or {})})

    def look_view(self, request: HttpRequest) -> HttpResponse:
        """Newest first, a page at a time: ``?before=<number>``."""
        asked = Asked.of(request.GET.dict())
        before = request.GET.get("before", "")
        page = page_for(
            asked, before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
        )
        params = asked.as_params()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _title(asked),
            "asked": asked,
            "params": params,
            "verbs": verbs(),
            "kinds": kinds(),
            "rows": [_row(facts) for facts in page.rows],
            "newest_url": f"?{urlencode(params)}" if before else "",
            "older_url": f"?{urlencode({**params, 'before': page.older})}" if page.older else "",
        }
        return TemplateResponse(request, "admin/look.html", context)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        return require_POST(_export)(request)


def _export(request: HttpRequest) -> HttpResponseBase:
    asked = Asked.of(request.POST.dict())
    form = request.POST.get("form", CSV)
    form = form if form in TYPES else CSV
    try:
        lines = export(asked, by=request.user, form=form)
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return HttpResponseRedirect(f"{reverse(f'admin:{LOOK}')}?{urlencode(asked.as_params())}")
    response = StreamingHttpResponse(lines, content_type=TYPES[form])
    name = f"audit-{timezone.localtime():%Y%m%d-%H%M%S}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _title(asked: Asked) -> str:
    if asked.subject_type and asked.subject_id:
        about = {"kind": asked.subject_type, "id": asked.subject_id}
        return _("Everything that happened to %(kind)s %(id)s") % about
    return _("Look through the audit")


def _row(facts: dict[str, Any]) -> dict[str, Any]:
    subject = facts["subject"]
    thing = urlencode({"subject_type": subject["type"], "subject_id": subject["id"]})
    return {
        **facts,
        "at": parse_datetime(facts["at"]),
        "url": reverse("admin:ledger_auditentry_change", args=[facts["number"]]),
        "subject_url": _page_of(subject["type"], subject["id"]),
        "all_of_it": f"?{thing}",
        "all_by_them": f"?{urlencode({'person': facts['by']['ref']})}",
    }


def _page_of(kind: str, key: str) -> str:
    """The page of the thing itself, where the administration has one."""
    app, _point, model = kind.partition(".")
    try:
        return reverse(f"admin:{app}_{model}_change", args=[key])
    except NoReverseMatch:
        return ""
