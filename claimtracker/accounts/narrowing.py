"""By what a list of the administration may be narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest


class NarrowedByWhatIsShown(admin.ModelAdmin):
    """Nobody learns by a list's address what its rows do not show."""

    hidden: Sequence[str] = ()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """No list is narrowed by what its rows do not show: whether ``?password__startswith=`` finds a row
        would tell a hash, or a webhook's secret, letter by letter."""
        if request is None:
            return False
        name = lookup.split(LOOKUP_SEP, 1)[0]
        is_a_field = name in {field.name for field in self.model._meta.concrete_fields}
        if is_a_field and name not in self._narrowed_by(request):
            return False
        return super().lookup_allowed(lookup, value, request)

    def _narrowed_by(self, request: HttpRequest) -> set[Any]:
        """The fields that a row's page, the list or its filters show, and the key."""
        pages = [*self.get_fields(request, self.model()), *self.get_list_display(request)]
        filters = [
            each[0] if isinstance(each, tuple | list) else each for each in self.get_list_filter(request)
        ]
        return {self.model._meta.pk.name, *pages, *filters} - set(self.hidden)
