"""The claim workspace: one page for everybody, and what each person may do on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims import policies as claim_policies
from claims.explaining import explanation_of
from claims.states import SET_ASIDE
from claimtracker.accounts.models import User
from claimtracker.kernel.decisions import Decision
from claimtracker.kernel.errors import ActionRefused

from .. import policies, standards, states
from ..actions.gate import proposal_of
from ..actions.source_reads import note_reads
from ..forms import (
    AskForm,
    ContactForm,
    EvidenceForm,
    ExplainForm,
    MergeForm,
    NoteForm,
    OverrideForm,
    ProposalForm,
    PublishForm,
    ReasonForm,
    RefusableForm,
    RetractForm,
    SplitForm,
    VerdictForm,
    WordingForm,
)
from ..forms.complaints import AnswerForm
from ..forms.flags import FlagForm
from ..forms.reviewing import (
    BlindReviewForm,
    DissentForm,
    EditForm,
    OtherwiseForm,
    ReviewedReasonForm,
)
from ..forms.routing import TriageForm
from ..models import Rating, ReviewTask, Verdict
from ..models.evidence import Stance
from ..policies.assignment import can_take_now
from ..policies.availability import availabilities
from ..selectors.flags import open_flags
from ..selectors.seen_before import seen_before
from ..selectors.workspace import Workspace, context_of, default_ratings, workspace_of
from . import wording
from .access import person, signed_in, status_of
from .complaint_panel import complaint_context
from .discussion import discussion_context
from .hands import Hands, hands_of
from .places import places_context
from .problems import problem_of, problem_of_form, wants_problem
from .publishing_panel import publishing_context
from .reply_panel import reply_context
from .restriction_words import restriction_context
from .reviewing_parts import rating_cards, reviewing_context
from .routing_panel import RoutingForms, routing_context
from .seen_before import FamilyForms, seen_context
from .source_words import changed_sources, with_page_lines
from .stages import rating_of
from .text_words import changed_text
from .timeline import timeline_of


@dataclass(slots=True)
class Sent:
    """The forms that were sent and refused, shown again as they are, so that nothing typed is lost."""

    evidence: EvidenceForm | None = None
    verdict: ProposalForm | None = None
    changes: ReasonForm | None = None
    dismissal: ReasonForm | None = None
    recheck: ReasonForm | None = None
    publishing: PublishForm | None = None
    explanation: ExplainForm | None = None
    override: OverrideForm | None = None
    retraction: RetractForm | None = None
    ask: AskForm | None = None
    contact: ContactForm | None = None
    reply: ReasonForm | None = None
    answer: AnswerForm | None = None
    wording: WordingForm | None = None
    merge: MergeForm | None = None
    split: SplitForm | None = None
    detach: NoteForm | None = None
    edit: EditForm | None = None
    dissent: DissentForm | None = None
    blind: BlindReviewForm | None = None
    waiver: ReasonForm | None = None
    uphold: ReviewedReasonForm | None = None
    otherwise: OtherwiseForm | None = None
    giving_back: ReviewedReasonForm | None = None
    triage_check: TriageForm | None = None
    triage_dismissal: ReasonForm | None = None
    triage_merge: MergeForm | None = None
    selection: TriageForm | None = None


@dataclass(frozen=True, slots=True)
class TaskLine:
    task: ReviewTask
    state: str
    label: str
    priority: wording.Label
    due: wording.Label
    take: Decision | None
    release: Decision | None
    hands: Hands


@signed_in
@require_safe
def claim_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, workspace_of(pk, request.user))


def show(
    request: HttpRequest,
    space: Workspace,
    *,
    sent: Sent | None = None,
    status: int = 200,
    template: str = "",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """The workspace page (or its fragment ``template``) with the refused forms in ``sent`` as typed."""
    user, sent = person(request), sent or Sent()
    context = page_context(user, space, sent) | (extra or {})
    if not template:
        forms = FamilyForms(sent.merge, sent.split, sent.detach)
        context |= seen_context(user, space, seen_before(space.claim, user), forms)
        context |= places_context(user, space)
        context |= reply_context(user, space, sent)
        context |= complaint_context(user, space, sent)
        context |= restriction_context(user, space)
        context |= {"flags": open_flags(space.claim, user), "flag_form": FlagForm(prefix="flag")}
        context |= discussion_context(user, space.claim, about=request.GET.get("about", ""))
        triage = (sent.triage_check, sent.triage_dismissal, sent.triage_merge, sent.selection)
        context |= routing_context(user, space, RoutingForms(*triage))
    return render(request, template or "reviews/claim.html", context, status=status)


def attempt(
    request: HttpRequest,
    claim_id: int,
    act: Callable[[], Any],
    *,
    done: str,
    form: RefusableForm | None = None,
    slot: str = "",
    draft: str = "",
    anchor: str = "",
) -> HttpResponse:
    """Do ``act`` and go back to the claim; a refusal shows the claim as it now is, with its sentence.

    ``form`` is what was sent, ``slot`` its name in :class:`Sent`, ``draft`` the browser's copy to drop.
    """
    if form is not None and not form.is_valid():
        return _not_valid(request, claim_id, form, slot)
    try:
        act()
    except ActionRefused as refusal:
        if wants_problem(request):
            return problem_of(refusal)
        sent = Sent()
        if form is not None and slot:
            form.refuse(refusal)
            setattr(sent, slot, form)
        else:
            messages.error(request, refusal.reason)
        return show(request, workspace_of(claim_id, request.user), sent=sent, status=status_of(refusal))
    messages.success(request, done, extra_tags=f"draft:{draft}" if draft else "")
    response = redirect("reviews:claim_detail", pk=claim_id)
    if anchor:
        response["Location"] += f"#{anchor}"
    return response


def _not_valid(request: HttpRequest, claim_id: int, form: RefusableForm, slot: str) -> HttpResponse:
    if wants_problem(request):
        return problem_of_form(form)
    form.mark_invalid()
    sent = Sent()
    if slot:
        setattr(sent, slot, form)
    else:  # the form has no place on the page: its first sentence goes above it
        messages.error(request, str(next(iter(form.errors.values()))[0]))
    return show(request, workspace_of(claim_id, request.user), sent=sent, status=422)


def page_context(user: User, space: Workspace, sent: Sent) -> dict[str, Any]:
    claim = space.claim
    appearance = space.appearance
    ratings = default_ratings()
    steps = wording.rating_steps(ratings)
    return {
        "space": space,
        "claim": claim,
        "title": wording.title_of(claim),
        "appearance": appearance,
        "context": context_of(appearance) if appearance else None,
        "why": explanation_of(appearance, appearance.version.body, space.reading) if appearance else None,
        "tasks": [_task_line(task, user) for task in space.tasks if task.state in states.OPEN],
        "set_aside": claim.state in SET_ASIDE,
        "mark_tone": _mark_tone(space),
        "can_curate": claim_policies.can_curate_claim(user, claim),
        "dismissal": sent.dismissal or ReasonForm(prefix="dismissal"),
        "can_reword": policies.can_reword_claim(user, claim, verdict=space.verdict),
        "wording_form": sent.wording or WordingForm.of(claim),
        **_evidence_context(user, space, sent),
        **_verdict_context(user, space, sent, ratings, steps),
        "history": timeline_of(claim, user),
        "can_make_dossier": policies.can_make_dossier(user, claim),
    }


def _task_line(task: ReviewTask, user: User) -> TaskLine:
    state, label = wording.task_label(task, user)
    taken = task.state == states.TAKEN
    mine = taken and task.assignee_id == user.pk
    return TaskLine(
        task=task,
        state=state,
        label=label,
        priority=wording.priority_label(task.priority),
        due=wording.due_label(task.due_at),
        take=None if mine else can_take_now(user, task, availabilities([user])[user.pk]),
        release=policies.can_release_task(user, task) if taken else None,
        hands=hands_of(task, user),
    )


def _evidence_context(user: User, space: Workspace, sent: Sent) -> dict[str, Any]:
    allowed = policies.can_add_evidence(user, space.claim)
    note_reads((item.source for item in space.evidence if not item.is_withheld), by=user)
    with_page_lines(space.evidence)
    words = {
        Stance.SUPPORTS: (
            _("Supports"),
            _("Nothing supports it yet. Look for the claimant's own source first."),
        ),
        Stance.REFUTES: (_("Refutes"), _("Nothing refutes it yet. Look for who would disagree, and why.")),
        Stance.CONTEXT: (
            _("Context"),
            _("Add background that neither supports nor refutes, such as how the number is counted."),
        ),
    }
    return {
        "groups": [(group, *words[Stance(group.stance)]) for group in space.stance_groups],
        "can_add_evidence": allowed,
        # of a dismissed claim nothing is gathered any more
        "evidence_form": sent.evidence
        or (EvidenceForm() if allowed and space.claim.state not in SET_ASIDE else None),
    }


def _verdict_context(
    user: User, space: Workspace, sent: Sent, ratings: list[Rating], steps: dict[int, int | None]
) -> dict[str, Any]:
    sees = policies.may_see_verdict(user, space.claim.pk)
    verdict, research = space.verdict if sees else None, space.research
    writing = bool(research and policies.can_submit_verdict(user, research))
    panel = _panel(space, writing=writing) if sees else "blind"
    form = sent.verdict or (ProposalForm.of(verdict if panel == "write" else None) if writing else None)
    context: dict[str, Any] = {
        "panel": panel,
        "verdict": verdict,
        "verdict_state": wording.verdict_label(verdict.state)
        if verdict and _concerns(panel, verdict)
        else "",
        "verdict_step": steps.get(verdict.rating_id or 0) if verdict else None,
        "verdict_form": form,
        "rating_cards": rating_cards(form, ratings, steps) if form else [],
        "publication": space.publications[0] if space.publications else None,
        "published_rating": rating_of(space.publications[0] if space.publications else None),
        "changes": sent.changes or ReasonForm(prefix="changes"),
        "recheck_form": sent.recheck or ReasonForm(prefix="recheck"),
        "findings": [],
        "changed_sources": changed_sources(space.evidence) if sees else [],
        "changed_text": changed_text(space),
        **reviewing_context(user, space, sent, panel, ratings, steps),
    }
    if verdict and panel == "decide":
        context["can_approve"] = policies.can_approve_verdict(user, verdict, desk=space.claim.desk_id)
    if verdict and panel in {"decide", "disputed", "publish"}:
        context["findings"] = findings_of(space, verdict.rating, verdict.summary, verdict.rationale)
    if verdict and panel == "publish":
        context["can_publish"] = policies.can_publish_verdict(user, verdict, desk=space.claim.desk_id)
    if panel == "published":
        context["can_correct"] = policies.can_open_recheck(user, space.claim, verdict=verdict)
    if form:
        context["findings"] = findings_of(space, *typed(form))
    context["counts"] = counts_of(context["findings"])
    context["gate_is_shut"] = any(finding.is_open for finding in context["findings"])
    return context | publishing_context(user, space, sent, context["findings"])


def _panel(space: Workspace, *, writing: bool) -> str:
    """Which face the verdict panel shows: dismissed, withdrawn, write, decide, disputed, publish,
    published, wait; or blind while the verdict is hidden."""
    verdict = space.verdict
    if space.claim.state in SET_ASIDE:
        return space.claim.state
    if writing:
        return "write"
    if verdict and verdict.state in states.WAITING:
        return "decide" if verdict.state == states.SUBMITTED else "disputed"
    if space.awaits_publication:
        return "publish"
    if space.publications:
        return "published"
    return "wait"


def _concerns(panel: str, verdict: Verdict) -> bool:
    """Is the newest verdict what the panel is about? Somebody who writes anew is past an approved one."""
    return panel not in {"wait", "blind", *SET_ASIDE} and not (
        panel == "write" and verdict.state == states.APPROVED
    )


def _mark_tone(space: Workspace) -> str:
    """How the claim's words are marked in their sentence, as on the article's page."""
    if space.claim.state in SET_ASIDE:
        return "dismissed"
    if space.publications:
        return "published"
    if space.verdict or any(task.state == states.TAKEN for task in space.tasks):
        return "in-review"
    return space.claim.state


def typed(form: VerdictForm) -> tuple[Rating | None, str, str]:
    """Rating, summary and rationale as they stand in the form, valid or not."""
    slug = str(form["rating"].value() or "")
    rating = next((rating for rating in default_ratings() if rating.slug == slug), None)
    return rating, str(form["summary"].value() or ""), str(form["rationale"].value() or "")


def findings_of(
    space: Workspace, rating: Rating | None, summary: str, rationale: str
) -> list[standards.Finding]:
    """What the standards say of these words with the evidence that is on the board."""
    return standards.findings(proposal_of(space.claim, rating=rating, summary=summary, rationale=rationale))


def counts_of(findings: list[standards.Finding]) -> dict[str, int]:
    """How many have to be mended, and how many are to be considered."""
    due = sum(finding.is_open for finding in findings)
    return {"due": due, "mild": len(findings) - due}


def draft_key(kind: str, claim_id: int) -> str:
    """The name under which the browser keeps what is being typed."""
    return f"{kind}-{claim_id}"
