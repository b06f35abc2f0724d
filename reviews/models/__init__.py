"""Who checks, what they conclude, and what the public sees."""

from .conflict import ConflictOfInterest
from .evidence import Evidence, Source
from .notification import EmailWish, NoticeKind, NoticePreference, Notification
from .publication import Change, Publication
from .rating import Rating, RatingScale
from .review_task import ReviewTask, RoutingRule
from .standards import StandardsNote, StandardsOverride
from .verdict import Verdict

__all__ = [
    "Change",
    "ConflictOfInterest",
    "EmailWish",
    "Evidence",
    "NoticeKind",
    "NoticePreference",
    "Notification",
    "Publication",
    "Rating",
    "RatingScale",
    "ReviewTask",
    "RoutingRule",
    "Source",
    "StandardsNote",
    "StandardsOverride",
    "Verdict",
]
