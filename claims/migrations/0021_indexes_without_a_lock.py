import django.contrib.postgres.indexes
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from claimtracker.kernel.migrating import AddIndexWithoutLock


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('claims', '0020_what_senders_ask'),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name='article',
            index=models.Index(condition=models.Q(('is_sandbox', True)), fields=['created_at'], name='article_of_a_sandbox'),
        ),
        AddIndexWithoutLock(
            model_name='claim',
            index=models.Index(fields=['created_at'], include=('id', 'desk', 'state', 'extractor_version', 'claimant', 'is_sandbox'), name='claim_by_arrival'),
        ),
        AddIndexWithoutLock(
            model_name='appearance',
            index=models.Index(fields=['created_at'], name='appearance_by_time'),
        ),
        AddIndexWithoutLock(
            model_name='article',
            index=models.Index(fields=['origin', '-id'], name='article_by_origin'),
        ),
        AddIndexWithoutLock(
            model_name='article',
            index=models.Index(fields=['origin', 'state', '-id'], name='article_by_origin_and_state'),
        ),
        AddIndexWithoutLock(
            model_name='article',
            index=models.Index(fields=['origin', 'language', '-id'], name='article_by_origin_language'),
        ),
        AddIndexWithoutLock(
            model_name='article',
            index=django.contrib.postgres.indexes.HashIndex(fields=['url'], name='article_by_url'),
        ),
        AddIndexWithoutLock(
            model_name='article',
            index=models.Index(fields=['changed_at'], name='article_by_change'),
        ),
        AddIndexWithoutLock(
            model_name='articleversion',
            index=models.Index(fields=['created_at'], name='version_by_time'),
        ),
        AddIndexWithoutLock(
            model_name='claim',
            index=models.Index(fields=['changed_at'], name='claim_by_change'),
        ),
        AddIndexWithoutLock(
            model_name='claim',
            index=models.Index(fields=['kind', '-id'], name='claim_by_kind'),
        ),
        AddIndexWithoutLock(
            model_name='claim',
            index=models.Index(fields=['-score'], name='claim_by_score'),
        ),
        AddIndexWithoutLock(
            model_name='claim',
            index=models.Index(condition=models.Q(('state__in', ('dismissed', 'withdrawn'))), fields=['-id'], name='claim_set_aside'),
        ),
        AddIndexWithoutLock(
            model_name='extractionrun',
            index=models.Index(fields=['created_at'], name='extraction_run_by_time'),
        ),
        RemoveIndexConcurrently(  # claim_by_arrival holds is_sandbox too
            model_name='claim',
            name='claim_by_time',
        ),
    ]
