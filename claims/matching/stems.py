"""Words brought to a common form, so that "denied" meets "denies", and which words mean opposite things."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LONGEST = 30  # letters; longer runs are no words
_IRREGULAR = {
    form: forms.split()[0]
    for forms in (
        "be",
        "become became",
        "begin began begun",
        "break broke broken",
        "bring brought",
        "build built",
        "buy bought",
        "catch caught",
        "choose chose chosen",
        "come came",
        "die died dying dies",
        "do did done does doing",
        "draw drew drawn",
        "drink drank drunk",
        "drive drove driven",
        "eat ate eaten",
        "feed fed",
        "feel felt",
        "fight fought",
        "find found",
        "flee fled",
        "fly flew flown flies",
        "forget forgot forgotten",
        "get got gotten",
        "give gave given",
        "go went gone goes",
        "hear heard",
        "hide hid hidden",
        "hold held",
        "keep kept",
        "know knew known",
        "lead led",
        "lie lied lying lies",
        "make made",
        "man men",
        "mean meant",
        "meet met",
        "pay paid",
        "person people",
        "prove proven",
        "put",
        "run ran",
        "say said",
        "see saw seen",
        "sell sold",
        "send sent",
        "shoot shot",
        "show shown",
        "sit sat",
        "speak spoke spoken",
        "spend spent",
        "stand stood",
        "steal stole stolen",
        "swear swore sworn",
        "take took taken",
        "teach taught",
        "tell told",
        "think thought",
        "throw threw thrown",
        "wear wore worn",
        "woman women",
        "write wrote written",
        "child children kid",
        "doctor physician",
        "life lives",
    )
    for form in forms.split()
}
# Each line is one scale with its two ends. A word may stand on one line only.
_OPPOSITES = """
rise rises rose risen rising increase increases increased increasing grow grows grew grown growing climb
climbs climbed soar soared surge surged jumped skyrocketed doubled tripled gain gains gained higher
| fall falls fell fallen falling decrease decreases decreased decreasing decline declines declined declining
drop drops dropped dropping shrink shrank plunge plunged plummeted halved lower

more greater | fewer less

win wins won winning | lose loses lost losing

most highest largest biggest greatest | least lowest smallest fewest

support supports supported supporting backs backed endorse endorses endorsed
| oppose opposes opposed opposing

allow allows allowed allowing permit permits permitted legalize legalized legalise legalised
| ban bans banned banning prohibit prohibits prohibited forbid forbids forbade forbidden outlaw outlawed

legal lawful | illegal unlawful

alive | dead

guilty | innocent

richer | poorer

approved approves approve passed passes | rejected rejects reject defeated

safe safer | unsafe dangerous
"""
SCALES_OF: dict[str, tuple[int, int]] = {
    word: (number, sign)
    for number, line in enumerate(_OPPOSITES.strip().split("\n\n"))
    for sign, side in zip((1, -1), line.split("|"), strict=True)
    for word in side.split()
}


def folded(word: str) -> str:
    """The word in small letters, without accents."""
    if word.isascii():
        return word.lower()
    kept = (c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return "".join(kept)


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """The word's common form; "" for what is no word. Words that stand on a scale keep their own form."""
    plain = folded(word).replace(".", "")
    for mark in ("'", "’"):
        plain = plain.partition(mark)[0]
    if not plain or len(plain) > _LONGEST:
        return ""
    if plain in SCALES_OF:
        return plain
    irregular = _IRREGULAR.get(plain)
    return irregular if irregular is not None else _shortened(plain)


def _shortened(word: str) -> str:
    """Without the endings of English; what is left need not be a word."""
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, least in (("ing", 6), ("ed", 5), ("ly", 6)):
        if word.endswith(ending) and len(word) >= least:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lse":
                word = word[:-1]
            break
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word
