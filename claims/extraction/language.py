"""Which language a text is in, and the refusal of those we cannot read."""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import Any

from claims.extraction.lexicon import FUNCTION_WORDS
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
_SAMPLE = 6_000
_ENOUGH_WORDS = 8
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
    """The text's language code, always "en". Short texts are given the benefit of the doubt.

    Raises UnsupportedText with the code "language", naming the language found.
    """
    sample = _sample(text)
    words = [word.lower().replace("’", "'") for word in _WORD.findall(sample)]
    if not words:
        return "en"
    known = sum(word in FUNCTION_WORDS for word in words) / len(words)
    latin = sum("a" <= char.lower() <= "z" for word in words for char in word)
    letters = sum(len(word) for word in words)
    foreign_script = latin < letters * 0.5
    if not foreign_script and (len(words) < _ENOUGH_WORDS or known >= 0.3):
        return "en"
    with _lock:
        code = str(_identifier().classify(sample)[0])
    if code == "en" and not foreign_script:
        return "en"
    if not foreign_script and known >= 0.2:
        return "en"
    name = _NAMES.get(code, f"another language ({code})") if code != "en" else "another language"
    raise UnsupportedText(
        "language", f"This text seems to be in {name}. Only English articles can be read so far."
    )


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = len(text) // 2
    return "\n".join((text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]))
