from django.db import migrations, models

from claimtracker.kernel.migrating import AddIndexWithoutLock


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('ledger', '0007_what_may_not_be_told'),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name='outboxevent',
            index=models.Index(condition=models.Q(('type__in', ('claim.verdict_hidden', 'claim.verdict_taken_down', 'claim.verdict_restored'))), fields=['-id'], name='outbox_restricting'),
        ),
    ]
