"""The content store of snapshots, in the folder that the settings name. A module of its own, because actions
write it and pages read it."""

from pathlib import Path

from django.conf import settings

from claimtracker.kernel.content_store import ContentStore


def snapshot_store() -> ContentStore:
    return ContentStore(Path(settings.SNAPSHOT_DIR))
