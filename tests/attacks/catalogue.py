"""All attacks: importing it fills the suite."""

from . import (  # noqa: F401 - each adds its own
    bombs,
    fields,
    forgery,
    keys,
    lines,
    odd,
    pages,
    receivers,
    rows,
    sessions,
    ssrf,
    tables,
    too_large,
    uploads,
    webhooks,
)
