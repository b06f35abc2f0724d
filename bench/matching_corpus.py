"""Claims in any number around real ones, with vectors: what ``bench.matching_scale`` searches.

Made claims are real ones with numbers, names and words exchanged, each word drawn as often as it really
stands, so that common words stay common and rare ones rare. Their vectors lie around their parents' vectors
as close as paraphrases do. The same seed makes the same claims; vectors are kept as .npy files in the cache.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from claims.matching.wording import Statement, statement_of

FILES = ("snopes_tweets_2a/vclaims_2022.jsonl", "politifact_debates_2b/vclaims.jsonl")
QUERY_FILES = ("snopes_tweets_2a/train_dev_queries.tsv", "politifact_debates_2b/v1_iclaims.queries")
SEED = 20_260
CLOSENESS = (0.75, 0.95)  # cosine between a claim and its paraphrase, as in the real pairs
EXCHANGED = {"number": 0.7, "name": 0.5, "word": 0.25}  # how often one of a kind gives way to another
NEW_NAMES = 0.02  # of the names: no two real corpora have all their names in common
CHUNK = 50_000

Embed = Callable[[Sequence[str]], np.ndarray]
_PIECE = re.compile(r"(\d[\d,.]*\d|\d|[^\W\d_]+(?:['’][^\W\d_]+)*)")


class MissingCorpus(Exception):
    """The folder of real claims lacks a file; the message names it."""


@dataclass(frozen=True, slots=True)
class RealClaim:
    external_id: str
    title: str
    text: str
    claimant: str


def read_claims(folder: Path) -> list[RealClaim]:
    """Every real claim once. Raises MissingCorpus."""
    found: dict[str, RealClaim] = {}
    for name in FILES:
        for line in _lines(folder / name):
            row = json.loads(line)
            name = row["vclaim_id"]
            found.setdefault(name, RealClaim(name, row["title"], row["vclaim"], row.get("speaker") or ""))
    return list(found.values())


def read_queries(folder: Path) -> list[str]:
    """Real posts and debate sentences. Raises MissingCorpus."""
    rows = [line.split("\t", 1) for name in QUERY_FILES for line in _lines(folder / name)]
    return [row[1].strip() for row in rows if len(row) == 2 and row[1].strip()]


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from (line for line in file if line.strip())
    except OSError as error:
        raise MissingCorpus(
            f"{path} cannot be read ({error.strerror}): name the folder with --data"
        ) from None


@dataclass(slots=True)
class _Pieces:
    """The real texts taken apart: of each the places of numbers, names and words, and what stands there; in
    ``pools`` all that stands anywhere, each as often as it stands."""

    texts: list[list[str]]
    places: list[tuple[list[int], ...]]
    standing: list[tuple[list[str], ...]]
    pools: tuple[list[str], ...]


def take_apart(texts: Sequence[str]) -> _Pieces:
    pieces = _Pieces([_PIECE.split(text) for text in texts], [], [], tuple([] for _ in EXCHANGED))
    kinds = {kind: number for number, kind in enumerate(EXCHANGED)}
    for split in pieces.texts:
        places: tuple[list[int], ...] = tuple([] for _ in EXCHANGED)
        for place in range(1, len(split), 2):
            places[kinds[_kind(split, place)]].append(place)
        standing = tuple([split[place] for place in found] for found in places)
        for pool, words in zip(pieces.pools, standing, strict=True):
            pool.extend(words)
        pieces.places.append(places)
        pieces.standing.append(standing)
    return pieces


def _kind(split: Sequence[str], place: int) -> str:
    piece, before = split[place], split[place - 1]
    if piece[0].isdigit():
        return "number"
    begins = place == 1 or any(mark in before for mark in ".!?:\n")
    return "name" if piece[0].isupper() and not begins else "word"


def made_texts(texts: Sequence[str], parents: np.ndarray, seed: int = SEED) -> Iterator[str]:
    """A text for each pair in ``parents``: the first one's, with pieces of the second's and of all."""
    draw = random.Random(seed)
    chance = draw.random
    pieces = take_apart(texts)
    exchanged = list(zip(range(len(EXCHANGED)), EXCHANGED.items(), pieces.pools, strict=True))
    for parent, donor in parents.tolist():
        split = list(pieces.texts[parent])
        for number, (kind, share), pool in exchanged:
            given = pieces.standing[donor][number]
            for place in pieces.places[parent][number]:
                if chance() < share:
                    split[place] = _another(draw, kind, given, pool)
        yield "".join(split)


def _another(draw: random.Random, kind: str, given: Sequence[str], pool: Sequence[str]) -> str:
    chance = draw.random
    if kind == "number" and chance() < 0.5:
        return "".join(draw.choice("0123456789") if mark.isdigit() else mark for mark in draw.choice(pool))
    if kind == "name" and chance() < NEW_NAMES:
        head, tail = draw.choice(pool), draw.choice(pool)
        return head[: (len(head) + 1) // 2] + tail[len(tail) // 2 :].lower()
    chosen = given if given and chance() < 0.5 else pool
    return chosen[int(chance() * len(chosen))]


def choose_parents(real: int, count: int, seed: int = SEED) -> np.ndarray:
    """``count`` pairs of two numbers of real claims."""
    generator = np.random.default_rng(seed)
    parents = generator.integers(0, real, size=(count, 2))
    parents[:, 1] = (parents[:, 0] + 1 + parents[:, 1] % (real - 1)) % real
    return parents


def made_vectors(real: np.ndarray, parents: np.ndarray, seed: int = SEED) -> np.ndarray:
    """For each pair a vector at a cosine of CLOSENESS to the first one's, away from it towards the second
    one's and in no direction at all by halves."""
    generator = np.random.default_rng(seed)
    made = np.empty((len(parents), real.shape[1]), dtype=np.float16)
    for start in range(0, len(parents), CHUNK):
        pairs = parents[start : start + CHUNK]
        first, second = real[pairs[:, 0]], real[pairs[:, 1]]
        noise = generator.standard_normal(first.shape, dtype=np.float32) / np.sqrt(np.float32(real.shape[1]))
        away = second + noise
        away -= np.sum(away * first, axis=1, keepdims=True) * first
        away /= np.linalg.norm(away, axis=1, keepdims=True)
        cosine = generator.uniform(*CLOSENESS, size=(len(pairs), 1)).astype(np.float32)
        made[start : start + CHUNK] = cosine * first + np.sqrt(1 - cosine**2) * away
    return made


