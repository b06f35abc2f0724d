"""Who checks, what they conclude, and what the public sees."""

from .comment import About, Comment, Mention
from .conflict import ConflictOfInterest
from .evidence import Evidence, Source
from .mailing import Mailing, MailTimes
from .notification import EmailWish, NoticeKind, NoticePreference, Notification
from .publication import Change, Publication
from .rating import Rating, RatingScale
from .review_task import ReviewTask
from .routing import ClaimRoute, RoutingRule, Rulebook, Topic, TriageDecision
from .standards import StandardsNote, StandardsOverride
from .verdict import Verdict

__all__ = [
    "About",
    "Change",
    "ClaimRoute",
    "Comment",
    "ConflictOfInterest",
    "EmailWish",
    "Evidence",
    "MailTimes",
    "Mailing",
    "Mention",
    "NoticeKind",
    "NoticePreference",
    "Notification",
    "Publication",
    "Rating",
    "RatingScale",
    "ReviewTask",
    "RoutingRule",
    "Rulebook",
    "Source",
    "StandardsNote",
    "StandardsOverride",
    "Topic",
    "TriageDecision",
    "Verdict",
]
