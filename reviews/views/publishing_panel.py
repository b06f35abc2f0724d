"""What the workspace shows of publishing: the words of the next version, answers to the standards, and
taking back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from claims.models import Claim
from claimtracker.accounts.models import User
from claimtracker.kernel.decisions import Decision

from .. import policies, standards
from ..forms import ExplainForm, OverrideForm, PublishForm, RetractForm
from ..models import Change
from ..selectors.standards import author_of_next, differences
from ..selectors.workspace import Workspace

if TYPE_CHECKING:
    from .workspace import Sent


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A finding with what this person may answer to it."""

    finding: standards.Finding
    explain: ExplainForm | None
    override: OverrideForm | None
    can_override: Decision | None


def answer_lines(
    user: User,
    claim: Claim,
    found: Iterable[standards.Finding],
    *,
    explanation: ExplainForm | None,
    override: OverrideForm | None,
) -> list[AnswerLine]:
    """Each finding that people may answer to. Refused forms are shown at their finding again."""
    may_explain = policies.can_explain_finding(user, claim)
    may_override = policies.can_override_standards(user, claim, author_id=author_of_next(claim))
    lines = []
    for finding in found:
        rule = standards.RULES[finding.code]
        overridable = finding.is_open and rule.can_be_overridden and not rule.stops_proposals
        lines.append(
            AnswerLine(
                finding,
                _form(ExplainForm, "explain", finding, explanation, "text", finding.explanation)
                if rule.can_be_explained and may_explain
                else None,
                _form(OverrideForm, "override", finding, override, "reason", "")
                if overridable and may_override
                else None,
                may_override if overridable else None,
            )
        )
    return [line for line in lines if line.explain or line.override or line.can_override is not None]


def _form(kind: Any, name: str, finding: standards.Finding, sent: Any, field: str, text: str) -> Any:
    if sent is not None and sent["code"].value() == finding.code:
        return sent
    initial = {"code": finding.code, field: text}
    return kind(initial=initial, prefix=name, auto_id=f"id_{name}_{finding.code}_%s")


def publishing_context(
    user: User, space: Workspace, sent: Sent, found: list[standards.Finding]
) -> dict[str, Any]:
    newest = space.publications[0] if space.publications else None
    version = {"version": newest.number} if newest else {}
    lines = answer_lines(
        user, space.claim, found, explanation=sent.explanation, override=sent.override
    ) if found else []  # fmt: skip
    return {
        "publish_form": sent.publishing or PublishForm(initial=_change_of(space)),
        "answers": lines,
        "answers_open": bool(sent.explanation or sent.override),
        "can_see_receipts": policies.can_see_receipts(user, space.claim),
        "can_retract": policies.can_retract(user, space.claim, publication=newest),
        "retraction_form": sent.retraction or RetractForm(prefix="retraction", initial=version),
        "is_retracted": newest is not None and newest.is_retraction,
    }


def _change_of(space: Workspace) -> dict[str, str]:
    """Another rating than readers know is a change of verdict, and exactly what they know a re-check; the
    rest is for people to say."""
    public = next((p for p in space.publications if not p.is_retraction), None)
    verdict = space.verdict
    if public is None or verdict is None or verdict.rating is None:
        return {}
    if verdict.rating.slug != public.snapshot["rating"]["slug"]:
        return {"change": Change.VERDICT_CHANGE.value}
    words = {"summary": verdict.summary, "rationale": verdict.rationale}
    is_same = not space.publications[0].is_retraction and not differences(public, space.claim, **words)
    return {"change": Change.RECHECKED.value} if is_same else {}


def about_standards(verb: str, code: str) -> str:
    """A line of the history; empty for what is not about the standards."""
    rule = standards.RULES.get(code)
    criterion = {"criterion": _("IFCN %(criterion)s") % {"criterion": rule.criterion} if rule else ""}
    if verb == "standards.overridden":
        return _("overrode the standards (%(criterion)s)") % criterion
    if verb != "standards.explained":
        return ""
    return _("said why a standard could not be met (%(criterion)s)") % criterion
