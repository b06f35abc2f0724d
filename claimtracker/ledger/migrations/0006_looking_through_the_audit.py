from claimtracker.kernel.migrating import AddIndexWithoutLock
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes beside the writers, which never wait for them."""

    atomic = False

    dependencies = [("ledger", "0005_signed_entries")]

    operations = [
        AddIndexWithoutLock("auditentry", models.Index(fields=["verb", "-id"], name="audit_of_verb")),
        AddIndexWithoutLock("auditentry", models.Index(fields=["subject_type", "-id"], name="audit_of_kind")),
        AddIndexWithoutLock("auditentry", models.Index(fields=["created_at"], name="audit_by_time")),
        AddIndexWithoutLock(
            "auditentry",
            models.Index(
                fields=["actor_ref", "created_at"],
                include=["subject_id"],
                condition=models.Q(verb="source.read"),
                name="audit_source_reads",
            ),
        ),
    ]
