"""What partners ask us to check."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims import states
from claims.actions.check_requests import LONGEST, LONGEST_NOTE, SHORTEST

from .fields import Flag, Id, Text, Timestamp, WebAddress
from .serializers import language_tag
from .strict import StrictSerializer

REQUEST_STATES = [(state, state) for state in states.CHECK_REQUEST.states]


class CheckRequestSubmissionSerializer(StrictSerializer):
    text = Text(
        min_length=SHORTEST,
        max_length=LONGEST,
        help_text="What is claimed, in one sentence that stands on its own.",
        error_messages={"min_length": f"Say it in a sentence, of {SHORTEST} characters at least."},
    )
    url = WebAddress(
        required=False, max_length=2000, help_text="Where it is claimed; only our moderators see it."
    )
    language = language_tag()
    note = Text(
        required=False,
        max_length=LONGEST_NOTE,
        help_text="Why it should be checked. The newsroom reads it, no other partner.",
    )
    shared = Flag(
        required=False,
        help_text="Whether other partners may see and vote for it; true unless told. Never who asked.",
    )
    differs_from = Id(
        required=False,
        help_text="A publication that we gave as the answer and that is about another claim: your request is "
        "one of its own then, and a person looks at it. Say in note what differs.",
    )


class VoteSerializer(StrictSerializer):
    note = Text(required=False, max_length=LONGEST_NOTE, help_text="Why. No other partner reads it.")
    url = WebAddress(
        required=False, max_length=2000, help_text="Where you met it; only our moderators see it."
    )


class CheckRequestSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    text = serializers.SerializerMethodField(help_text="In your own words, where you asked for it.")
    language = serializers.CharField()
    status = serializers.ChoiceField(
        REQUEST_STATES,
        source="state",
        help_text=(
            "received: nobody decided yet; accepted: it is checked, as claim; declined: reason says why; "
            "answered: read the publication."
        ),
    )
    reason = serializers.CharField(help_text="Why it was declined; empty otherwise.")
    claim = serializers.UUIDField(source="claim.public_id", default=None, allow_null=True)
    publication = serializers.UUIDField(allow_null=True)
    votes = serializers.IntegerField(
        source="vote_count", min_value=1, help_text="How many partners ask for it."
    )
    voted = serializers.BooleanField(help_text="Whether you do.")
    note = serializers.SerializerMethodField(help_text="Your own.")
    url = serializers.SerializerMethodField(help_text="Your own.")
    created_at = Timestamp()
    updated_at = Timestamp()

    def get_text(self, request: Any) -> str:
        return next((vote.text for vote in request.own_votes if vote.text), request.text)

    def get_note(self, request: Any) -> str:
        return next((vote.note for vote in request.own_votes), "")

    def get_url(self, request: Any) -> str:
        return next((vote.url for vote in request.own_votes), "")
