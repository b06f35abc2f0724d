"""The SQL of the one search: entries that share rare words, entries whose vectors are near, and both scores
of each. Its plan must stay the same for every question, so every step is materialized and bounded in size.
"""

from __future__ import annotations

# BM25, over both its steps: SATURATION is k1, LENGTH is b.
SATURATION = 1.5
LENGTH = 0.75

MOST_EF_SEARCH = 1_000  # that hnsw.ef_search takes

# What the search for words may cost; chosen with a million entries (bench.matching_scale).
BOUNDS = {
    "lexemes": 64,  # of a question, the rarest; a longer text asks no better
    "postings": 1_000,  # read for single lexemes, from the rarest on
    "combined": 7,  # lexemes beyond those, that are looked up together, by twos, threes and so on
    "expected": 100,  # entries that hold a combination, were lexemes independent; if more, one lexeme more
    "passed_over": 60_000,  # entries of single lexemes that the index goes through to combine them
    "most": 1_000,  # entries read of a combination: of more than these, any
    "promising": 200,  # entries that are scored in full, by the lexemes that they were found by
}

# hnsw.iterative_scan goes on behind entries that are not offered or left out; enable_seqscan and jit would
# each once in a while be chosen for tables that are small, new or large.
SETTINGS = """
SELECT set_config('hnsw.ef_search', %(ef_search)s, true),
       set_config('hnsw.iterative_scan', 'relaxed_order', true),
       set_config('enable_seqscan', 'off', true),
       set_config('max_parallel_workers_per_gather', '0', true),
       set_config('jit', 'off', true)
"""

# The slot is a literal: only so the planner sees that the index of its vectors holds all of them. Of the two
# halves at most one is run; the other's condition is found false before it starts.
_NEAR = """
    (SELECT vectors.entry_id AS id, entry.known_claim_id, entry.claim_id,
            vectors.vector <-> (SELECT vector FROM given) AS distance
       FROM claims_matchembedding AS vectors JOIN claims_matchentry AS entry ON entry.id = vectors.entry_id
      WHERE vectors.slot = {slot} AND (SELECT slot FROM given) = {slot}
        AND entry.is_offered AND vectors.entry_id NOT IN (SELECT id FROM left_out)
      ORDER BY vectors.vector <-> (SELECT vector FROM given) LIMIT %(nearest)s)
"""

