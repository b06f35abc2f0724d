"""A draft that was looked at, with a remark of every kind."""

from __future__ import annotations

from typing import Any

from claims import states
from claims.actions.drafts import bring_draft
from claims.draft_reading import quotations_beside
from claims.models import Draft
from claimtracker.accounts.models import Desk, User

TRANSCRIPT = (
    "MARSH: We have never missed a single payment. I can promise you the new homes will be ready in spring.\n"
    "OKAFOR: Burglaries are down by 12 per cent since the spring, and that is still too many.\n"
)
BODY = (
    "Eastmouth council has built 900 homes since May. Its towns spend less a head on schools than any "
    "other.\n\n“We have never missed payments,” the treasurer Helen Marsh told the chamber. “I can promise "
    "you the new homes may be ready in spring.”\n\n"
    "The police commissioner Ines Okafor said that burglaries had fallen by 21 per cent since the spring. "
    "The hospital has closed 92 beds, a nurse claimed. “Nobody has asked any of us about it,” he said. The "
    "new tram line costs each household £61.\n"
)


def draft_with_remarks(by: User, desk: Desk) -> Draft:
    draft = bring_draft(by=by, desk=desk, title="Homes, for Thursday", body=BODY, transcript=TRANSCRIPT)
    quotations = [one.as_json(BODY) for one in quotations_beside(BODY, TRANSCRIPT)]
    remarks = {"claims": _claims(), "quotations": quotations, "figures": [_figure()]}
    for state in (states.READ, states.LOOKED_UP):
        draft.state, draft.remarks = state, remarks
        draft.save(update_fields=["state", "remarks"])
    return draft


def _claims() -> list[dict[str, Any]]:
    said = "The hospital has closed 92 beds"
    others = "Its towns spend less a head on schools than any other"
    return [
        _claim("Eastmouth council has built 900 homes since May", unsourced=True),
        _claim(others, known=[_known(others, "Half true", is_false=False)]),
        _claim(said, claimant="a nurse", known=[_known(f"{said} since May", "False", is_false=True)]),
        _claim("The new tram line costs each household £61", claimant="Colm Darragh"),
    ]


def _claim(text: str, **facts: Any) -> dict[str, Any]:
    start = BODY.index(text)
    place = {"start": start, "end": start + len(text), "text": text, "score": 0.8}
    return {**place, "claimant": "", "unsourced": False, "known": [], **facts}


def _known(text: str, rating: str, *, is_false: bool) -> dict[str, Any]:
    found = {"text": text, "rating": rating, "is_false": is_false, "publisher": "Checks of the Coast"}
    return {**found, "url": "https://checks.example/1", "grade": "strong", "reasons": ["Both say 92 beds"]}


def _figure() -> dict[str, Any]:
    figure, statement = "21 per cent", "burglaries had fallen by 21 per cent since the spring"
    start, within = BODY.index(figure), BODY.index(statement)
    return {
        "start": start,
        "end": start + len(figure),
        "within": [within, within + len(statement)],
        "claimant": "Ines Okafor",
        "said": "OKAFOR: Burglaries are down by 12 per cent since the spring, and that is still too many.",
        "instead": "12 per cent",
    }
