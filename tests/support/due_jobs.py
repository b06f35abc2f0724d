"""What a worker would do, in the test's own process."""

from __future__ import annotations

import claims.tasks  # noqa: F401 - registers the jobs, as a worker's start does
import claimtracker.partners.tasks  # noqa: F401 - the same
import reviews.tasks  # noqa: F401 - the same
from claimtracker.jobs.models import Job
from claimtracker.jobs.runner import run


def run_due(*kinds: str) -> int:
    """Do what is due until nothing is, of these kinds only. Returns how many runs that took."""
    done = 0
    while True:
        due = Job.objects.due().filter(kind__in=kinds).order_by("id").values_list("pk", flat=True)
        job_id = due.first()
        if job_id is None:
            return done
        run(job_id)
        done += 1
        assert done < 500, "jobs keep coming back"
