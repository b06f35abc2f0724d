"""``make smoke``: the whole chain once, on temporary data and free ports, through the doors that people
use."""
