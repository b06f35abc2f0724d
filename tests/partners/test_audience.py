"""An event that concerns one partner is told to that partner alone."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from claimtracker.ledger import outbox
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.actions import fan_out
from tests.factories import make_desk, make_endpoint, make_partner


@pytest.mark.django_db
def test_only_the_audience_is_told() -> None:
    wire, other = make_partner("wire"), make_partner("other")
    for number, partner in enumerate((wire, wire, other)):
        make_endpoint(partner, url=f"https://receiver.example/{number}")
    event = outbox.emit(
        "request.answered", subject=make_desk(), payload={"request": "1"}, audience=wire.origin
    )
    told = fan_out(event)
    assert {delivery.endpoint.partner for delivery in told} == {wire}
    assert len(told) == 2


@pytest.mark.django_db
def test_an_addressed_event_without_an_audience_is_refused_and_told_to_nobody() -> None:
    make_endpoint(make_partner("wire"), url="https://receiver.example/")
    with pytest.raises(ValueError, match="name its origin"), transaction.atomic():
        outbox.emit("request.answered", subject=make_desk())
    stray = OutboxEvent.objects.create(
        type="request.answered", subject_type="tests", subject_id="1", created_at=timezone.now()
    )
    assert fan_out(stray) == []
