"""Which language a text is in, and the refusal of those we cannot read."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from claims.extraction.languages import DEFAULT, LanguageReader, readers
from claims.extraction.model import MAX_CODE_POINTS, UnsupportedText

_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "cy": "Welsh",
    "da": "Danish", "de": "German", "el": "Greek", "eo": "Esperanto", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "la": "Latin",
    "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ms": "Malay", "nb": "Norwegian",
    "nl": "Dutch", "nn": "Norwegian", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian",
    "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "th": "Thai", "tl": "Tagalog",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_QUOTED = re.compile(r"“[^”\n]{1,1500}”|«[^»\n]{1,1500}»|„[^“”\n]{1,1500}[“”]|\"[^\"\n]{1,1500}\"")
_SAMPLE = 6_000
_ENOUGH_WORDS = 8
_OWN_WORDS = 20  # outside quotation marks: enough to judge the reporter's language by
_SETTLES, _HINTS = 0.3, 0.2  # likeness that settles a language, and one that other evidence may add to
_lock = threading.Lock()


@cache
def _identifier() -> Any:
    from py3langid import langid  # imported late: its model takes a quarter of a second to read

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)


def check_readable(text: str) -> None:
    """Refuse text that is empty, longer than MAX_CODE_POINTS or binary.

    Raises UnsupportedText with the code "empty", "too_long" or "binary".
    """
    if not text.strip("\ufeff \t\r\n\f\v\u00a0\u200b"):
        raise UnsupportedText("empty", "The text is empty. Paste or upload the article's words.")
    if len(text) > MAX_CODE_POINTS:
        raise UnsupportedText(
            "too_long",
            f"The text has {len(text):,} characters; at most {MAX_CODE_POINTS:,} can be read. "
            "Send it in parts.",
        )
    strange = sum(1 for char in text if (char < " " and char not in "\t\n\r\f\v") or char == "\ufffd")
    if "\x00" in text or strange > max(4, len(text) // 50):
        raise UnsupportedText(
            "binary", "This looks like a binary file or the wrong encoding, not text. Send plain UTF-8 text."
        )


def check_language(text: str) -> str:
    """The code of the language the article is read in, one of the registered ones.

    The reporter's own words decide: long quotations in another language change nothing. Few words are given
    the benefit of the doubt. Raises UnsupportedText with the code "language", naming the language found.
    """
    sample = _own_words_of(_sample(text))
    words = _words_in(sample)
    if not words:
        return DEFAULT
    fitting = [reader for reader in readers() if _share_in_script(words, reader.script) >= 0.5]
    likeness = {reader.code: reader.likeness(words) for reader in fitting}
    best = max(fitting, key=lambda reader: likeness[reader.code], default=None)
    if best is not None and likeness[best.code] >= _SETTLES:
        return best.code
    if best is not None and len(words) < _ENOUGH_WORDS:
        return best.code if likeness[best.code] > 0 or DEFAULT not in likeness else DEFAULT
    code = _identified(sample)
    if code in likeness:
        return code
    if best is not None and (likeness[best.code] >= _HINTS or _fills_most_lines(sample, best)):
        return best.code
    raise UnsupportedText("language", _refusal(code))


def _refusal(code: str) -> str:
    known = " and ".join(reader.name for reader in readers())
    name = _NAMES.get(code)
    if name is None or any(reader.code == code for reader in readers()):
        found = "in a language that cannot be told"
    else:
        found = f"in {name}"
    are = "are" if len(readers()) > 1 else "is"
    return (
        f"This text seems to be {found}. Only {known} {are} read so far: "
        f"give an article in {known.replace(' and ', ' or ')}, or a translation of this one."
    )


def _words_in(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def _own_words_of(sample: str) -> str:
    """The sample without what stands in quotation marks, where enough is left to judge by."""
    own = _QUOTED.sub(" ", sample)
    return own if len(_WORD.findall(own)) >= _OWN_WORDS else sample


def _share_in_script(words: Sequence[str], script: str) -> float:
    """How many of the letters belong to a script, from 0 to 1."""
    counted = Counter(char for word in words for char in word if char.isalpha())
    inside = sum(count for char, count in counted.items() if unicodedata.name(char, "").startswith(script))
    return inside / max(1, counted.total())


def _identified(sample: str) -> str:
    with _lock:
        return str(_identifier().classify(sample)[0])


def _fills_most_lines(sample: str, reader: LanguageReader) -> bool:
    """Whether lines in the reader's language hold half of the words: an article with foreign stretches."""
    lines = [words for words in map(_words_in, sample.splitlines()) if words]
    own = sum(len(words) for words in lines if reader.likeness(words) >= _SETTLES)
    return own * 2 >= sum(map(len, lines))


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = len(text) // 2
    return "\n".join((text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]))
