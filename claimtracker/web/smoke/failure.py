"""What ends a smoke run."""


class Failed(Exception):
    """A step did not do what it must; the message says which and how."""
