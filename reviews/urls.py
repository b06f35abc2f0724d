"""The addresses of reviews: the desk's own pages first, then what the public reads."""

from django.urls import path

from .views import discussion, evidence, families, public, queue, tasks, verdicts, watching, workspace

app_name = "reviews"

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("review-tasks/<int:pk>/take/", tasks.take, name="task_take"),
    path("review-tasks/<int:pk>/give-back/", tasks.give_back, name="task_give_back"),
    path("claims/<int:pk>/", workspace.claim_detail, name="claim_detail"),
    path("claims/<int:pk>/evidence/", evidence.add, name="evidence_add"),
    path("claims/<int:pk>/evidence/<int:evidence_pk>/remove/", evidence.remove, name="evidence_remove"),
    path("claims/<int:pk>/verdict/", verdicts.submit, name="verdict_submit"),
    path("claims/<int:pk>/verdict/draft/", verdicts.keep_draft, name="verdict_draft"),
    path("claims/<int:pk>/verdict/check/", verdicts.check, name="verdict_check"),
    path("claims/<int:pk>/verdict/approve/", verdicts.approve, name="verdict_approve"),
    path(
        "claims/<int:pk>/verdict/approve-and-publish/",
        verdicts.approve_and_publish,
        name="verdict_approve_publish",
    ),
    path("claims/<int:pk>/verdict/send-back/", verdicts.send_back, name="verdict_send_back"),
    path("claims/<int:pk>/verdict/publish/", verdicts.publish, name="verdict_publish"),
    path("claims/<int:pk>/discussion/", discussion.discussion, name="discussion"),
    path("claims/<int:pk>/comments/", discussion.add, name="comment_add"),
    path("claims/<int:pk>/people/", discussion.people, name="comment_people"),
    path("claims/<int:pk>/comments/<int:comment_pk>/", discussion.comment_detail, name="comment_detail"),
    path("claims/<int:pk>/comments/<int:comment_pk>/edit/", discussion.edit, name="comment_edit"),
    path("claims/<int:pk>/comments/<int:comment_pk>/remove/", discussion.remove, name="comment_remove"),
    path("claims/<int:pk>/dismiss/", verdicts.dismiss, name="claim_dismiss"),
    path("claims/<int:pk>/restore/", verdicts.restore, name="claim_restore"),
    path("claims/<int:pk>/wording/", verdicts.reword, name="claim_reword"),
    path("claims/<int:pk>/correct/", verdicts.correct, name="claim_correct"),
    path("claims/<int:pk>/matches/<int:match_pk>/same/", families.same, name="match_same"),
    path(
        "claims/<int:pk>/matches/<int:match_pk>/not-the-same/", families.not_the_same, name="match_not_same"
    ),
    path("claims/<int:pk>/matches/<int:match_pk>/undo/", families.undo, name="match_undo"),
    path("claims/<int:pk>/matches/<int:match_pk>/review/", families.add_review, name="match_add_review"),
    path("claims/<int:pk>/verdict/carry-over/", families.carry_over, name="verdict_carry_over"),
    path("claims/<int:pk>/check-anyway/", families.check_anyway, name="claim_check_anyway"),
    path("claims/<int:pk>/family/detach/", families.detach, name="family_detach"),
    path("claims/<int:pk>/family/merge/", families.merge, name="family_merge"),
    path("claims/<int:pk>/family/split/", families.split, name="family_split"),
    path("claims/<int:pk>/watch/", watching.watch, name="claim_watch"),
    path("claims/<int:pk>/unwatch/", watching.unwatch, name="claim_unwatch"),
    path("claims/<int:pk>/appearances.csv", watching.as_csv, name="claim_appearances"),
    path("fact-checks/", public.index, name="public_index"),
    path("fact-checks/<slug:slug>/", public.claim, name="public_claim"),
    path("fact-checks/<slug:slug>/claim-review.json", public.claim_review, name="public_claim_review"),
    path("about/methodology/", public.methodology, name="methodology"),
]
