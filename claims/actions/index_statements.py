"""The SQL of the indexer. PostgreSQL makes the words, so that questions and entries are cut alike."""

MAKE_TOTALS = "INSERT INTO claims_matchtotals (id, entries, weight) VALUES (1, 0, 0) ON CONFLICT DO NOTHING"

# Every writer of word counts holds this row: one at a time.
HOLD_TOTALS = "SELECT FROM claims_matchtotals WHERE id = 1 FOR UPDATE"

# Those of the entries that are still as they were read, and that nobody else has in hand.
TAKE = """
    SELECT entry.id FROM claims_matchentry AS entry
      JOIN unnest(%s::bigint[], %s::integer[]) AS read(id, revision)
        ON read.id = entry.id AND read.revision = entry.revision
     WHERE entry.is_stale
     ORDER BY entry.id FOR UPDATE OF entry SKIP LOCKED
"""

# One statement, so that the words from before and from now are counted against each other: all its parts see
# the entries as they were. A tsvector's positions give how often a lexeme occurs.
COUNT_AND_WRITE = """
    WITH coming AS MATERIALIZED (
        SELECT id, parts::jsonb AS parts,
               setweight(to_tsvector(configuration::regconfig, unaccent(title)), 'A')
               || setweight(to_tsvector(configuration::regconfig, unaccent(body)), 'B') AS words
          FROM unnest(%(ids)s::bigint[], %(configurations)s::text[], %(titles)s::text[], %(texts)s::text[],
                      %(parts)s::text[]) AS read(id, configuration, title, body, parts)
    ), weighed AS MATERIALIZED (
        SELECT coming.*, (SELECT COALESCE(sum(cardinality(positions)), 0) FROM unnest(words)) AS weight
          FROM coming
    ), before AS MATERIALIZED (
        SELECT id, words, weight FROM claims_matchentry
         WHERE words IS NOT NULL AND id = ANY(%(ids)s::bigint[] || %(gone)s::bigint[])
    ), written AS (
        UPDATE claims_matchentry AS entry
           SET words = weighed.words, weight = weighed.weight, parts = weighed.parts, is_stale = false,
               indexed_at = now()
          FROM weighed WHERE entry.id = weighed.id
    ), totalled AS (
        UPDATE claims_matchtotals
           SET entries = entries + (SELECT count(*) FROM weighed) - (SELECT count(*) FROM before),
               weight = weight + (SELECT COALESCE(sum(weight), 0) FROM weighed)
                               - (SELECT COALESCE(sum(weight), 0) FROM before)
         WHERE id = 1
    ), change AS (
        SELECT lexeme, sum(step) AS step FROM (
            SELECT lexeme, 1 AS step FROM weighed, unnest(words)
            UNION ALL SELECT lexeme, -1 FROM before, unnest(words)) AS steps
         GROUP BY lexeme HAVING sum(step) <> 0 ORDER BY lexeme
    )
    MERGE INTO claims_matchterm AS term USING change ON term.lexeme = change.lexeme
     WHEN MATCHED AND term.entries + change.step < 1 THEN DELETE
     WHEN MATCHED THEN UPDATE SET entries = term.entries + change.step
     WHEN NOT MATCHED AND change.step > 0 THEN INSERT (lexeme, entries) VALUES (change.lexeme, change.step)
"""

REMOVE_VECTORS = "DELETE FROM claims_matchembedding WHERE entry_id = ANY(%s)"
REMOVE_ENTRIES = "DELETE FROM claims_matchentry WHERE id = ANY(%s)"

# An equal vector is left alone: writing it anew would cost the index of vectors a place.
WRITE_VECTORS = """
    INSERT INTO claims_matchembedding (entry_id, slot, vector)
    SELECT id, %s, vector::halfvec FROM unnest(%s::bigint[], %s::text[]) AS made(id, vector) ORDER BY id
    ON CONFLICT (entry_id, slot) DO UPDATE SET vector = EXCLUDED.vector
     WHERE claims_matchembedding.vector <> EXCLUDED.vector
"""

# For a slot that is being filled: an entry that the indexer wrote meanwhile has the newer vector.
ADD_VECTORS = """
    INSERT INTO claims_matchembedding (entry_id, slot, vector)
    SELECT made.id, %s, made.vector::halfvec
      FROM unnest(%s::bigint[], %s::text[]) AS made(id, vector)
      JOIN (SELECT id FROM claims_matchentry WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE) AS entry
        ON entry.id = made.id
     ORDER BY made.id
    ON CONFLICT (entry_id, slot) DO NOTHING
"""

# Counted afresh from the entries. Rows that are right are left alone; returns how many were not.
RECOUNT_TERMS = """
    WITH counted AS MATERIALIZED (
        SELECT lexeme, count(*) AS entries FROM claims_matchentry, unnest(words)
         WHERE words IS NOT NULL GROUP BY lexeme
    ), put AS (
        INSERT INTO claims_matchterm (lexeme, entries) SELECT lexeme, entries FROM counted ORDER BY lexeme
        ON CONFLICT (lexeme) DO UPDATE SET entries = EXCLUDED.entries
         WHERE claims_matchterm.entries <> EXCLUDED.entries
        RETURNING 1
    ), gone AS (
        DELETE FROM claims_matchterm AS term
         WHERE NOT EXISTS (SELECT FROM counted WHERE counted.lexeme = term.lexeme)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM put) + (SELECT count(*) FROM gone)
"""
RECOUNT_TOTALS = """
    UPDATE claims_matchtotals AS totals SET entries = counted.entries, weight = counted.weight
      FROM (SELECT count(*) AS entries, COALESCE(sum(weight), 0) AS weight FROM claims_matchentry
             WHERE words IS NOT NULL) AS counted
     WHERE totals.id = 1
"""
REMOVE_UNUSED_VECTORS = """
    DELETE FROM claims_matchembedding WHERE id IN (
        SELECT id FROM claims_matchembedding WHERE slot = %s AND id > %s ORDER BY id LIMIT %s)
    RETURNING id
"""
