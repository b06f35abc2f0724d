"""Short articles, each with a few claims of its own, and how they change."""

from __future__ import annotations

import random
import re

PLACES = (
    *("Aldern", "Brackley", "Corvin", "Dunmore", "Eastleigh", "Farrow"),
    *("Glenholm", "Harwick", "Ilsley", "Jarrow", "Kelby", "Lorne"),
)
PEOPLE = ("Ann Lee", "Boris Hahn", "Clara Novak", "David Osei", "Elif Demir", "Femi Adeyemi", "Greta Lund")
OFFICES = ("mayor", "health minister", "police chief", "finance director", "union leader", "school head")
SENTENCES = (
    "{place} spent {n} million euros on roads in {year}, {office} {person} said on Tuesday.",
    "Unemployment in {place} fell to {small} percent in {year}, according to the {office}, {person}.",
    "“We have built {n} new homes in {place} since {year},” {person} said.",
    "The {place} hospital treated {n} patients for the infection in {year}, {person} told reporters.",
    "Crime in {place} rose by {small} percent last year, the {office}, {person}, claimed.",
    "The school budget of {place} was cut by {n},000 euros, {person} said in the council.",
    "{person} said that {small} in ten buses in {place} were late in {year}.",
    "Emissions from the {place} plant have doubled since {year}, the {office}, {person}, told the inquiry.",
    "“Nobody in {place} pays more than {n} euros for water,” said {person}, the {office}.",
    "The {office} of {place}, {person}, said that {n} jobs were created there in {year}.",
    "Rents in {place} went up by {small} percent within a year, {person} said.",
    "More than {n} people left {place} in {year}, according to figures that {person} presented.",
)


def article_text(number: int, *, sentences: int = 4) -> str:
    """The article of this number: always the same, unlike any other."""
    chance = random.Random(f"article {number}")
    lines = [_filled(sentence, chance) for sentence in chance.choices(SENTENCES, k=sentences)]
    return f"The council met for the {number + 1}th time.\n\n" + "\n\n".join(lines) + "\n"


def changed_text(body: str, chance: random.Random) -> str:
    """What a newsroom makes of an article: another figure, a paragraph more, one less, or moved."""
    head, *lines = body.strip().split("\n\n")
    at = chance.randrange(len(lines))
    match chance.choice(("figure", "figure", "more", "less", "moved")):
        case "figure":
            lines[at] = re.sub(
                r"\d+", lambda found: str(int(found[0]) + chance.randint(1, 9)), lines[at], count=1
            )
        case "less" if len(lines) > 2:
            del lines[at]
        case "moved" if len(lines) > 1:
            lines.insert(0, lines.pop())
        case _:
            lines.insert(at, _filled(chance.choice(SENTENCES), chance))
    return "\n\n".join([head, *lines]) + "\n"


def _filled(sentence: str, chance: random.Random) -> str:
    return sentence.format(
        place=chance.choice(PLACES),
        person=chance.choice(PEOPLE),
        office=chance.choice(OFFICES),
        n=chance.randint(11, 990),
        small=chance.randint(2, 9),
        year=chance.randint(2009, 2025),
    )
