"""A delivery is one event for one endpoint."""

from claimtracker.kernel.transitions import Transitions

PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"

DELIVERY = Transitions(
    name="delivery",
    initial=(PENDING,),
    table={PENDING: (DELIVERED, FAILED), DELIVERED: (), FAILED: (PENDING,)},
)
