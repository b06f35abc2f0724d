"""Who checks, what they conclude, and what the public sees."""

from .evidence import Evidence, Source
from .notification import EmailWish, NoticeKind, NoticePreference, Notification
from .publication import Publication
from .rating import Rating, RatingScale
from .review import ReasonTemplate, Review, Revision
from .review_task import ReviewTask, RoutingRule, TaskHolder
from .verdict import Verdict

__all__ = [
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
    "Source",
    "TaskHolder",
    "Verdict",
]
