"""Claims as the API gives them, in one statement for a whole page.

``ClaimSerializer`` over ``selectors.claims_of`` says what an answer is, in the schema and in the tests, which
compare the two. There a page takes four statements and several hundred objects; a list that a newsroom asks
for all day takes one and none. What a partner may see is decided by ``claims_of``, whose ids come in here; of
the places of a claim those in the partner's own articles, as ``selectors.own_appearances`` has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from claims import states as claim_states
from claimtracker.kernel.prepared import Prepared
from claimtracker.partners.models import Partner
from reviews import states as review_states
from reviews.models import Change

from .review_status import Stage
from .sparse import EVERYTHING, Wanted

# by field of the answer: what is selected for it
COLUMNS = {
    "id": "c.public_id",
    "text": "c.text",
    "changes": "c.changes::text",
    "claimant": "said.name",
    "kind": "c.kind",
    "score": "c.score",
    "topics": "route.topics::text",
    "language": "place.language",
    "text_state": (
        "CASE WHEN place.is_reworded THEN 'reworded' WHEN place.stands THEN 'same' "
        "WHEN place.is_looked_for THEN 'unknown' ELSE 'removed' END"
    ),
    "created_at": "c.created_at",
    "updated_at": (
        "greatest(c.changed_at, place.newest, place.gone, task.newest, verdict.newest, publication.newest, "
        "route.newest, restricted.changed_at)"
    ),
    "review": "restricted.withheld_at IS NOT NULL, c.state, task.is_taken, verdict.is_there, "
    "publication.public_id, publication.change, publication.rating, publication.url, "
    "publication.published_at",
    "appearances": "place.rows::text",
}
JOINS: dict[str, tuple[str, frozenset[str]]] = {
    "said": ("LEFT JOIN claims_claimant said ON said.id = c.claimant_id", frozenset({"claimant"})),
    "place": (
        # other is claims.selectors.other_words
        """LEFT JOIN LATERAL (
    WITH RECURSIVE step (id) AS (
        SELECT n.new_appearance_id
          FROM claims_appearance was
          JOIN claims_anchoring n ON n.appearance_id = was.id
          JOIN claims_articleversion t ON t.id = n.to_version_id
         WHERE was.claim_id = c.id AND n.fate = 'reworded' AND n.new_appearance_id IS NOT NULL
           AND (c.edited_at IS NULL OR c.edited_at < t.created_at)
         UNION
        SELECT n.new_appearance_id
          FROM step JOIN claims_anchoring n ON n.appearance_id = step.id
         WHERE n.new_appearance_id IS NOT NULL)
    SELECT array_agg(id) AS ids FROM step) other ON true
