"""A delivery is one event for one endpoint; ``superseded`` by a newer version of the same claim."""

from claimtracker.kernel.transitions import Transitions

PENDING, DELIVERED, FAILED, SUPERSEDED = "pending", "delivered", "failed", "superseded"
UNDELIVERED = (PENDING, FAILED)

DELIVERY = Transitions(
    name="delivery",
    initial=(PENDING,),
    table={
        PENDING: (DELIVERED, FAILED, SUPERSEDED),
        DELIVERED: (),
        FAILED: (PENDING, SUPERSEDED),
        SUPERSEDED: (),
    },
)
