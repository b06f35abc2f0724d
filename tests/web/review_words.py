"""What the people of these tests type into the claim's page, and where it stands."""

from __future__ import annotations

from claims.models import Claim

SOURCE = {
    "url": "https://stats.example/roads",
    "title": "Road accounts",
    "publisher": "Audit office",
    "source_kind": "primary",
    "stance": "refutes",
    "quotation": "Roads: 1.7 million.",
    "note": "Audited.",
    "citation": "",
}
FINDING = {
    "rating": "false",
    "summary": "The accounts show a third of that.",
    "rationale": "The audited accounts list the spending line by line.",
}


def url(claim: Claim, path: str = "") -> str:
    """The address of a claim's page, or of an action under it."""
    return f"/claims/{claim.pk}/{path}"
