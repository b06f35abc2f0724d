"""What of an article's text says something, so that a page which only counts its shares anew has not changed.

Left out are lines that a site puts around every story: links to others, dates of access and of the last
update, counts of shares and comments, calls to subscribe. Everything else counts, to the last digit.
"""

from __future__ import annotations

import re
import unicodedata

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
        "…": "...",
    }
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
)
_DAY += r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})"
_TIME = r"\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?(?:\s*(?:gmt|utc|bst|cet|cest|est|edt|et))?"
_WHEN = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+|on\s+|at\s+|today|yesterday"
_WHEN += rf"|just now|\d+\s+(?:second|minute|hour|day|week)s?\s+ago|{_DAY}|{_TIME}|[,|·-]|\s)+"
_COUNT = r"\d[\d.,]*\s*[kmKM]?"
_SHARED = r"(?:shares?|comments?|likes?|views?|reads?|reactions?|retweets?|reposts?|readers?|replies|votes?)"
_PLACES = (
    r"(?:facebook|twitter|x|whatsapp|e-?mail|linkedin|telegram|threads|bluesky|reddit|pinterest|instagram"
)
_PLACES += r"|youtube|tiktok|copy link|print)"

_WHOLE_LINES = (
    rf"(?:last\s+)?(?:updated?|modified|published|posted|first published|accessed|retrieved)\s*:?\s*{_WHEN}",
    rf"{_COUNT}\s*{_SHARED}(?:\s*[,|·-]?\s*{_COUNT}\s*{_SHARED})*",
    rf"(?:{_SHARED}|share)\s*[:(]?\s*{_COUNT}\)?",
    r"(?:share|tweet|save|print|listen|bookmark|e-?mail)(?:\s+(?:this|the))?(?:\s+(?:story|article|page|post))?",
    rf"(?:share|follow us|find us)\s+(?:this\s+)?(?:(?:story|article|page)\s+)?(?:on|via|by)\s*:?\s*"
    rf"(?:{_PLACES}[,|·/\s]*(?:and\s+)?)+",
    rf"(?:{_PLACES}[,|·/\s]*){{2,}}",
    r"(?:read|find out|see|discover|learn)\s+more(?:\s*(?:[:>»→.-].*|here|about this.*|on this.*))?",
    r"(?:read (?:also|next|this next)|also read|see also|watch also|watch|listen|related|recommended"
    r"|more (?:from|on|in|like) [^.!?]*|more)\s*[:>»→|-]\s*.*",
    r"continue reading(?:\s+.*)?|click here(?:\s+.*)?|back to (?:the )?top|skip to .*|go to .* page",
    r"advertisements?|ad|sponsored(?: content)?|story continues below.*|article continues .*",
    r"(?:sign up|subscribe|register|log in|join us|follow us|donate|support us)\b[^.!?\d]{0,60}"
    r"\b(?:newsletters?|e-?mails?|updates|accounts?|channel|app|alerts|our|now|here|today|free)\b[^.!?\d]{0,60}",
    r"(?:view|see|show|load|leave|add|post|hide)\s+(?:all\s+|a\s+)?(?:\d+\s+)?comments?(?:\s*\(\d+\))?",
    r"(?:©|copyright\s*(?:©|\(c\)|\d{4})).{0,120}|all rights reserved\.?",
    r"\d+\s+min(?:ute)?s?(?:\s+read)?|reading time\s*:?\s*\d+\s+min(?:ute)?s?",
)
_BOILERPLATE = re.compile(rf"(?:{'|'.join(_WHOLE_LINES)})\s*[.:>»→]?", re.IGNORECASE)
_LIST_OF_LINKS = re.compile(
    r"(?:related(?: (?:stories|articles|topics|content|links|news|coverage|internet links))?"
    r"|read (?:more|next)|most (?:read|viewed|popular|shared)|top stories"
    r"|more (?:on this(?: story)?|stories|news|to read|from .{1,40}|on .{1,40}|like this)"
    r"|you m(?:ay|ight) also like|recommended(?: for you| stories)?|see also|also (?:read|on .{1,30})"
    r"|editors?['’]? picks?|trending(?: now)?|don't miss|in other news|elsewhere on .{1,30})\s*:?",
    re.IGNORECASE,
)
_ACCESSED = re.compile(
    rf"[(\[]?\b(?:last\s+)?(?:accessed|retrieved|visited|viewed|checked)\s*:?\s*(?:on\s+)?{_DAY}[)\]]?\.?",
    re.IGNORECASE,
)
_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"')\]]*$")
_LONGEST_LINK = 25  # words of a headline that stands in a list of links


def in_plain_signs(text: str) -> str:
    """The text with one kind of quotation mark, dash and space, so that none of these is a difference."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def essence_of(body: str) -> str:
    """The lines of ``body`` that say something, in plain signs. Two texts with one essence are the same."""
    kept: list[str] = []
    among_links = False
    for line in body.split("\n"):
        plain = _ACCESSED.sub("", in_plain_signs(line)).strip()
        if not plain:
            continue
        if _LIST_OF_LINKS.fullmatch(plain):
            among_links = True
        elif _BOILERPLATE.fullmatch(plain):
            continue
        elif not (among_links and _may_be_link(plain)):
            among_links = False
            kept.append(plain)
    return "\n".join(kept)


def differs(old: str, new: str) -> bool:
    """Whether ``new`` says anything else than ``old``."""
    return old != new and essence_of(old) != essence_of(new)


def _may_be_link(line: str) -> bool:
    """A headline under "Related stories": short, and no sentence."""
    return len(line.split()) <= _LONGEST_LINK and not _ENDS_A_SENTENCE.search(line)