@dataclass(slots=True)
class Corpus:
    """``titles`` and ``texts`` of claims with their ``vectors``; ``asked`` are vectors of held-out
    paraphrases, ``queries`` real words with ``query_vectors``."""

    ids: list[str]
    titles: list[str]
    texts: list[str]
    vectors: np.ndarray
    asked: np.ndarray
    queries: list[str]
    query_vectors: np.ndarray


def make_corpus(
    real: list[RealClaim],
    queries: list[str],
    cache: Path,
    *,
    claims: int,
    asked: int,
    embed: Embed,
    version: str,
) -> Corpus:
    """``claims`` claims: all real ones, or a sample of them, and made ones beyond. ``version`` names the
    model of ``embed``."""
    known = [statement_of(claim.text, title=claim.title, claimant=claim.claimant) for claim in real]
    asking = [statement_of(query) for query in queries]
    vectors = embedded(cache, "real", version, embed, known)
    query_vectors = embedded(cache, "queries", version, embed, asking)
    if claims < len(real):
        sample = random.Random(SEED).sample(range(len(real)), claims)
        real, vectors = [real[place] for place in sample], vectors[sample]
    both = [f"{claim.title}\n{claim.text}" for claim in real]
    parents = choose_parents(len(real), claims - len(real))
    key = [version, str(claims), repr((CLOSENESS, SEED)), *both]
    made = cached(cache, f"made-{claims}", key, lambda: made_vectors(vectors, parents))
    split = [text.partition("\n") for text in made_texts(both, parents)]
    held_out = made_vectors(vectors, choose_parents(len(real), asked, SEED + 1), SEED + 1)
    return Corpus(
        ids=[*(claim.external_id for claim in real), *(f"made-{n}" for n in range(len(parents)))],
        titles=[*(claim.title for claim in real), *(title for title, _, _ in split)],
        texts=[*(claim.text for claim in real), *(text or title for title, _, text in split)],
        vectors=np.concatenate([vectors.astype(np.float16), made]),
        asked=held_out.astype(np.float32),
        queries=[statement.for_words for statement in asking],
        query_vectors=query_vectors.astype(np.float32),
    )


def embedded(
    cache: Path, name: str, version: str, embed: Embed, statements: Sequence[Statement]
) -> np.ndarray:
    texts = [statement.for_vectors for statement in statements]
    return cached(cache, name, [version, *texts], lambda: embed(texts))


def cached(cache: Path, name: str, key: Sequence[str], make: Callable[[], np.ndarray]) -> np.ndarray:
    """What ``make`` gives, from the cache folder when it was made of the same ``key`` before."""
    digest = hashlib.sha256("\0".join(key).encode("utf-8", "replace")).hexdigest()[:12]
    path = cache / f"{name}-{digest}.npy"
    if path.exists():
        return np.load(path)
    made = make()
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part.npy")
    np.save(unfinished, made)
    unfinished.replace(path)
    return made
