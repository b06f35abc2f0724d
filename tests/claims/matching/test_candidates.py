"""What is known already is found by words and by meaning, in one statement, whatever is asked."""

from __future__ import annotations

import math
import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
from django.db import connection

from bench.matching_store import store_claims
from claims.matching import hybrid_query
from claims.matching.candidates import Candidate, OtherModelSearched, find_candidates
from claims.models import EmbeddingSlot, KnownClaim, MatchEmbedding, MatchEntry, MatchTotals, Origin
from tests.factories import make_claim, make_known_claim
from tests.support.owner import owner_connection

pytestmark = pytest.mark.django_db

MODEL = "model one"
# as in any language: a few words stand everywhere, most in few places
VOCABULARY = [f"{head}{tail}" for head in ("bal", "cor", "dun", "fer", "gol") for tail in map(str, range(60))]
SHARES = [1 / (place + 1) for place in range(len(VOCABULARY))]


def directions(count: int, seed: int = 1) -> np.ndarray:
    """Vectors of length 1."""
    found = np.random.default_rng(seed).standard_normal((count, 384)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def texts_of(count: int, seed: int = 1) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.choices(VOCABULARY, SHARES, k=draw.randint(3, 30))) for _ in range(count)]


def store(texts: list[str], vectors: np.ndarray | None = None, **options: Any) -> list[int]:
    """Known claims of these texts; their entries' ids."""
    store_claims(
        connection,
        ids=[f"fc-{n}" for n in range(len(texts))],
        titles=[""] * len(texts),
        texts=texts,
        vectors=vectors,
        model_version=MODEL,
        **options,
    )
    return list(MatchEntry.objects.order_by("id").values_list("id", flat=True))


def find(words: str, vector: Any = None, **options: Any) -> list[Candidate]:
    return find_candidates(words, vector, model_version=MODEL, **options)


def ids(found: list[Candidate]) -> list[int]:
    return [each.entry_id for each in found]


