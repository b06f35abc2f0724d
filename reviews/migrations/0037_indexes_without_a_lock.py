from django.db import migrations, models

from claimtracker.kernel.migrating import AddIndexWithoutLock


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('reviews', '0036_dumps'),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name='claimroute',
            index=models.Index(fields=['routed_at'], include=('claim',), name='route_by_time'),
        ),
        AddIndexWithoutLock(
            model_name='publiccheck',
            index=models.Index(condition=models.Q(('is_retracted', True)), fields=['-publication'], name='public_check_retracted'),
        ),
        AddIndexWithoutLock(
            model_name='reviewtask',
            index=models.Index(fields=['changed_at'], include=('claim',), name='task_by_change'),
        ),
        AddIndexWithoutLock(
            model_name='verdict',
            index=models.Index(fields=['created_at'], include=('claim',), name='verdict_by_time'),
        ),
    ]
