"""Who may do what in reviews. Each refusal is the sentence that the button, the API and the audit show."""

from .claims import can_open_recheck, can_research_member, can_reword_claim, is_being_rechecked
from .conflicts import conflict_of
from .evidence import can_add_evidence, can_see_evidence, can_settle_change
from .publishing import can_explain_finding, can_override_standards, can_publish_verdict, can_retract
from .sources import can_edit_source, can_name_source, can_protect_source
from .tasks import OWN_VERDICT, can_release_task, can_take_task
from .verdicts import (
    can_approve_verdict,
    can_carry_over_verdict,
    can_submit_verdict,
    is_as_carried,
)

__all__ = [
    "OWN_VERDICT",
    "can_add_evidence",
    "can_approve_verdict",
    "can_carry_over_verdict",
    "can_edit_source",
    "can_explain_finding",
    "can_name_source",
    "can_open_recheck",
    "can_override_standards",
    "can_protect_source",
    "can_publish_verdict",
    "can_release_task",
    "can_research_member",
    "can_retract",
    "can_reword_claim",
    "can_see_evidence",
    "can_settle_change",
    "can_submit_verdict",
    "can_take_task",
    "conflict_of",
    "is_as_carried",
    "is_being_rechecked",
]
