from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations

import claimtracker.kernel.at_rest.sometimes
from claimtracker.kernel.migrating import AddIndexWithoutLock


class Migration(migrations.Migration):
    # a column's type is not changed under an index of its words, which would be built anew under a lock: the
    # index goes first and comes back beside the work

    atomic = False

    dependencies = [
        ('reviews', '0042_encrypted_at_rest'),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name='source',
            name='source_by_words',
        ),
        migrations.AlterField(
            model_name='source',
            name='citation',
            field=claimtracker.kernel.at_rest.sometimes.CharFieldAtRestWhen(blank=True, max_length=500, when='is_confidential'),
        ),
        migrations.AlterField(
            model_name='source',
            name='interest_note',
            field=claimtracker.kernel.at_rest.sometimes.CharFieldAtRestWhen(blank=True, max_length=300, when='is_confidential'),
        ),
        migrations.AlterField(
            model_name='source',
            name='publisher',
            field=claimtracker.kernel.at_rest.sometimes.CharFieldAtRestWhen(max_length=200, when='is_confidential'),
        ),
        migrations.AlterField(
            model_name='source',
            name='title',
            field=claimtracker.kernel.at_rest.sometimes.CharFieldAtRestWhen(max_length=300, when='is_confidential'),
        ),
        migrations.AlterField(
            model_name='source',
            name='url',
            field=claimtracker.kernel.at_rest.sometimes.URLFieldAtRestWhen(blank=True, max_length=2000, when='is_confidential'),
        ),
        AddIndexWithoutLock(
            model_name='source',
            index=GinIndex(SearchVector('title', 'publisher', 'citation', config='claimtracker'), name='source_by_words'),
        ),
    ]
