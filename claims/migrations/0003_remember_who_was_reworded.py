"""Claims that people reworded before ``edited_at`` existed: the ledger knows when."""

from django.db import migrations


def date_the_edits(apps, schema_editor):
    """The newest claim.edited of each claim. Safe to repeat: what has a date keeps it."""
    database = schema_editor.connection.alias
    claim_model = apps.get_model("claims", "Claim")
    entry_model = apps.get_model("ledger", "AuditEntry")
    edits = entry_model.objects.using(database).filter(verb="claim.edited", subject_type="claims.claim").order_by("id")
    newest = {}
    for subject, at in edits.values_list("subject_id", "created_at").iterator(chunk_size=2000):
        newest[subject] = at
    for subject, at in newest.items():
        claim_model.objects.using(database).filter(pk=int(subject), edited_at__isnull=True).update(edited_at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0002_what_a_reading_found"),
        ("ledger", "0001_initial"),
    ]

    operations = [migrations.RunPython(date_the_edits, migrations.RunPython.noop)]