_STEPS = {
    # the vector, and the slot that holds vectors of its model
    "given": """
        SELECT vector, CASE WHEN vector IS NOT NULL THEN
                 (SELECT number FROM claims_embeddingslot
                   WHERE state IN ('current', 'filling') AND model_version = %(model_version)s
                   ORDER BY state LIMIT 1) END AS slot
          FROM (SELECT %(vector)s::halfvec AS vector) AS asked
    """,
    "totals": """
        SELECT entries::float8 AS entries, weight::float8 / entries AS mean_weight
          FROM claims_matchtotals WHERE id = 1 AND entries > 0 AND weight > 0
    """,
    "left_out": """
        SELECT id FROM claims_matchentry WHERE claim_id = ANY(%(exclude)s::bigint[])
        UNION ALL
        SELECT entry.id FROM claims_knownclaim AS known
          JOIN claims_matchentry AS entry ON entry.known_claim_id = known.id
         WHERE known.claim_id = ANY(%(exclude)s::bigint[])
    """,
    # the question's lexemes that occur, the rarest first; postings counts how many entries hold those so far
    "asked": r"""
        SELECT term.lexeme, term.entries::float8 AS entries, totals.entries AS all_entries,
               ln(1 + (greatest(totals.entries - term.entries, 0) + 0.5) / (term.entries + 0.5)) AS idf,
               '''' || replace(replace(term.lexeme, '\', '\\'), '''', '''''') || '''' AS quoted,
               sum(term.entries) OVER rarest_first AS postings
          FROM totals, unnest(to_tsvector(%(configuration)s::regconfig, unaccent(%(words)s))) AS word
          JOIN claims_matchterm AS term ON term.lexeme = word.lexeme
        WINDOW rarest_first AS (ORDER BY term.entries, term.lexeme ROWS UNBOUNDED PRECEDING)
         ORDER BY term.entries, term.lexeme LIMIT %(lexemes)s
    """,
    "common": """
        SELECT quoted, idf, entries, all_entries,
               1 << (row_number() OVER (ORDER BY postings) - 1)::int AS bit
          FROM asked WHERE postings > %(postings)s ORDER BY postings LIMIT %(combined)s
    """,
    # every set of common lexemes, and how many entries hold all of it, or all but its most common lexeme
    "combinations": """
        SELECT string_agg(quoted, ' & ' ORDER BY bit)::tsquery AS query, sum(idf) AS idf,
               exp(sum(ln(entries / all_entries))) * max(all_entries) AS expected,
               exp(sum(ln(entries / all_entries)) - ln(max(entries) / max(all_entries))) * max(all_entries)
                 AS expected_of_fewer,
               min(entries) AS rarest, mask = (SELECT sum(bit) FROM common) AS is_all
          FROM generate_series(1, (SELECT sum(bit) FROM common)) AS mask JOIN common ON bit & mask > 0
         GROUP BY mask
    """,
    # the smallest sets that are rare enough; where none is, all common lexemes, and the rarest of them
    "lookups": """
        SELECT quoted::tsquery AS query, idf AS alone, 0 AS together, %(postings)s AS most
          FROM asked WHERE postings <= %(postings)s
        UNION ALL
        SELECT query, 0, idf, %(most)s FROM (
            SELECT query, idf, sum(rarest) OVER (ORDER BY idf DESC, query::text) AS passed_over
              FROM combinations
             WHERE is_all OR (expected <= %(expected)s AND expected_of_fewer > %(expected)s)) AS rare
         WHERE passed_over <= %(passed_over)s
        UNION ALL
        SELECT quoted::tsquery, 0, idf, %(most)s FROM common
         WHERE bit = 1 AND NOT EXISTS (SELECT FROM asked WHERE postings <= %(postings)s)
    """,
    "hits": """
        SELECT entry.id, entry.weight, lookups.alone, lookups.together
          FROM lookups CROSS JOIN LATERAL (
            SELECT id, weight FROM claims_matchentry
             WHERE words @@ lookups.query AND is_offered LIMIT lookups.most) AS entry
    """,
    # as if each lexeme stood once; a common lexeme counts with the best combination that it was found in
    "promising": """
        SELECT id FROM hits
         WHERE id NOT IN (SELECT id FROM left_out)
         GROUP BY id
         ORDER BY (sum(alone) + max(together))
                  / (1 + {SATURATION} * (1 - {LENGTH}
                     + {LENGTH} * max(weight) / (SELECT mean_weight FROM totals))) DESC, id
         LIMIT %(promising)s
    """,
    # + 0: the scan may go on out of order, which the planner does not know
    "near": """
        SELECT id, known_claim_id, claim_id, row_number() OVER (ORDER BY distance + 0, id) AS place
          FROM ({NEAR_0} UNION ALL {NEAR_1}) AS found
    """,
    # of an entry's words only the question's are unfolded: ts_delete takes the others out at a fraction of it
    "scored": """
        SELECT entry.id, entry.known_claim_id, entry.claim_id,
               sum(asked.idf * ({SATURATION} + 1) * cardinality(word.positions)
                   / (cardinality(word.positions) + {SATURATION} * (1 - {LENGTH}
                      + {LENGTH} * entry.weight / (SELECT mean_weight FROM totals)))) AS bm25
          FROM (SELECT id FROM promising UNION SELECT id FROM near) AS chosen
          JOIN claims_matchentry AS entry ON entry.id = chosen.id
         CROSS JOIN LATERAL unnest(ts_delete(entry.words, tsvector_to_array(
                ts_delete(entry.words, (SELECT array_agg(lexeme) FROM asked))))) AS word
          JOIN asked ON asked.lexeme = word.lexeme
         GROUP BY entry.id
    """,
    "lexical": """
        SELECT id, row_number() OVER (ORDER BY bm25 DESC, id) AS place
          FROM promising JOIN scored USING (id) ORDER BY place LIMIT %(lexical)s
    """,
}

# The last column is the same in every row, and there is a row even when nothing is found.
_ANSWER = """
SELECT found.id, coalesce(near.known_claim_id, scored.known_claim_id),
       coalesce(near.claim_id, scored.claim_id), coalesce(scored.bm25, 0),
       -(vectors.vector <#> given.vector), lexical.place, near.place,
       given.vector IS NOT NULL AND given.slot IS NULL
         AND EXISTS (SELECT FROM claims_embeddingslot WHERE state = 'current')
  FROM given
  LEFT JOIN (SELECT id FROM lexical UNION SELECT id FROM near) AS found ON true
  LEFT JOIN claims_matchembedding AS vectors ON vectors.entry_id = found.id AND vectors.slot = given.slot
  LEFT JOIN scored ON scored.id = found.id
  LEFT JOIN lexical ON lexical.id = found.id
  LEFT JOIN near ON near.id = found.id
 ORDER BY least(lexical.place, near.place), found.id
"""


def _written_out() -> str:
    steps = ",\n".join(f"{name} AS MATERIALIZED ({step})" for name, step in _STEPS.items())
    for name, written in {
        "{NEAR_0}": _NEAR.format(slot=0),
        "{NEAR_1}": _NEAR.format(slot=1),
        "{SATURATION}": f"{SATURATION}::float8",
        "{LENGTH}": f"{LENGTH}::float8",
    }.items():
        steps = steps.replace(name, written)
    return f"WITH {steps} {_ANSWER}"


SEARCH = _written_out()
