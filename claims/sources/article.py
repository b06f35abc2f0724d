"""What every source is turned into, and the one error they raise."""

from dataclasses import dataclass
from datetime import datetime

# The limit of one article's text, in UTF-8 bytes.
MOST_TEXT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """An article as read. `body` is plain text: one block a line, at most one empty line between.

    Pasted and uploaded text keeps its headline as the first line of the body; from HTML and Markdown the
    headline is the title alone. `published_at` always has a time zone.
    """

    title: str
    byline: str
    body: str
    language: str | None = None
    published_at: datetime | None = None
    url: str | None = None
    canonical_url: str | None = None
    site_name: str | None = None


class UnreadableArticle(ValueError):
    """An article that cannot be taken in: the field it came by, a code, and a sentence with the mend."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message

    def for_field(self, field: str) -> "UnreadableArticle":
        """The same refusal, naming the field by which the person sent the article."""
        return UnreadableArticle(field, self.code, self.message)
