"""Giving tasks, what people say of themselves, and a desk's people and hours."""

from django.urls import path

from .views import desks, giving, me

patterns = [
    path("review-tasks/<int:pk>/give/", giving.give, name="task_give"),
    path("review-tasks/<int:pk>/accept/", giving.accept, name="task_accept"),
    path("review-tasks/<int:pk>/decline/", giving.decline, name="task_decline"),
    path("review-tasks/<int:pk>/deadline/", giving.deadline, name="task_deadline"),
    path("queue/next/", giving.pull, name="queue_next"),
    path("me/availability/", me.availability, name="my_availability"),
    path("me/leave/<int:pk>/remove/", me.leave_remove, name="leave_remove"),
    path("me/conflicts/", me.conflicts, name="my_conflicts"),
    path("me/conflicts/<int:pk>/end/", me.conflict_end, name="conflict_end"),
    path("claims/<int:pk>/conflict/", me.claim_conflict, name="claim_conflict"),
    path("desks/", desks.desks, name="desks"),
    path("desks/<slug:slug>/people/", desks.people, name="desk_people"),
    path("desks/<slug:slug>/hours/", desks.hours, name="desk_hours"),
    path("desks/<slug:slug>/days-off/", desks.day_off_add, name="day_off_add"),
    path("desks/<slug:slug>/days-off/<int:pk>/remove/", desks.day_off_remove, name="day_off_remove"),
]
