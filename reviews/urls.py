"""The addresses of reviews: the desk's own pages first, then what the public reads."""

from django.urls import path

from .views import evidence, public, queue, tasks, verdicts, workspace

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
    path("claims/<int:pk>/dismiss/", verdicts.dismiss, name="claim_dismiss"),
    path("claims/<int:pk>/restore/", verdicts.restore, name="claim_restore"),
    path("claims/<int:pk>/wording/", verdicts.reword, name="claim_reword"),
    path("claims/<int:pk>/correct/", verdicts.correct, name="claim_correct"),
    path("fact-checks/", public.index, name="public_index"),
    path("fact-checks/<slug:slug>/", public.claim, name="public_claim"),
    path("fact-checks/<slug:slug>/claim-review.json", public.claim_review, name="public_claim_review"),
    path("about/methodology/", public.methodology, name="methodology"),
]
