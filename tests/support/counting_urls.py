"""The site with one more endpoint of the partner API: each POST that works adds an audit entry, so that one
done twice is seen. While the file that COUNTING_PAUSE names exists, it stops in the middle."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from claimtracker.api.v1.base import PartnerView
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.models import Scope
from claimtracker.urls import urlpatterns as of_the_site

COUNTED = "tests.counted"


class CountView(PartnerView):
    scopes = {"POST": Scope.SUBMIT, "PATCH": Scope.SUBMIT}
    http_method_names = ["post", "patch"]
    schema = None

    def post(self, request: Request) -> Response:
        """Counts, and then does what the body says: ``refuse``, ``fail`` or nothing more."""
        entry = audit.record(
            COUNTED, by=self.principal.audit_actor(), subject=self.principal.partner, details=request.data
        )
        self._pause()
        if request.data.get("refuse"):
            raise ActionRefused("It was refused.", code="refused")
        if request.data.get("fail"):
            raise RuntimeError("it failed")
        return Response({"entry": entry.pk}, status=201, headers={"Location": f"/{entry.pk}"})

    patch = post

    def _pause(self) -> None:
        mark = os.environ.get("COUNTING_PAUSE")
        while mark and Path(mark).exists():
            Path(f"{mark}.reached").touch()
            time.sleep(0.05)


class KeyRequiredView(CountView):
    key_is_required = True


class NothingKeptView(CountView):
    keeps_nothing = True

    def post(self, request: Request) -> Response:
        return Response({"asked": AuditEntry.objects.count()})


urlpatterns = [
    path("api/v1/tests/count", CountView.as_view()),
    path("api/v1/tests/count/", CountView.as_view()),
    path("api/v1/tests/count-with-key", KeyRequiredView.as_view()),
    path("api/v1/tests/keep-nothing", NothingKeptView.as_view()),
    *of_the_site,
]
