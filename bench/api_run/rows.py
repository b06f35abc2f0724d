"""A partner whose articles hold very many claims, a tenth of them checked and public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BATCH = 20_000
KNOWN_SHARE = 10  # one in so many claims is known from elsewhere, too: what a match is looked for in
# Every claim has its own number, and words that some, many or most others have too.
WORDED = """
WITH words AS (SELECT
    ARRAY['Eastmouth','Northfield','Kirby','Alder Bay','Stonebridge','Hartwell','Marlow','Penwith',
          'Ashdown','Lowmoor','Redcliff','Sandwell','Tarn Valley','Upton','Wexcombe','Yarrow',
          'Brackley'] AS places,
    ARRAY['council','hospital trust','police','university','water company','school board','fire service',
          'housing agency','port authority','rail operator','transport office'] AS bodies,
    ARRAY['spent','saved','lost','borrowed','promised','returned','received'] AS verbs,
    ARRAY['roads','bridges','nurses','teachers','flood defences','buses','new homes','street lights',
          'libraries','playgrounds','recycling','broadband','school meals'] AS things)
UPDATE claims_claim SET
    text = format('The %%s %%s %%s %%s million pounds on %%s in %%s',
                  places[1 + id %% 17], bodies[1 + id %% 11], verbs[1 + id %% 7], id, things[1 + id %% 13],
                  2005 + id %% 19),
    changes = CASE WHEN id %% 3 = 0
              THEN '[{"start": 0, "end": 3, "was": "Our", "why": "reference"}]'::jsonb ELSE '[]'::jsonb END
  FROM words WHERE extractor_version = 'bench' AND id BETWEEN %(first)s AND %(last)s
"""
PLACED = """
UPDATE claims_appearance a SET
    quote = c.text, "end" = char_length(c.text),
    reasons = ARRAY['an amount of money', 'spending of a public body'],
    parts = jsonb_build_object(
        'quantities', jsonb_build_array(jsonb_build_object(
            'start', 20, 'end', 32, 'low', c.id * 1e6, 'high', c.id * 1e6, 'unit', 'GBP',
            'approximation', 'exact')),
        'dates', '[]'::jsonb, 'names', '[]'::jsonb)
  FROM claims_claim c
 WHERE c.id = a.claim_id AND c.extractor_version = 'bench' AND c.id BETWEEN %(first)s AND %(last)s
"""
TOLD = """
UPDATE claims_articleversion v SET body = a.quote || '. ' || repeat('More words. ', 200)
  FROM claims_appearance a JOIN claims_claim c ON c.id = a.claim_id
 WHERE a.version_id = v.id AND c.extractor_version = 'bench' AND c.id BETWEEN %(first)s AND %(last)s
"""
SENT = "UPDATE claims_article SET origin = %(origin)s, channel = 'api' WHERE external_id LIKE 'bench-%%'"


@dataclass(frozen=True, slots=True)
class Rows:
    """``key`` opens what the partner has; ``sample`` are ids of claims all over it."""

    partner: Any
    key: str
    claims: int
    published: int
    sample: list[str]
    texts: list[str]


def make_rows(claims: int) -> Rows:
    """By the owner and past triggers: rows as the actions leave them."""
    from bench.pages_run.scale import publish_every_tenth
    from bench.queue_scale import fill, make_people
    from claims.models import Claim
    from reviews.models import Publication
    from tests.factories import make_key, make_partner, make_publication

    people = make_people()
    partner = make_partner("bench")
    _row, key = make_key(partner)
    fill(1, claims, people)
    _give_to(partner, claims)
    own = Claim.objects.filter(extractor_version="bench")
    texts = list(own.order_by("id").values_list("text", flat=True))
    _know(texts[::KNOWN_SHARE])
    make_publication()  # by the actions: the one that the others are copies of
    publish_every_tenth()
    ids = own.order_by("id").values_list("public_id", flat=True)
    return Rows(
        partner=partner,
        key=key,
        claims=len(texts),
        published=Publication.objects.filter(claim__extractor_version="bench").count(),
        sample=[str(found) for found in ids[:: max(1, claims // 199)]],
        texts=texts,
    )


def _give_to(partner: Any, claims: int) -> None:
    """The articles become the partner's, and every claim gets words of its own where it stands."""
    from django.db import connections

    from claims.models import Claim

    first = Claim.objects.filter(extractor_version="bench").earliest("id").pk
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(SENT, {"origin": partner.origin})
        for begin in range(first, first + claims, BATCH):
            for statement in (WORDED, PLACED, TOLD):
                cursor.execute(statement, {"first": begin, "last": begin + BATCH - 1})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def _know(texts: list[str]) -> None:
    """Known claims with their words and vectors, as the indexer would have written them."""
    import numpy as np
    from django.db import connections

    from bench.matching_store import store_claims
    from claims.matching import embedders

    encoder = embedders.newest_embedder()
    store_claims(
        connections["owner"],
        ids=[f"bench-{number}" for number in range(len(texts))],
        titles=[f"Fact check: {text}" for text in texts],
        texts=texts,
        vectors=np.concatenate([encoder.embed(texts[at : at + 64]) for at in range(0, len(texts), 64)]),
        model_version=encoder.version,
    )
