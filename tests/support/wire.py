"""A wire story as the agency sends it, and as another outlet prints it."""

from __future__ import annotations

from typing import Any

from claims.models import ArticleVersion
from tests import factories

CUT = "The council cut its library budget by 9 per cent in March"
CLOSED = "Four of the town's eleven libraries have closed since 2014"
SPENT = "the council spent £2m on consultants"
RENTS = "Rents for the closed buildings rose by a third"

_REST = "\n\n".join(
    f"Residents of ward {name} wrote to the council about {thing}, and the members will discuss their "
    f"letters at the meeting that the mayor called for the evening in the old market hall by the river."
    for name, thing in (
        ("Northgate", "opening hours"),
        ("Riverside", "reading groups"),
        ("Millfield", "the bus"),
    )
)
STORY = (
    f"Council closes libraries\n\nEASTMOUTH (Reuters) - {CUT}, the treasurer Helen Marsh said on Monday. "
    f"{CLOSED}, according to the town hall. In the same year {SPENT}, Marsh said. {RENTS}.\n\n{_REST}\n"
)
# another headline and byline, no dateline, "told Reuters", a sentence of its own, the last paragraph cut off
COPY = (
    "Library cuts: what the town says\n\nBy Staff and agencies\n\n"
    + STORY.split("(Reuters) - ")[1]
    .replace("Helen Marsh said on Monday", "Helen Marsh told Reuters on Monday")
    .replace(f"{RENTS}.", f"{RENTS}. The mayor sold 12 of the town's cars last week.")
    .rpartition("\n\n")[0]
    + "\n\n(Reuters)\n"
)


def make_version(body: str = STORY, **options: Any) -> ArticleVersion:
    """The text of a new article; each has an origin of its own unless given."""
    article = factories.make_article(body, **options)
    return article.versions.select_related("article__desk").get()
