from django.db import migrations, models

from claimtracker.kernel.migrating import AddIndexWithoutLock


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('reviews', '0040_restrictions'),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name='publiccheck',
            index=models.Index(condition=models.Q(('is_withheld', True)), fields=['-publication'], name='public_check_withheld'),
        ),
        AddIndexWithoutLock(
            model_name='publiccheck',
            index=models.Index(condition=models.Q(('restricted_at__isnull', False)), fields=['-restricted_at'], name='public_check_restricted_at'),
        ),
    ]
