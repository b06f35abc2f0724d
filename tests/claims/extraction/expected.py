"""What the two articles on the Paris talks must yield; "…" joins the two ends of a long one."""

from __future__ import annotations

from typing import NamedTuple


class Expected(NamedTuple):
    """A claim by its exact words, and who is behind it."""

    words: str
    claimant: str | None
    attribution: str


PUBLISHED_LEADING = (
    Expected(
        "estimates of several hundred civilians killed now through…unguided munitions in civilian areas",
        "Michael Fallon",
        "quoted",
    ),
    Expected(
        "clearly aimed at opposition groups that are fighting [Syrian President Bashar al-] Assad",
        "Michael Fallon",
        "quoted",
    ),
    Expected(
        "Russia's actions in the region targeting moderate Syrian rebels instead of aiming at IS positions",
        "Michael Fallon",
        "reported",
    ),
    Expected("The defence chiefs of the US…met in the French capital on 20 January", None, "author"),
    Expected(
        'they have reached a "broad agreement" to intensify operations', "The military leaders", "reported"
    ),
    Expected("The Gulf states…were conspicuously missing in the talks", None, "author"),
    Expected("Russia was not invited despite a strong push from Paris", None, "author"),
    Expected(
        "Daesh is retreating and we have managed to affect its resources in the ground",
        "Jean-Yves Drain",
        "quoted",
    ),
    Expected(
        "the military leaders of Iraq and 26 other nations…would meet in Brussels in February",
        "Ash Carter",
        "reported",
    ),
)
PUBLISHED_NO_CLAIMS = (
    "US coalition against Isis\n",
    "Military heads of the US, France,…hold talks in Paris",
    "Jacky Naegelen/Reuters",
    "that I deplore",
    "The object of today is to satisfy ourselves that the balance of the campaign is right",
    "is tightening the screws on the militant group in Iraq and Syria",
    "the specifics have not been announced",
)
OUR_LEADING = (
    Expected("estimates of several hundred civilians killed…in civilian areas", "Michael Fallon", "quoted"),
    Expected(
        "the strikes had been aimed at groups fighting President Bashar al-Assad",
        "Michael Fallon",
        "reported",
    ),
    Expected(
        "Russia's air strikes in Syria hitting moderate opposition forces rather than IS",
        "Michael Fallon",
        "reported",
    ),
    Expected("The defence ministers of the United States…met in Paris on 20 January 2016", None, "author"),
    Expected('they had reached a "broad agreement" to speed up operations', "The ministers", "reported"),
    Expected("The Gulf states…were absent from the table", None, "author"),
    Expected("Russia was not invited", None, "author"),
    Expected("Daesh is retreating on the ground", "Jean-Yves Le Drian", "quoted"),
    Expected(
        "the defence ministers of all 26 nations…would meet in Brussels in February", "Ash Carter", "reported"
    ),
)
OUR_NO_CLAIMS = (
    "Seven defence ministers meet in Paris to step up fight against IS\n",
    "By Nadia Fournel",
    "The seven ministers pose for photographers in the courtyard of the French defence ministry",
    "Luc Abelin/Quai Images",
    "No details were made public",
    "We are determined to get the balance of this campaign right",
    "I deplore that",
    "now is the time to increase our collective effort",
    "I don't want to pre-empt what they will decide",
    "Should the coalition now send ground troops of its own?",
)


def span_of(text: str, words: str) -> tuple[int, int]:
    """Where the words stand; they must stand there once."""
    first, _, last = words.partition("…")
    assert text.count(first) == 1, f"{first!r} stands {text.count(first)} times in the text"
    start = text.index(first)
    end = text.index(last, start) + len(last) if last else start + len(first)
    return start, end


def overlaps_by_half(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """The measure of the labels: the shared stretch is at least half of the shorter span."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * shared >= min(one[1] - one[0], other[1] - other[0])
