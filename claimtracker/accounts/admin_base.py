"""What every room's admin is made of: permissions by role, bounded lists, refusals as messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models, transaction
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.errors import ActionRefused

from .admin_deciding import DecidingAdmin
from .admin_deciding import Glimpse as Glimpse  # rooms take it from here
from .moderation import may_moderate, moderated
from .moderation_flow import step_of
from .narrowing import NarrowedByWhatIsShown

COUNTED_ROWS = 10_000
SEARCHED_ROWS = 100_000
INLINE_ROWS = 50


@dataclass(frozen=True, slots=True)
class RowLink:
    """A button on a row's page that leads on."""

    label: str
    url: str


class CappedPaginator(Paginator):
    """Counts up to 10,000 rows: a list's first page must not wait for a count of millions."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if not isinstance(rows, models.QuerySet):
            return len(rows)
        return rows.order_by()[:COUNTED_ROWS].count()

    @property
    def is_capped(self) -> bool:
        return self.count >= COUNTED_ROWS


class ByRole:
    """Everything may be looked at by a moderator. Nothing may be changed, unless a class says more."""

    decides_by_role = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_moderate(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """For ``@admin.action(permissions=["moderate"])``."""
        return may_moderate(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ModerationAdmin(ByRole, NarrowedByWhatIsShown, DecidingAdmin):
    """A list and a detail page, read-only. ``hidden`` fields (secrets, salts) are shown to nobody.

    ``exact_search`` names indexed fields that are compared whole, over all rows; words are then looked for in
    ``search_fields`` of the newest 100,000 rows only (all rows where ``is_small``).
    """

    hidden: Sequence[str] = ()
    extra_fields: Sequence[str] = ()
    exact_search: Sequence[str] = ()
    is_small = False
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    search_help_text: ClassVar[Any] = _(
        "A number or an identifier finds any row; words are looked for in the newest 100,000."
    )
    actions_selection_counter = True

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [
            *(field.name for field in self.model._meta.fields if field.name not in self.hidden),
            *self.extra_fields,
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        exact = self._exactly(term)
        if exact and queryset.filter(exact).exists():
            return queryset.filter(exact), False
        if not self.is_small:
            newest = self.model._default_manager.aggregate(newest=models.Max("pk"))["newest"] or 0
            queryset = queryset.filter(pk__gt=newest - SEARCHED_ROWS)
        return super().get_search_results(request, queryset, term)

    def _exactly(self, term: str) -> models.Q:
        found = models.Q()
        if term.isascii() and term.isdigit() and len(term) < 19:
            found |= models.Q(pk=int(term))
        for name in self.exact_search:
            if isinstance(self.model._meta.get_field(name), models.UUIDField):
                if uuid := _as_uuid(term):
                    found |= models.Q(**{name: uuid})
            else:
                found |= models.Q(**{name: term})
        return found

    def offered_actions(self, obj: Any) -> Iterable[str]:
        """Names of the actions that make sense for this row: buttons on its page."""
        return ()

    def offered_links(self, obj: Any) -> Iterable[RowLink]:
        """Where one goes on from this row: links beside the buttons on its page."""
        return ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        extra: dict[str, Any] = {}
        row = self.get_object(request, object_id) if object_id else None
        if row is not None and request.method == "GET":
            extra = {
                "row_actions": self.buttons(request, self.offered_actions(row)),
                "row_links": list(self.offered_links(row)),
                "subject_type": self.opts.label_lower,
                **step_of(request),
            }
        return super().changeform_view(request, object_id, form_url, {**extra, **(extra_context or {})})


class OwnedAdmin(ModerationAdmin):
    """Rows that moderators themselves keep: no action function owns their state. Changes are audited."""

    is_small = True
    search_help_text = ""
    form_fields: Sequence[str] = ()
    fixed_once_made: Sequence[str] = ()
    may_be_deleted = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_be_deleted and may_moderate(request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*self.form_fields, *(self.extra_fields if obj else ())]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*self.extra_fields, *(self.fixed_once_made if obj else ())]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.tell(request, obj, "changed" if change else "added", form.changed_data, form.initial)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            self.tell(request, row, "added", [])
        before = {each.instance.pk: each.initial for each in formset.initial_forms}
        for row, fields in formset.changed_objects:
            self.tell(request, row, "changed", fields, before.get(row.pk))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.tell(request, obj, "deleted", [])
        super().delete_model(request, obj)

    def tell(
        self,
        request: HttpRequest,
        obj: Any,
        change: str,
        fields: Sequence[str],
        before: Mapping[str, Any] | None = None,
    ) -> None:
        """Inside the transaction of the change: the ledger listens."""
        if change == "changed" and not fields:
            return
        stood = {name: before.get(name) for name in fields} if before and change == "changed" else {}
        moderated.send(
            sender=type(obj), by=request.user, subject=obj, change=change, fields=sorted(fields), before=stood
        )


class FirstRows(BaseInlineFormSet):
    """No page reads more than these, however many rows there are; their own list has them all."""

    def get_queryset(self) -> models.QuerySet[Any]:
        if not hasattr(self, "_first"):
            self._first = super().get_queryset()[:INLINE_ROWS]
        return self._first

    @property
    def is_cut(self) -> bool:
        return len(self.get_queryset()) >= INLINE_ROWS


class RowsInline(ByRole, admin.TabularInline):
    """The first rows of another model under this one, to look at."""

    formset = FirstRows
    template = "admin/rows_inline.html"
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return list(self.fields or ())


class OwnedInline(ByRole, admin.TabularInline):
    """Rows that moderators keep together with this one."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_moderate(request.user)


@transaction.atomic
def make_default(row: Any) -> None:
    """Make this row the one default of its table (a desk, a rating scale). Locks it and the old default.

    Raises ActionRefused when it is the default already.
    """
    rows = type(row)._default_manager.select_for_update()
    defaults = list(rows.filter(models.Q(is_default=True) | models.Q(pk=row.pk)).order_by("pk"))
    if any(found.pk == row.pk and found.is_default for found in defaults):
        raise ActionRefused(gettext("This is the default already."), code="already_default")
    type(row)._default_manager.filter(is_default=True).update(is_default=False)
    type(row)._default_manager.filter(pk=row.pk).update(is_default=True)


def _as_uuid(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None
