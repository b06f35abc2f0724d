"""Many articles in one request, and the jobs that take them in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.actions.batches import Sent
from claimtracker.kernel.problems import sayable
from claimtracker.partners.models import Scope

from ..base import PartnerView
from ..examples.articles import BRINGING, LISTED_JOB, READ_JOB
from ..job_selectors import jobs_in_full, jobs_of
from ..parsers import BulkJSONParser
from ..problems import problem_of_item
from ..serializers import ArticleSubmissionSerializer
from ..submission_serializers import BulkSubmissionSerializer, JobDetailSerializer, JobSerializer
from ..submissions import submit_many


class BulkView(PartnerView):
    http_method_names = ["post"]
    scopes = {"POST": Scope.SUBMIT}
    parser_classes = [BulkJSONParser]
    key_is_required = True

    @extend_schema(
        operation_id="submit_articles",
        summary="Send up to 500 articles at once",
        description=(
            "The answer is 202 with a job; poll it at its `Location` until `state` is `done`. Each article "
            "is taken in as if it had been sent alone, in the order given, and once: a faulty one is "
            "`failed` with its `problem` and stops no other. An `Idempotency-Key` is required here. The body "
            "holds at most 5,000,000 bytes. Jobs are kept for 30 days."
        ),
        request=BulkSubmissionSerializer,
        responses={202: OpenApiResponse(JobSerializer, "They will be taken in.")},
        examples=BRINGING,
        tags=["articles"],
    )
    def post(self, request: Request) -> Response:
        submission = BulkSubmissionSerializer(data=request.data)
        submission.is_valid(raise_exception=True)
        items = [_read(item) for item in submission.validated_data["articles"]]
        batch = submit_many(items, by=self.principal)
        job = jobs_of(self.principal.partner).get(pk=batch.pk)
        address = request.build_absolute_uri(reverse("api-v1:job", kwargs={"id": job.public_id}))
        return Response(JobSerializer(job).data, status=202, headers={"Location": address})


def _read(item: Any) -> Sent:
    submission = ArticleSubmissionSerializer(data=item)
    named = item.get("external_id") if isinstance(item, dict) else None
    name = named if isinstance(named, str) else ""
    try:
        submission.is_valid(raise_exception=True)
    except serializers.ValidationError as error:
        return Sent({}, sayable(name), problem_of_item(error))
    return Sent(dict(submission.validated_data), name)


class JobListView(PartnerView):
    is_list = True
    shape = JobSerializer
    scopes = {"GET": Scope.SUBMIT}

    @extend_schema(
        operation_id="list_jobs",
        summary="Your jobs, newest first",
        description="Without their items: read one job for these.",
        responses=JobSerializer(many=True),
        examples=LISTED_JOB,
        tags=["jobs"],
    )
    def get(self, request: Request) -> Response:
        return self.page(jobs_of(self.principal.partner))


class JobView(PartnerView):
    shape = JobDetailSerializer
    scopes = {"GET": Scope.SUBMIT}

    @extend_schema(
        operation_id="read_job",
        summary="One of your jobs, with what came of each item",
        description="Poll it, every few seconds, until `state` is `done`.",
        responses=JobDetailSerializer,
        examples=READ_JOB,
        tags=["jobs"],
    )
    def get(self, request: Request, id: UUID) -> Response:
        job = get_object_or_404(jobs_in_full(self.principal.partner), public_id=id)
        return self.one(job)
