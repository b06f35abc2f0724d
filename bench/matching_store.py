"""A fresh database with claims to search in: the tables that the indexer keeps, filled set by set.

For benches and tests. The indexer writes the same rows one batch at a time; an operator who brings in very
many claims at once does as ``store_claims`` does with ``build_indexes``: load first, then make the indexes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

LARGE = 50_000  # from here on the indexes are made after loading
INDEXES = ("match_entry_by_word", "match_embedding_near_0", "match_embedding_near_1")
SETTINGS = {  # for a million claims on two cores and 24 GB; docs/operations.md says why
    "shared_buffers": "6GB",
    "effective_cache_size": "12GB",
    "maintenance_work_mem": "4GB",
    "max_parallel_maintenance_workers": "2",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",  # the bench vacuums once itself, so that none runs while it measures
}
_COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_TRAILER = b"\xff\xff"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How long loading took, without the indexes that were made afterwards, and how long each of those."""

    load_seconds: float
    build_seconds: dict[str, float]


@contextmanager
def temporary_database(**settings: str) -> Iterator[None]:
    """The embedded PostgreSQL in a folder of its own, migrated, with ``settings``; gone at the end.

    Django must not have been set up before: its settings ask where the services are.
    """
    folder = Path(tempfile.mkdtemp(prefix="ct-bench-"))
    os.environ["CLAIMTRACKER_STATE"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "claimtracker.settings.dev"
    os.environ["CLAIMTRACKER_EMBEDDED_FAST"] = "1"  # nothing here has to outlive a power cut
    os.environ["DEBUG"] = "false"  # else Django keeps every query
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_NAME", "REDIS_URL"):
        os.environ.pop(name, None)  # never the database that somebody works with
    from claimtracker import embedded

    try:
        open_database(**settings)
        yield
    finally:
        embedded.wipe()
        shutil.rmtree(folder, ignore_errors=True)


def open_database(**settings: str) -> None:
    """Start the embedded services with ``settings``, set Django up and migrate."""
    import django

    from claimtracker import embedded

    embedded.start()
    if settings:
        _configure(settings)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _configure(settings: dict[str, str]) -> None:
    import psycopg
    from psycopg import sql

    from claimtracker import embedded
    from claimtracker.embedded.places import POSTGRES_PORT
    from claimtracker.embedded.postgres import SUPERUSER

    with psycopg.connect(
        host=str(embedded.socket_dir()),
        port=POSTGRES_PORT,
        user=SUPERUSER,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        for name, value in settings.items():
            connection.execute(
                sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            )
    embedded.stop()
    embedded.start()


def store_claims(
    connection: Any,
    *,
    ids: Sequence[str],
    titles: Sequence[str],
    texts: Sequence[str],
    vectors: np.ndarray | None,
    model_version: str = "bench",
    slot: int = 0,
    build_indexes: bool = False,
) -> Loaded:
    """Write known claims with their entries, terms, totals and vectors into empty tables.

    ``connection`` is one of Django's; with ``build_indexes``, which drops the search indexes and makes them
    anew at the end, it is the owner's. A claim's title and text are its words.
    """
    began = time.perf_counter()
    definitions: dict[str, str] = {}
    with connection.cursor() as cursor:
        if build_indexes:
            definitions = _drop_indexes(cursor)
        _copy_claims(cursor, ids, titles, texts)
        entries = _write_words(cursor)
        if vectors is not None:
            _copy_vectors(cursor, entries, vectors, slot)
            cursor.execute(
                "INSERT INTO claims_embeddingslot (number, model_version, state, since) "
                "VALUES (%s, %s, 'current', now())",
                [slot, model_version],
            )
        loaded = time.perf_counter() - began
        seconds = {name: _timed(cursor, definition) for name, definition in definitions.items()}
        cursor.execute(
            "ANALYZE claims_matchentry, claims_matchterm, claims_matchembedding, claims_knownclaim"
        )
    return Loaded(loaded, seconds)


def _timed(cursor: Any, statement: str) -> float:
    began = time.perf_counter()
    cursor.execute(statement)
    return time.perf_counter() - began


def _drop_indexes(cursor: Any) -> dict[str, str]:
    """Drop the search indexes; by name what makes each anew."""
    cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(INDEXES)])
    definitions = dict(cursor.fetchall())
    for name in definitions:
        cursor.execute(f'DROP INDEX "{name}"')
    return definitions


