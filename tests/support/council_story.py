"""A story that an extractor with weights read: claims reworded and taken apart, sentences passed over."""

from __future__ import annotations

from claims.actions.extraction import Analysis
from claims.extraction.model import (
    ClaimParts,
    DateMention,
    ExtractedClaim,
    NamedThing,
    PassedOver,
    Quantity,
    WhyNot,
    WordingChange,
)
from claims.models import Article, ArticleVersion
from tests import factories

from .readings import OLD, found, reading

STORY = (
    "Council closes four libraries\n\n"
    "By Nora Field\n\n"
    "Rain fell on the old market square as the members arrived. "
    "Eastmouth council voted by 31 to 22 on Tuesday to close four of its eleven libraries.\n\n"
    "“We spent £9.4m more than we received last year,” the treasurer Helen Marsh said. "
    "She told reporters that several hundred members of staff had left since March. "
    "“I cried when I read the list,” said Amir Sen, who lives next to one of them. "
    "The mayor hopes that volunteers will step in.\n\n"
    "Is a town without books still a town? "
    "No other council in the county has closed more than one library, a union study found. "
    "Nothing in Eastmouth will ever be the same."
)
VOTED = "Eastmouth council voted by 31 to 22 on Tuesday to close four of its eleven libraries"
SPENT = "We spent £9.4m more than we received last year"
LEFT = "several hundred members of staff had left since March"
OTHERS = "No other council in the county has closed more than one library"
PASSED: dict[str, WhyNot] = {
    "Rain fell on the old market square as the members arrived.": "scene",
    "“I cried when I read the list,” said Amir Sen, who lives next to one of them.": "experience",
    "The mayor hopes that volunteers will step in.": "intention",
    "Is a town without books still a town?": "question",
    "Nothing in Eastmouth will ever be the same.": "rhetoric",
}


def make_story() -> Article:
    return factories.make_article(STORY, title="Council closes four libraries")


def story_reading(version: ArticleVersion, *quotes: str, by: str = OLD) -> Analysis:
    """What the extractor made of the story; with ``quotes``, of these claims only."""
    claims = [_voted(version), _spent(version), _left(version), _others(version)]
    passed = [
        PassedOver(version.body.index(words), version.body.index(words) + len(words), why, 0.1 + number / 50)
        for number, (words, why) in enumerate(PASSED.items())
    ]
    chosen = [claim for claim in claims if not quotes or claim.quote in quotes]
    return reading(*chosen, by=by, sentences=9, passed_over=tuple(passed), model="minilm-l6 4f2a91c0")


def _voted(version: ArticleVersion) -> ExtractedClaim:
    at = version.body.index
    parts = ClaimParts(
        quantities=(
            Quantity(at("31 to 22"), at("31 to 22") + 2, 31, 31, "votes", "exact"),
            Quantity(at("four of its"), at("four of its") + 4, 4, 4, "libraries", "exact"),
        ),
        dates=(DateMention(at("Tuesday"), at("Tuesday") + 7, "2026-03-17", "2026-03-17"),),
        names=(NamedThing(at(VOTED), at(VOTED) + 9, "Eastmouth", "place"),),
    )
    text = VOTED.replace("Tuesday", "Tuesday 17 March 2026")
    change = WordingChange(text.index(" 17 March"), text.index(" to close"), "", "date")
    reasons = ("a number: 31", "names an actor: Eastmouth council", "a vote")
    return found(
        version,
        VOTED,
        text=text,
        changes=(change,),
        parts=parts,
        score=0.82,
        kind="event",
        reasons=reasons,
        rank=2,
    )


def _spent(version: ArticleVersion) -> ExtractedClaim:
    at = version.body.index
    text = "Eastmouth council spent £9.4m more than it received in 2025"
    changes = (
        WordingChange(0, len("Eastmouth council"), "We", "pronoun"),
        WordingChange(text.index("it rec"), text.index(" rec"), "we", "pronoun"),
        WordingChange(text.index("in 2025"), len(text), "last year", "date"),
    )
    start = at("£9.4m")
    parts = ClaimParts(
        quantities=(Quantity(start, start + 5, 9_400_000, 9_400_000, "GBP", "exact"),),
        dates=(DateMention(at("last year"), at("last year") + 9, "2025-01-01", "2025-12-31"),),
    )
    speaker = at("Helen Marsh")
    return found(
        version,
        SPENT,
        text=text,
        changes=changes,
        parts=parts,
        score=0.91,
        claimant="Helen Marsh",
        claimant_span=(speaker, speaker + 11),
        attribution="quoted",
        cue="said",
        reasons=("a number: £9.4m", "a comparison", "an official statistic"),
        rank=1,
    )


def _left(version: ArticleVersion) -> ExtractedClaim:
    start = version.body.index(LEFT)
    since = version.body.index("since March")
    text = "Several hundred members of staff had left Eastmouth council since March 2026"
    changes = (
        WordingChange(text.index("Eastmouth"), text.index(" since"), "", "reference"),
        WordingChange(text.index(" 2026"), len(text), "", "date"),
    )
    parts = ClaimParts(
        quantities=(Quantity(start, start + 15, 200, 900, "members of staff", "several"),),
        dates=(DateMention(since, since + 11, "2026-03-01", None),),
    )
    return found(
        version,
        LEFT,
        text=text,
        changes=changes,
        parts=parts,
        score=0.74,
        claimant="Helen Marsh",
        attribution="reported",
        cue="told reporters",
        reasons=("a number: several hundred",),
        rank=3,
    )


def _others(version: ArticleVersion) -> ExtractedClaim:
    return found(
        version,
        OTHERS,
        score=0.55,
        claimant="A union study",
        attribution="reported",
        cue="found",
        kind="comparison",
        reasons=("a comparison",),
        rank=4,
    )
