"""Who may do what in reviews. Each refusal is the sentence that the button, the API and the audit show."""

from .blind import can_submit_blind_review, can_waive_blind_review, may_see_verdict, open_blind_reviews
from .claims import can_open_recheck, can_research_member, can_reword_claim, is_being_rechecked
from .complaints import can_decide_complaint, can_erase_complaint, can_read_complaints
from .conflicts import conflict_of
from .dossiers import can_make_dossier
from .evidence import can_add_evidence, can_see_evidence, can_settle_change
from .kinds import OWN_VERDICT, can_do_kind
from .publishing import (
    can_explain_finding,
    can_override_standards,
    can_publish_verdict,
    can_retract,
    can_see_receipts,
)
from .replies import can_ask_claimant, can_decide_reply
from .sources import can_edit_source, can_name_source, can_protect_source
from .tasks import can_release_task, can_take_task
from .verdicts import (
    BEING_COMPARED,
    can_adjudicate_verdict,
    can_approve_verdict,
    can_carry_over_verdict,
    can_decide_verdict,
    can_submit_verdict,
    can_take_back_verdict,
    is_as_carried,
    still_stands,
    text_of,
)

__all__ = [
    "BEING_COMPARED",
    "OWN_VERDICT",
    "can_add_evidence",
    "can_adjudicate_verdict",
    "can_approve_verdict",
    "can_ask_claimant",
    "can_carry_over_verdict",
    "can_decide_complaint",
    "can_decide_reply",
    "can_decide_verdict",
    "can_do_kind",
    "can_edit_source",
    "can_erase_complaint",
    "can_explain_finding",
    "can_make_dossier",
    "can_name_source",
    "can_open_recheck",
    "can_override_standards",
    "can_protect_source",
    "can_publish_verdict",
    "can_read_complaints",
    "can_release_task",
    "can_research_member",
    "can_retract",
    "can_reword_claim",
    "can_see_evidence",
    "can_see_receipts",
    "can_settle_change",
    "can_submit_blind_review",
    "can_submit_verdict",
    "can_take_back_verdict",
    "can_take_task",
    "can_waive_blind_review",
    "conflict_of",
    "is_as_carried",
    "is_being_rechecked",
    "may_see_verdict",
    "open_blind_reviews",
    "still_stands",
    "text_of",
]
