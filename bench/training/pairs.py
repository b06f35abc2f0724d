"""What the matcher learns from: claims that were reviewed, and texts that repeat them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from claims.matching.wording import statement_of

WRITTEN = Path(__file__).resolve().parent.parent / "matching_queries"
NEEDED = (
    "snopes_tweets_2a/vclaims_2022.jsonl",
    "snopes_tweets_2a/train_dev_queries.tsv",
    "snopes_tweets_2a/train_qrels.tsv",
    "snopes_tweets_2a/dev_qrels.tsv",
    "politifact_debates_2b/vclaims.jsonl",
    "politifact_debates_2b/v1_iclaims.queries",
    "politifact_debates_2b/v1_train.tsv",
    "politifact_debates_2b/v1_dev.tsv",
)


@dataclass(frozen=True, slots=True)
class ReviewedText:
    """A reviewed claim as its publisher gives it."""

    name: str
    text: str
    title: str
    claimant: str

    def forms(self) -> tuple[str, str, str]:
        """How the matcher may meet it: with its headline, without, and with headline and claimant."""
        return (
            statement_of(self.text, title=self.title).for_vectors,
            statement_of(self.text).for_vectors,
            statement_of(self.text, title=self.title, claimant=self.claimant).for_vectors,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """A text and the places, in its collection, of the claims that it repeats."""

    text: str
    answers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """One publisher's claims with what is asked of them; ``written`` are the texts of our own."""

    name: str
    claims: tuple[ReviewedText, ...]
    train: tuple[Question, ...]
    dev: tuple[Question, ...]
    written: tuple[Question, ...]


def posts_to_snopes(folder: Path) -> Collection:
    """Posts, as CheckThat! 2021 and 2022 (task 2A) gave them for training and development."""
    base = folder / "snopes_tweets_2a"
    return _collection(
        "posts",
        base / "vclaims_2022.jsonl",
        base / "train_dev_queries.tsv",
        {"train": base / "train_qrels.tsv", "dev": base / "dev_qrels.tsv"},
        WRITTEN / "posts.tsv",
    )


def debates_to_politifact(folder: Path) -> Collection:
    """Sentences of debates and speeches, as CheckThat! 2021 (task 2B) gave them."""
    base = folder / "politifact_debates_2b"
    return _collection(
        "debates",
        base / "vclaims.jsonl",
        base / "v1_iclaims.queries",
        {"train": base / "v1_train.tsv", "dev": base / "v1_dev.tsv"},
        WRITTEN / "debates.tsv",
    )


def read_claims(path: Path) -> Iterator[ReviewedText]:
    """One JSON object a line: ``id`` or ``vclaim_id``, ``vclaim`` or ``claim``, perhaps ``title`` and who
    claimed it (``speaker`` or ``claimant``).

    Raises ValueError naming the line.
    """
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                raise ValueError(f"{path}, line {number}: this is not a JSON object") from None
            name, text = row.get("vclaim_id") or row.get("id"), row.get("vclaim") or row.get("claim")
            if not name or not text:
                raise ValueError(f"{path}, line {number}: a claim needs id or vclaim_id, and vclaim or claim")
            claimant = row.get("speaker") or row.get("claimant") or ""
            yield ReviewedText(str(name), text, row.get("title") or "", claimant)


def read_questions(path: Path) -> dict[str, str]:
    """Lines of ``id<TAB>text``. Raises ValueError naming the line."""
    found = {}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            name, tab, text = line.rstrip("\n").partition("\t")
            if not tab:
                raise ValueError(f"{path}, line {number}: there is no tab between id and text")
            found[name.strip()] = text.strip()
    return found


def read_answers(path: Path) -> dict[str, set[str]]:
    """TREC lines ``query 0 claim 1``; relevance 0 is left out. Raises ValueError naming the line."""
    found: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            columns = line.split()
            if len(columns) != 4:
                raise ValueError(f"{path}, line {number}: four columns are wanted (query 0 claim 1)")
            query, _iteration, claim, relevance = columns
            if relevance != "0":
                found[query].add(claim)
    return dict(found)


def _collection(
    name: str, claims: Path, questions: Path, answers: Mapping[str, Path], written: Path
) -> Collection:
    texts = tuple(read_claims(claims))
    place = {claim.name: number for number, claim in enumerate(texts)}
    asked = {query: statement_of(text).for_vectors for query, text in read_questions(questions).items()}
    parts = {
        part: tuple(
            Question(asked[query], tuple(sorted(place[claim] for claim in found)))
            for query, found in sorted(read_answers(path).items())
        )
        for part, path in answers.items()
    }
    own = tuple(
        Question(statement_of(text).for_vectors, (place[claim],))
        for claim, text in read_questions(written).items()
    )
    return Collection(name, texts, parts["train"], parts["dev"], own)