def _copy_claims(cursor: Any, ids: Sequence[str], titles: Sequence[str], texts: Sequence[str]) -> None:
    cursor.execute("CREATE TEMPORARY TABLE brought (place integer, external_id text, title text, words text)")
    with cursor.copy("COPY brought FROM STDIN") as copy:
        for place, row in enumerate(zip(ids, titles, texts, strict=True)):
            copy.write_row((place, *row))
    cursor.execute(
        "INSERT INTO claims_knownclaimimport (source, format, publisher_name, publisher_site, licence, "
        "language, state, message, reviews_sha256, written, new_count, updated_count, unchanged_count, "
        "refused_count, repeated_count, problem_count, problems, created_at) "
        "VALUES ('bench', 'lines', '', '', '', '', 'begun', '', '', 0, 0, 0, 0, 0, 0, 0, '[]', now()) "
        "RETURNING id"
    )
    (brought_by,) = cursor.fetchone()
    cursor.execute(
        "INSERT INTO claims_knownclaim (public_id, origin, text, claimant, publisher_name, publisher_site, "
        "url, title, rating, language, licence, first_appearance, appearances, external_id, last_import_id, "
        "identity, content_sha256, first_seen_at, last_seen_at, last_changed_at, withdrawn_because) "
        "SELECT gen_random_uuid(), 'imported', words, '', '', 'checks.example', "
        "'https://checks.example/' || external_id, "
        "left(title, 500), '', 'en', "
        "'', '', '{}', external_id, %s, encode(sha256(convert_to(external_id, 'UTF8')), 'hex'), '', now(), "
        "now(), now(), '' FROM brought ORDER BY place",
        [brought_by],
    )
    cursor.execute("DROP TABLE brought")


def _write_words(cursor: Any) -> np.ndarray:
    """Entries, terms and totals of all known claims. The entries' ids, in the order of the claims."""
    cursor.execute(
        "INSERT INTO claims_matchentry "
        "(known_claim_id, is_offered, is_stale, revision, words, weight, parts, indexed_at) "
        "SELECT id, true, false, 1, words, "
        "(SELECT coalesce(sum(cardinality(positions)), 0) FROM unnest(words)), '{}', now() "
        "FROM (SELECT id, setweight(to_tsvector('english', unaccent(title)), 'A') "
        "|| setweight(to_tsvector('english', unaccent(text)), 'B') AS words "
        "FROM claims_knownclaim ORDER BY id) AS read ORDER BY id"
    )
    cursor.execute(
        "INSERT INTO claims_matchterm (lexeme, entries) "
        "SELECT word, ndoc FROM ts_stat('SELECT words FROM claims_matchentry')"
    )
    cursor.execute(
        "INSERT INTO claims_matchtotals (id, entries, weight) "
        "SELECT 1, count(*), coalesce(sum(weight), 0) FROM claims_matchentry"
    )
    cursor.execute("SELECT id FROM claims_matchentry ORDER BY id")
    return np.fromiter((row[0] for row in cursor.fetchall()), dtype=np.int64)


def _copy_vectors(cursor: Any, entries: np.ndarray, vectors: np.ndarray, slot: int) -> None:
    """COPY in PostgreSQL's binary form, in which a halfvec is its dimensions, an unused number and its
    values."""
    dimensions = vectors.shape[1]
    row = np.dtype(
        [
            ("fields", ">i2"),
            ("entry_size", ">i4"),
            ("entry", ">i8"),
            ("slot_size", ">i4"),
            ("slot", ">i2"),
            ("size", ">i4"),
            ("dimensions", ">i2"),
            ("unused", ">i2"),
            ("values", ">f2", (dimensions,)),
        ]
    )
    with cursor.copy(
        "COPY claims_matchembedding (entry_id, slot, vector) FROM STDIN (FORMAT binary)"
    ) as copy:
        copy.write(_COPY_HEADER)
        for start in range(0, len(entries), LARGE):
            chunk = entries[start : start + LARGE]
            rows = np.zeros(len(chunk), dtype=row)
            rows["fields"], rows["entry_size"], rows["entry"] = 3, 8, chunk
            rows["slot_size"], rows["slot"], rows["size"] = 2, slot, 4 + 2 * dimensions
            rows["dimensions"], rows["values"] = dimensions, vectors[start : start + len(chunk)]
            copy.write(rows.tobytes())
        copy.write(_COPY_TRAILER)
