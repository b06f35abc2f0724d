"""Bytes to text: byte order marks, declared and guessed encodings, and what is no text at all."""

import codecs
import re

from charset_normalizer import from_bytes

from claims.sources.article import UnreadableArticle

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"RIFF", "an image or sound file"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound or video file"),
    (b"SQLite format 3", "a database"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([a-zA-Z0-9_.:-]{2,40})", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# A sample is enough to tell an encoding; guessing over a megabyte takes seconds.
_SAMPLE = 64_000


def decode_text(content: bytes, *, field: str, charset: str | None = None, html: bool = False) -> str:
    """The text in `content`. A byte order mark wins, then UTF-8, then `charset` (what the server said)
    or an HTML page's own declaration, then a guess. Raises UnreadableArticle (binary, encoding)."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return _or_refused(_strict(content, codec), field)
    kind = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)
    if kind is not None:
        raise _binary(kind, field)
    wide = _unmarked_utf16(content)
    if wide is not None:
        return wide
    if b"\x00" in content[:_SAMPLE] or len(_CONTROLS.findall(content)) > max(3, len(content) // 100):
        raise _binary("not text", field)
    text = _strict(content, "utf-8")
    if text is not None:
        return text
    for declared in (charset, _declared_in_html(content) if html else None):
        text = _strict(content, declared) if declared else None
        if text is not None:
            return text
    return _or_refused(_guessed(content), field)


def charset_of(content_type: str) -> str | None:
    """The encoding that a Content-Type header declares."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def _strict(content: bytes, codec: str) -> str | None:
    # Browsers read both names as windows-1252, so that is what pages mean by them.
    if codec.lower() in {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii"}:
        codec = "windows-1252"
    try:
        if not codecs.lookup(codec)._is_text_encoding:
            return None
        return content.decode(codec)
    except (LookupError, UnicodeError, ValueError):
        return None


def _declared_in_html(content: bytes) -> str | None:
    found = _META_CHARSET.search(content[:4096])
    return found[1].decode("ascii") if found else None


def _unmarked_utf16(content: bytes) -> str | None:
    sample = content[:2000]
    if len(sample) < 4 or len(content) % 2:
        return None
    zeros_even, zeros_odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if zeros_odd > half * 0.7 and zeros_even == 0:
        return _strict(content, "utf-16-le")
    if zeros_even > half * 0.7 and zeros_odd == 0:
        return _strict(content, "utf-16-be")
    return None


def _guessed(content: bytes) -> str | None:
    western = _strict(content, "windows-1252")
    if western is not None and _reads_as_western(western):
        return western
    for guess in from_bytes(content[:_SAMPLE]):
        text = _strict(content, guess.encoding)
        if text is not None and _NOT_WESTERN.search(text) is None:
            return text
    return None


def _reads_as_western(text: str) -> bool:
    """Whether the upper half is what Western European text has: accented letters inside words,
    typographic marks, and few of either."""
    upper = [character for character in text if ord(character) > 0x7F]
    expected = sum(character in _WESTERN for character in upper)
    few = len(upper) <= max(3, len(text) * 0.25)
    return few and expected >= len(upper) * 0.9 and _NOT_WESTERN.search(text) is None


# Central European letters read as windows-1252 become signs in the middle of words.
_NOT_WESTERN = re.compile(r"[^\W\d_][¿³¼½¾²£¶¹±¦¥¯][^\W\d_]|[³¶¦][^\W\d_]")
_WESTERN = frozenset(
    "‘’“”„‚–—…•€£§©®°«»¿¡´·àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿßÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØŒÙÚÛÜ\xa0½¼¾²³™"
)


def _binary(kind: str, field: str) -> UnreadableArticle:
    what = "This is not a text file" if kind == "not text" else f"This is {kind}, not a text file"
    return UnreadableArticle(
        field, "binary", f"{what}. Save the article as .txt, .md or .html in UTF-8, or paste its words."
    )


def _or_refused(text: str | None, field: str) -> str:
    if text is None:
        raise UnreadableArticle(
            field, "encoding", "The letters of this file cannot be read. Save it as UTF-8 and send it again."
        )
    return text