LEFT JOIN LATERAL (
    SELECT max(a.created_at) AS newest, max(gone.at) AS gone,
           (array_agg(art.language ORDER BY a.id))[1] AS language,
           bool_or(later.is_looked_for IS NULL) AS stands,
           bool_or(later.is_looked_for) AS is_looked_for,
           bool_or(later.is_looked_for IS NULL AND a.id = ANY (other.ids)) AS is_reworded,
           json_agg(json_build_object(
               'article', art.public_id, 'version', v.number,
               'is_newest_version', later.is_looked_for IS NULL, 'quote', a.quote, 'start', a.start,
               'end', a."end", 'fate', (SELECT n.fate FROM claims_anchoring n
                   WHERE n.new_appearance_id = a.id ORDER BY n.id DESC LIMIT 1),
               'attribution', a.attribution, 'rank', a.rank, 'reasons', a.reasons,
               'parts', json_build_object(
                   'quantities', coalesce(a.parts->'quantities', '[]'),
                   'dates', coalesce(a.parts->'dates', '[]'),
                   'names', coalesce(a.parts->'names', '[]'))) ORDER BY a.id) AS rows
      FROM claims_appearance a
      JOIN claims_articleversion v ON v.id = a.version_id
      JOIN claims_article art ON art.id = v.article_id
      LEFT JOIN LATERAL (
          SELECT bool_or(NOT EXISTS (SELECT FROM claims_following f WHERE f.version_id = w.id)
                     AND NOT EXISTS (SELECT FROM claims_extractionrun r WHERE r.version_id = w.id))
                 AS is_looked_for
            FROM claims_articleversion w WHERE w.article_id = v.article_id AND w.number > v.number
      ) later ON true
      LEFT JOIN LATERAL (
          SELECT max(n.created_at) AS at FROM claims_anchoring n
           WHERE n.appearance_id = a.id AND n.new_appearance_id IS NULL) gone ON true
     WHERE a.claim_id = c.id AND art.origin = $1) place ON true""",
        frozenset({"appearances", "language", "text_state", "updated_at"}),
    ),
    "task": (
        """LEFT JOIN LATERAL (
    SELECT max(changed_at) AS newest, coalesce(bool_or(state = $2), false) AS is_taken
      FROM reviews_reviewtask WHERE claim_id = c.id) task ON true""",
        frozenset({"review", "updated_at"}),
    ),
    "verdict": (
        """LEFT JOIN LATERAL (
    SELECT max(created_at) AS newest, count(*) > 0 AS is_there
      FROM reviews_verdict WHERE claim_id = c.id) verdict ON true""",
        frozenset({"review", "updated_at"}),
    ),
    "publication": (
        """LEFT JOIN LATERAL (
    SELECT public_id, change, snapshot #>> '{rating,label}' AS rating, snapshot ->> 'url' AS url,
           published_at, max(published_at) OVER () AS newest
      FROM reviews_publication WHERE claim_id = c.id ORDER BY number DESC LIMIT 1) publication ON true""",
        frozenset({"review", "updated_at"}),
    ),
    "restricted": (
        "LEFT JOIN claims_restrictedclaim restricted ON restricted.claim_id = c.id",
        frozenset({"review", "updated_at"}),
    ),
    "route": (
        """LEFT JOIN LATERAL (
    SELECT r.routed_at AS newest,
           (SELECT json_agg(json_build_object('slug', t.slug, 'name', t.name) ORDER BY t.name)
              FROM reviews_claimroute_topics rt JOIN reviews_topic t ON t.id = rt.topic_id
             WHERE rt.claimroute_id = r.id) AS topics
      FROM reviews_claimroute r WHERE r.claim_id = c.id) route ON true""",
        frozenset({"topics", "updated_at"}),
    ),
}
# selectors.own_appearances, for one claim
STANDS = (
    "SELECT FROM claims_appearance own JOIN claims_articleversion text ON text.id = own.version_id "
    "JOIN claims_article art ON art.id = text.article_id WHERE own.claim_id = c.id AND art.origin = $1"
)
OPEN = {"publication": None, "rating": None, "url": None, "published_at": None}


def claim_answers(
    ids: Sequence[int], partner: Partner, *, wanted: Wanted = EVERYTHING
) -> list[dict[str, Any]]:
    """The claims of these ids, in their order. One statement however many there are."""
    rows = "unnest($3) WITH ORDINALITY AS asked (id, place) JOIN claims_claim c ON c.id = asked.id"
    return _answers("claims_of_ids", "bigint[]", rows, "ORDER BY asked.place", list(ids), partner, wanted)


def claim_answer(id: UUID, partner: Partner, *, wanted: Wanted = EVERYTHING) -> dict[str, Any] | None:
    """The claim of this public id, by one statement; None unless it stands in an article of the partner."""
    stands = f"WHERE c.public_id = $3 AND EXISTS ({STANDS})"
    found = _answers("claim_of_public_id", "uuid", "claims_claim c", stands, id, partner, wanted)
    return found[0] if found else None


def _answers(
    name: str, kind: str, rows: str, rest: str, value: Any, partner: Partner, wanted: Wanted
) -> list[dict[str, Any]]:
    names = tuple(name for name in COLUMNS if name in wanted)
    statement = _statement(name, kind, rows, rest, names)
    values = (partner.origin, review_states.TAKEN, value)
    # one plan for whole answers; anybody may ask for any fields, and each plan takes room in every connection
    found = statement.rows(*values) if len(names) == len(COLUMNS) else statement.planned_anew(*values)
    return [_answer(names, row) for row in found]


@lru_cache(maxsize=256)
def _statement(name: str, kind: str, rows: str, rest: str, names: tuple[str, ...]) -> Prepared:
    """Reads nothing that no field of ``names`` shows."""
    columns = ", ".join(COLUMNS[name] for name in names)
    joins = "\n".join(join for join, fields in JOINS.values() if fields & set(names))
    sql = f"SELECT {columns}\nFROM {rows}\n{joins}\n{rest}"
    return Prepared(name, ("text", "text", kind), sql)


def _answer(names: tuple[str, ...], row: Sequence[Any]) -> dict[str, Any]:
    values = iter(row)
    answer: dict[str, Any] = {}
    for name in names:
        if name == "review":
            answer[name] = _review(*(next(values) for _column in range(9)))
        elif name in ("changes", "topics", "appearances"):
            stored = next(values)
            answer[name] = orjson.loads(stored) if stored else []
        else:
            answer[name] = next(values)
    if "language" in answer:
        answer["language"] = answer["language"] or None
    return answer


def _review(
    is_withheld: bool,
    state: str,
    is_taken: bool,
    has_verdict: bool,
    publication: Any,
    change: str | None,
    rating: str | None,
    url: str | None,
    published_at: Any,
) -> dict[str, Any]:
    """As review_status."""
    if is_withheld:
        return {"status": Stage.WITHHELD, **OPEN}
    if publication is not None:
        is_retracted = change == Change.RETRACTION
        return {
            "status": Stage.RETRACTED if is_retracted else Stage.PUBLISHED,
            "publication": publication,
            "rating": None if is_retracted else rating,
            "url": url,
            "published_at": published_at,
        }
    if state in claim_states.SET_ASIDE:
        return {"status": Stage.DISMISSED, **OPEN}
    return {"status": Stage.IN_REVIEW if is_taken or has_verdict else Stage.WAITING, **OPEN}
