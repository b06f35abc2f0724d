"""Tasks as rows of the home page: the labels that the queue uses, and where the row leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reviews.models import ReviewTask
from reviews.views.wording import Label, due_label, priority_label, task_label, title_of

from .selectors import Section


@dataclass(frozen=True, slots=True)
class TaskRow:
    task: ReviewTask
    title: str
    article_title: str
    priority: Label
    due: Label
    state: str
    state_label: str


def task_rows(section: Section, user: Any) -> list[TaskRow]:
    return [_row(task, user) for task in section.rows]


def _row(task: Any, user: Any) -> TaskRow:
    state, label = task_label(task, user, was_returned=task.was_returned)
    return TaskRow(
        task=task,
        title=title_of(task.claim),
        article_title=task.article_title or "",
        priority=priority_label(task.priority),
        due=due_label(task.due_at),
        state=state,
        state_label=label,
    )
