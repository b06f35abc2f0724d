"""Who checks, what they conclude, and what the public sees."""

from .conflict import ConflictOfInterest
from .evidence import Evidence, Source
from .notification import EmailWish, NoticeKind, NoticePreference, Notification
from .publication import Change, Publication
from .rating import Rating, RatingScale
from .review import ReasonTemplate, Review, Revision
from .review_task import ReviewTask, TaskHolder
from .routing import ClaimRoute, RoutingRule, Rulebook, Topic, TriageDecision
from .standards import StandardsNote, StandardsOverride
from .verdict import Verdict

__all__ = [
    "Change",
    "ClaimRoute",
    "ConflictOfInterest",
    "EmailWish",
    "Evidence",
    "NoticeKind",
    "NoticePreference",
    "Notification",
    "Publication",
    "Rating",
    "RatingScale",
    "ReasonTemplate",
    "Review",
    "ReviewTask",
    "Revision",
    "RoutingRule",
    "Rulebook",
    "Source",
    "StandardsNote",
    "StandardsOverride",
    "TaskHolder",
    "Topic",
    "TriageDecision",
    "Verdict",
]
