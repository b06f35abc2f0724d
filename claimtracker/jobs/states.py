"""The life of a job. ``done`` and ``dead`` are closed; "run again" brings a dead letter back."""

from claimtracker.kernel.transitions import Transitions

QUEUED, RUNNING, DONE, DEAD = "queued", "running", "done", "dead"
OPEN = (QUEUED, RUNNING)

JOB = Transitions(
    name="job",
    initial=(QUEUED,),
    table={
        QUEUED: (RUNNING, DEAD),
        RUNNING: (QUEUED, DONE, DEAD),
        DONE: (),
        DEAD: (QUEUED,),
    },
)
