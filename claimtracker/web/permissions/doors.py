"""Who somebody is, what they get at an address, and the doors that addresses stand behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from claimtracker.accounts.models import Role


class Who(StrEnum):
    """The columns of the table. A role is meant at the desk whose work it is about."""

    VISITOR = "visitor"
    NEWCOMER = "no role"
    REPORTER = "reporter"
    CHECKER = "checker"
    EDITOR = "editor"
    LEAD = "lead"
    ELSEWHERE = "lead elsewhere"
    MODERATOR = "moderator"
    SUPERUSER = "superuser"


# every role has its column; what is no key here may nothing (accounts.access reads no other role either)
COLUMN_OF = {
    Role.REPORTER: Who.REPORTER,
    Role.CHECKER: Who.CHECKER,
    Role.EDITOR: Who.EDITOR,
    Role.LEAD: Who.LEAD,
    Role.MODERATOR: Who.MODERATOR,
}


class Answer(Enum):
    """What a column gets. The three OWN are a yes for whoever it belongs to, and differ for all others."""

    YES = "yes"
    SIGN_IN = "sign in"
    HIDDEN = "404"
    NO = "403"
    NOT_OFFERED = "422"
    NOT_THEIRS = "409"
    IN_VAIN = "in vain"
    OWN = "own, else 404"
    OWN_ELSE_NO = "own, else 403"
    OWN_ELSE_NOT_THEIRS = "own, else 409"


@dataclass(frozen=True, slots=True)
class Door:
    answers: Mapping[Who, Answer]

    def but(self, answer: Answer, *columns: Who) -> Door:
        """The same, except that these get another answer."""
        return Door({**self.answers, **dict.fromkeys(columns, answer)})

    def __getitem__(self, who: Who) -> Answer:
        return self.answers[who]


_Y, _NO = Answer.YES, Answer.NO
ROOT = (Who.MODERATOR, Who.SUPERUSER)

EVERYBODY = Door(dict.fromkeys(Who, Answer.YES))
SIGNED_IN = EVERYBODY.but(Answer.SIGN_IN, Who.VISITOR)
OWN = Door({**dict.fromkeys(Who, Answer.OWN), Who.VISITOR: Answer.SIGN_IN})
# at any desk: what belongs to the newsroom as a whole
MEMBERS = SIGNED_IN.but(_NO, Who.NEWCOMER)
EDITORS = MEMBERS.but(_NO, Who.REPORTER, Who.CHECKER)
LEADS = EDITORS.but(_NO, Who.EDITOR)
MODERATORS = LEADS.but(_NO, Who.LEAD, Who.ELSEWHERE)
NOBODY = MODERATORS.but(_NO, *ROOT)
# at the desk whose object it is: outside of it there is no such thing
DESK = SIGNED_IN.but(Answer.HIDDEN, Who.NEWCOMER, Who.ELSEWHERE)
DESK_MEMBERS = DESK.but(_NO, *ROOT)
DESK_CHECKERS = DESK_MEMBERS.but(_NO, Who.REPORTER)
DESK_EDITORS = DESK_CHECKERS.but(_NO, Who.CHECKER)
DESK_LEADS = DESK_EDITORS.but(_NO, Who.EDITOR)
DESK_EDITORS_AND_MODERATORS = DESK_EDITORS.but(_Y, *ROOT)
DESK_LEADS_AND_MODERATORS = DESK_LEADS.but(_Y, *ROOT)
# what somebody has in hand
HOLDER = DESK.but(Answer.OWN_ELSE_NOT_THEIRS, Who.REPORTER, Who.CHECKER, Who.EDITOR, Who.LEAD, *ROOT)
HOLDER_OR_LEAD = DESK_LEADS.but(Answer.OWN_ELSE_NO, Who.CHECKER, Who.EDITOR)


@dataclass(frozen=True, slots=True)
class Line:
    """One address (by its name) and method. ``may`` completes “may …”. ``case`` tells lines of one address
    apart that are about different objects."""

    route: str
    method: str
    door: Door
    may: str
    case: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.route, self.method, self.case)


@dataclass(frozen=True, slots=True)
class Area:
    heading: str
    lines: tuple[Line, ...]


def get(route: str, door: Door, may: str, *, case: str = "") -> Line:
    return Line(route, "GET", door, may, case)


def post(route: str, door: Door, may: str, *, case: str = "") -> Line:
    return Line(route, "POST", door, may, case)