def reference(words: str) -> dict[int, float]:
    """BM25 of every entry, counted anew from the tsvectors alone."""
    documents: dict[int, Counter[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, lexeme, cardinality(positions) FROM claims_matchentry, unnest(words)")
        for entry, lexeme, often in cursor.fetchall():
            documents.setdefault(entry, Counter())[lexeme] = often
        cursor.execute("SELECT lexeme FROM unnest(to_tsvector('english', %s))", [words])
        asked = [lexeme for (lexeme,) in cursor.fetchall()]
    mean = sum(document.total() for document in documents.values()) / len(documents)
    scores = dict.fromkeys(documents, 0.0)
    for lexeme in asked:
        holding = sum(lexeme in document for document in documents.values())
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        for entry, document in documents.items():
            often, length = document[lexeme], document.total() / mean
            scores[entry] += idf * often * 2.5 / (often + 1.5 * (0.25 + 0.75 * length))
    return scores


def best(scores: dict[int, float], count: int) -> list[int]:
    return sorted(scores, key=lambda entry: (-round(scores[entry], 9), entry))[:count]


def test_scores_are_those_of_the_reference_and_so_are_the_ten_best():
    vectors = directions(300)
    entries = store(texts_of(300), vectors)
    for question, vector in zip(texts_of(12, seed=2), directions(12, seed=2), strict=True):
        expected = reference(question)
        found = find(question, vector)
        assert len(found) > 100
        for each in found:
            assert each.bm25 == pytest.approx(expected[each.entry_id], abs=1e-9)
            stored = vectors[entries.index(each.entry_id)].astype(np.float16).astype(np.float32)
            assert each.cosine == pytest.approx(float(stored @ vector), abs=1e-3)
        by_words = sorted((each for each in found if each.lexical_place), key=lambda each: each.lexical_place)
        assert [each.lexical_place for each in by_words] == list(range(1, len(by_words) + 1))
        assert ids(by_words)[:10] == best(expected, 10)


def test_the_nearest_are_those_of_a_full_comparison():
    vectors = directions(300)
    entries = store(texts_of(300), vectors)
    for vector in directions(12, seed=3):
        found = find("", vector, mode="semantic", limit=10)
        nearest = np.argsort(-(vectors @ vector))[:10]
        assert ids(found) == [entries[place] for place in nearest]
        assert [each.semantic_place for each in found] == list(range(1, 11))


def test_what_only_one_way_finds_has_both_scores():
    vectors = directions(3)
    words, meaning, neither = store(["the moon is a cheese", "moon rocks", "taxes on tea rise"], vectors)
    found = {each.entry_id: each for each in find("The moon is cheese!", vectors[1], limit=1)}
    assert set(found) == {words, meaning}
    assert (found[words].lexical_place, found[words].semantic_place) == (1, None)
    assert (found[meaning].lexical_place, found[meaning].semantic_place) == (None, 1)
    assert found[words].bm25 > found[meaning].bm25 > 0
    assert found[meaning].cosine > 0.99 and abs(found[words].cosine) < 0.3
    assert neither not in found


@pytest.mark.parametrize(("mode", "expected"), [("lexical", [0]), ("semantic", [1]), ("hybrid", [0, 1])])
def test_the_mode_says_who_is_looked_for_but_not_how_they_are_scored(mode: Any, expected: list[int]):
    vectors = directions(3)
    entries = store(["the moon is a cheese", "rocks", "taxes"], vectors)
    found = find("moon cheese", vectors[1], mode=mode, limit=1)
    assert ids(found) == [entries[place] for place in expected]
    assert all(each.cosine is not None for each in found)


def test_a_mode_that_does_not_exist_and_a_vector_of_no_model_are_mistakes():
    with pytest.raises(ValueError, match="mode"):
        find("moon", mode="psychic")  # type: ignore[arg-type]  # the mistake
    with pytest.raises(ValueError, match="model_version"):
        find_candidates("moon", directions(1)[0])


def test_words_are_cut_as_the_questions_language_cuts_them():
    store(["The mayor sold houses"])
    assert find("selling a house")
    assert not find("selling a house", configuration="simple")


def test_accents_do_not_matter():
    entries = store(["The cafe in Malmo closed", "Something else"])
    assert ids(find("CAFÉ MALMÖ")) == entries[:1]


def test_only_what_is_offered_is_found_however_much_else_is_nearer():
    vectors = directions(1).repeat(400, axis=0) + directions(400, seed=2) * 0.1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    entries = store(["the moon is a cheese"] * 400, vectors)
    MatchEntry.objects.filter(pk__in=entries[:390]).update(is_offered=False)
    found = find("moon cheese", vectors[0], limit=10)
    assert sorted(ids(found)) == entries[390:]
    assert all(each.lexical_place and each.semantic_place for each in found)


def test_entries_of_the_claims_left_out_are_not_found_nor_are_their_publications():
    ours, published, other = make_claim(), make_claim(), make_claim()
    store(["the moon is a cheese"] * 3)
    known = KnownClaim.objects.order_by("id")
    known.filter(pk=known[1].pk).update(claim=published, origin=Origin.OWN, last_import=None)
    MatchEntry.objects.filter(known_claim=known[2]).update(known_claim=None, claim=ours)
    assert len(find("moon cheese")) == 3
    assert len(find("moon cheese", exclude=[other.pk])) == 3
    left = find("moon cheese", exclude=[ours.pk, published.pk])
    assert [each.known_claim_id for each in left] == [known[0].pk]
    assert {each.claim_id for each in find("moon cheese")} == {None, ours.pk}


def test_a_question_of_common_words_only_finds_who_has_most_of_them(monkeypatch: pytest.MonkeyPatch):
    for name, bound in {"postings": 5, "expected": 60, "most": 80}.items():
        monkeypatch.setitem(hybrid_query.BOUNDS, name, bound)
    common = ["mayor", "council", "budget", "school"]
    draw = random.Random(5)
    texts = [" ".join(draw.sample(common, 2)) + f" {word}" for word in texts_of(400)]
    entries = store([*texts, "mayor council budget school", "mayor council budget"])
    found = ids(find("The mayor, the council, the budget and the school"))
    assert found[:2] == entries[-2:]
    assert find("school"), "one common word finds some that have it"


def test_a_rare_word_finds_its_entries_beside_common_ones(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(hybrid_query.BOUNDS, "postings", 5)
    entries = store(["mayor says"] * 50 + ["the mayor of Xanadu says a thing", "Xanadu"])
    assert set(ids(find("mayor says Xanadu"))[:2]) == set(entries[-2:])


@pytest.mark.parametrize(
    "words",
    [
        "",
        " \n\t",
        "the of and",
        "\0",
        "the\0of",
        "unheard",
        "!?!",
        "\ud800",
        "'",
        "\\",
        "--",
        "👩‍👩‍👧",
        "\u202e\u200b",
    ],
)
def test_a_question_without_known_words_finds_nothing_by_words(words: str):
    vectors = directions(3)
    entries = store(["moon cheese", "moon rocks", "taxes"], vectors)
    assert find(words) == []
    by_meaning = find(words, vectors[1])
    assert ids(by_meaning)[0] == entries[1]
    assert all((each.bm25, each.lexical_place) == (0, None) for each in by_meaning)


@pytest.mark.parametrize(
    "words",
    [
        "moon\0cheese",
        "moon cheese \ud83c",
        "moon ' & | ! <-> :* cheese \\",
        "https://moon.example/a?b='c'&d=\\e moon cheese",
        "moon cheese " * 9_000,
        " ".join(f"w{number}" for number in range(20_000)) + " moon cheese",
        "moon cheese " + "𝕏ａß-" * 20_000,
        "moon cheese " + "x" * 100_000,
        "moon cheese " + " ".join(chr(0x20000 + number) for number in range(45_000)),
    ],
    ids=["NUL", "surrogate", "operators", "address", "repeated", "long", "hyphens", "one word", "ideographs"],
)
def test_whatever_is_pasted_is_searched(words: str):
    entries = store(["the moon is cheese", "taxes", "https://moon.example/a?b='c'&d=\\e was closed"])
    found = find(words)
    if words.startswith("w0 "):
        assert found == [], "what stands behind the bound is not read"
    else:
        assert entries[0] in ids(found)


def test_a_word_with_quotes_and_strokes_is_looked_up_as_it_is():
    entries = store(["taxes", "see https://moon.example/a?b='c'&d=\\e now", "https://moon.example/a"])
    found = find("https://moon.example/a?b='c'&d=\\e")
    assert ids(found)[0] == entries[1]


def test_an_empty_index_finds_nothing():
    assert find("moon cheese", directions(1)[0]) == []
    MatchTotals.objects.create(entries=0, weight=0)
    assert find("moon cheese", directions(1)[0]) == []


def test_entries_that_wait_for_the_indexer_are_not_found_and_do_no_harm():
    (known,) = [make_known_claim(text="the moon is a cheese")]
    MatchEntry.objects.get_or_create(known_claim=known)
    assert find("moon cheese") == []


def test_without_a_slot_the_words_are_searched_all_the_same():
    entries = store(["moon cheese", "taxes"])
    found = find("moon", directions(1)[0])
    assert [(each.entry_id, each.cosine) for each in found] == [(entries[0], None)]
    assert find("moon", directions(1)[0], mode="semantic") == []


def test_a_first_slot_that_is_being_filled_is_searched_as_far_as_it_is():
    vectors = directions(3)
    entries = store(["moon", "cheese", "taxes"], vectors)
    EmbeddingSlot.objects.update(state="filling")
    MatchEmbedding.objects.filter(entry=entries[2]).delete()
    found = find("taxes", vectors[0])
    assert {each.entry_id: each.cosine is None for each in found} == {
        entries[0]: False,
        entries[1]: False,
        entries[2]: True,
    }


def test_vectors_are_compared_with_those_of_their_own_model():
    vectors, newer = directions(3), directions(3, seed=9)
    entries = store(["moon", "cheese", "taxes"], vectors, slot=1)
    EmbeddingSlot.objects.create(number=0, model_version="model two", state="filling")
    MatchEmbedding.objects.bulk_create(
        MatchEmbedding(entry_id=entry, slot=0, vector=vector)
        for entry, vector in zip(entries, newer, strict=True)
    )
    assert find("", vectors[1])[0].entry_id == entries[1]
    by_newer = find_candidates("", newer[2], model_version="model two")
    assert (by_newer[0].entry_id, len(by_newer)) == (entries[2], 3)
    assert by_newer[0].cosine == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("state", ["emptying", "gone"])
def test_a_vector_of_a_model_that_is_not_searched_any_more_is_refused(state: str):
    vectors = directions(2)
    store(["moon", "cheese"], vectors)
    EmbeddingSlot.objects.update(model_version="model two")
    if state == "emptying":
        EmbeddingSlot.objects.create(number=1, model_version=MODEL, state="emptying")
    with pytest.raises(OtherModelSearched, match=MODEL):
        find("moon", vectors[0])
    assert find("moon"), "words need no model"


def test_two_statements_are_sent_however_much_there_is(django_assert_num_queries: Any):
    vectors = directions(300)
    store(texts_of(300), vectors)
    transaction = ["SAVEPOINT", "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT"]
    for question in ("", texts_of(1)[0], " ".join(VOCABULARY)):
        for mode in ("hybrid", "lexical", "semantic"):
            with django_assert_num_queries(2 + len(transaction)):
                find(question, vectors[0], mode=mode)


def test_no_setting_is_left_behind():
    store(["moon"], directions(1))
    before = settings_now()
    find("moon", directions(1)[0])
    assert settings_now() == before


def settings_now() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('enable_seqscan'), current_setting('jit'), "
            "current_setting('hnsw.ef_search', true), current_setting('hnsw.iterative_scan', true)"
        )
        return list(cursor.fetchone())


@pytest.fixture
def unknown_sizes() -> None:
    """Nothing is known of the tables, as on a new site: autovacuum notes what earlier tests left in them."""
    tables = ["claims_matchentry", "claims_matchembedding", "claims_matchterm", "claims_matchtotals"]
    with owner_connection() as owner:
        owner.execute(
            "SELECT pg_clear_attribute_stats('public', relname, attname, false) "
            "FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relname = ANY(%s) AND attnum > 0",
            [tables],
        )
        owner.execute("SELECT pg_clear_relation_stats('public', unnest(%s::text[]))", [tables])


@pytest.mark.usefixtures("unknown_sizes")
@pytest.mark.parametrize("count", [0, 1, 300])
def test_the_indexes_are_used_at_every_size(count: int):
    vectors = directions(max(count, 1))
    store(texts_of(count), vectors[:count] if count else None)
    with connection.cursor() as cursor:
        cursor.execute(hybrid_query.SETTINGS, {"ef_search": "200"})
        cursor.execute(
            "EXPLAIN " + hybrid_query.SEARCH,
            {
                **hybrid_query.BOUNDS,
                "words": "bal1 bal2 cor3",
                "vector": str(list(map(float, vectors[0]))),
                "model_version": MODEL,
                "configuration": "english",
                "exclude": [1, 2],
                "lexical": 100,
                "nearest": 100,
            },
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on match_entry_by_word" in plan
    assert "Index Scan using match_embedding_near_0" in plan
    assert "Index Scan using match_embedding_near_1" in plan
    assert "Seq Scan on claims_match" not in plan.replace("Seq Scan on claims_matchtotals", "")
