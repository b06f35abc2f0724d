"""What every file of claim reviews is turned into, and what is said of the parts that could not be."""

from dataclasses import dataclass, field, fields, replace
from datetime import date

MOST_REVIEWS = 200_000
MOST_PROBLEMS = 500


@dataclass(frozen=True, slots=True)
class ReviewedClaim:
    """One claim and what one publisher found. Everything but the text may be missing.

    ``rating`` is in the publisher's own words and in their language: never a truth value. The three numbers
    are as given and say nothing without their scale. Days are those that the publisher wrote.
    """

    text: str = ""
    claimant: str = ""
    claimed_on: date | None = None
    publisher_name: str = ""
    publisher_site: str = ""
    url: str = ""
    title: str = ""
    rating: str = ""
    rating_value: float | None = None
    rating_best: float | None = None
    rating_worst: float | None = None
    reviewed_on: date | None = None
    language: str = ""
    licence: str = ""
    first_appearance: str = ""
    appearances: tuple[str, ...] = ()
    external_id: str = ""

    def with_defaults(self, defaults: "Defaults") -> "ReviewedClaim":
        """What ``defaults`` knows where this review says nothing."""
        missing = {
            item.name: getattr(defaults, item.name)
            for item in fields(defaults)
            if not getattr(self, item.name)
        }
        return replace(self, **missing)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the person who brings a file knows of all of its reviews; make it by ``checked_defaults``."""

    publisher_name: str = ""
    publisher_site: str = ""
    licence: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not as it should be: ``where`` in the file, which ``field``, and a sentence."""

    where: str
    field: str
    message: str


class UnreadableReviews(ValueError):
    """A file that holds no claim reviews at all: the field it came by, a code, a sentence with the mend."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message


@dataclass(slots=True)
class ReadReviews:
    """What came out of a file. ``refused`` counts reviews that cannot be used; ``problems`` says why, and
    what was dropped of those that can. Of more than ``MOST_PROBLEMS`` the rest is only counted. ``places``
    says where each of ``reviews`` stands."""

    format: str
    reviews: list[ReviewedClaim] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    refused: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.reviews) >= MOST_REVIEWS

    def note(self, where: str, field: str, message: str) -> None:
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(where, field, message))

    def refuse(self, where: str, field: str, message: str) -> None:
        self.refused += 1
        self.note(where, field, message)

    def add(self, where: str, review: ReviewedClaim) -> None:
        """Keep a review that says what was claimed; refuse one that does not."""
        if not review.text:
            self.refuse(where, "claim", "It does not say which claim it is about. Add the claim’s words.")
        elif self.is_full:
            self.refuse(where, "file", f"Only the first {MOST_REVIEWS:,} reviews are read. Split the file.")
        else:
            self.reviews.append(review)
            self.places.append(where)
