from django.db import migrations, models

from claimtracker.kernel.migrating import AddIndexWithoutLock


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('claims', '0021_indexes_without_a_lock'),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name='anchoring',
            index=models.Index(condition=models.Q(('new_appearance__isnull', True)), fields=['created_at'], name='anchoring_to_nowhere_by_time'),
        ),
        AddIndexWithoutLock(
            model_name='articlefetch',
            index=models.Index(condition=models.Q(('article__isnull', True), models.Q(('origin', ''), _negated=True)), fields=['origin', 'state', '-id'], name='fetch_by_origin_and_state'),
        ),
    ]
