"""What is served of published snapshots. They never change; a source that was made confidential after they
went out is left out of what anybody gets of them, as it would be today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from claims.models import Claim

from ..models import Evidence, Publication, Source
from .cited import WITHHELD_TITLE, withheld_facts

LISTS = ("topics", "appearances", "evidence", "corrections", "rechecks", "standards")


@dataclass(frozen=True, slots=True)
class _Secrets:
    """Confidential sources: by key, and (for older snapshots, which name no key) by claim and address."""

    keys: frozenset[int]
    addresses: frozenset[tuple[int, str]]


def withhold(publications: Iterable[Publication]) -> list[Publication]:
    """``publications`` with what must not be read blanked in ``snapshot`` and ``findings``, and
    ``is_withheld_since`` set where that is so. They are never saved: the database refuses it."""
    rows = list(publications)
    secrets = _secrets_of(rows)
    for publication in rows:
        evidence = publication.snapshot.get("evidence", [])
        hidden = [item for item in evidence if _is_secret(item, publication, secrets)]
        if hidden:
            _blank(publication, hidden)
    return rows


def withheld_snapshot(snapshot: dict[str, Any], restriction: dict[str, Any]) -> dict[str, Any]:
    """In place of the snapshot of a check that is hidden or taken down: which claim it is about, and nothing
    that it says."""
    claim = {"id": snapshot["claim"]["id"], "text": "", "quote": "", "kind": snapshot["claim"]["kind"]}
    return {
        "claim": claim,
        "claimant": None,
        "attribution": snapshot["attribution"],
        **{
            name: [] for name in ("topics", "appearances", "evidence", "corrections", "rechecks", "standards")
        },
        "right_of_reply": None,
        "rating": None,
        "summary": "",
        "rationale": "",
        "url": "",
        "version": snapshot["version"],
        "published_at": snapshot["published_at"],
        "restriction": restriction,
    }


def _blank(publication: Publication, hidden: list[dict[str, Any]]) -> None:
    snapshot, titles = publication.snapshot, [item["source"]["title"] for item in hidden]
    publication.snapshot = {
        **snapshot,
        "evidence": [withheld_facts(item) if item in hidden else item for item in snapshot["evidence"]],
        "standards": [_without(titles, item) for item in snapshot.get("standards", [])],
    }
    publication.findings = [_without(titles, item) for item in publication.findings]
    publication.is_withheld_since = True


def _without(titles: list[str], finding: dict[str, str]) -> dict[str, str]:
    """A finding may name the sources that it is about."""
    for title in titles:
        finding = {name: text.replace(title, str(WITHHELD_TITLE)) for name, text in finding.items()}
    return finding


def _is_secret(item: dict[str, Any], publication: Publication, secrets: _Secrets) -> bool:
    if item.get("is_withheld"):
        return False
    key = item["source"].get("id")
    if key is not None:
        return key in secrets.keys
    return (publication.claim_id, _address(item)) in secrets.addresses


def _secrets_of(publications: Sequence[Publication]) -> _Secrets:
    keys: set[int] = set()
    unkeyed: dict[int, set[str]] = {}
    for publication in publications:
        for item in publication.snapshot.get("evidence", []):
            if item.get("is_withheld"):
                continue
            if (key := item["source"].get("id")) is not None:
                keys.add(key)
            else:
                unkeyed.setdefault(publication.claim_id, set()).add(_address(item))
    secret = Source.objects.filter(is_confidential=True)
    found = secret.filter(pk__in=keys).values_list("pk", flat=True) if keys else ()
    return _Secrets(frozenset(found), _secret_addresses(unkeyed) if unkeyed else frozenset())


def _secret_addresses(unkeyed: dict[int, set[str]]) -> frozenset[tuple[int, str]]:
    """Claim and address, where the claim cites a confidential source of that address, or its desk has one."""
    addresses = set().union(*unkeyed.values())
    secret = {row.pk: row for row in Source.objects.protected_at(addresses)}
    if not secret:
        return frozenset()
    cited = Evidence.objects.filter(source__in=secret, claim__in=unkeyed).values_list("claim_id", "source_id")
    desks = dict(Claim.objects.filter(pk__in=unkeyed).values_list("pk", "desk_id"))
    theirs = {
        (claim, pk) for claim, desk in desks.items() for pk, row in secret.items() if row.desk_id == desk
    }
    return frozenset((claim, secret[pk].url or secret[pk].citation) for claim, pk in {*cited, *theirs})


def _address(item: dict[str, Any]) -> str:
    source = item["source"]
    return str(source.get("url") or source.get("citation") or "")
