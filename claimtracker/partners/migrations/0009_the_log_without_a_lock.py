from django.db import migrations, models

from claimtracker.kernel.migrating import AddIndexWithoutLock

# Every try and message that there ever was: changed here, where no lock of a new column is held meanwhile.
WHAT_WAS_THERE = """
    UPDATE partners_attempt SET finished_at = created_at + make_interval(secs => seconds)
     WHERE finished_at IS NULL;
    UPDATE partners_delivery d SET event_type = e.type FROM ledger_outboxevent e
     WHERE e.id = d.event_id AND d.event_type = '';
    UPDATE partners_delivery d SET next_try_at = j.due_at FROM jobs_job j
     WHERE d.state = 'pending' AND j.kind = 'partners.deliver' AND j.object_id = d.id::text
       AND j.state IN ('queued', 'running');
"""


class Migration(migrations.Migration):
    """Repeatable: what an interrupted upgrade left half done is done again."""

    atomic = False

    dependencies = [
        ('jobs', '0001_initial'),
        ('partners', '0008_what_was_sent_before'),
    ]

    operations = [
        migrations.RunSQL(WHAT_WAS_THERE, migrations.RunSQL.noop, elidable=True),
        AddIndexWithoutLock(
            model_name='delivery',
            index=models.Index(fields=['endpoint', '-id'], name='delivery_by_endpoint'),
        ),
        AddIndexWithoutLock(
            model_name='delivery',
            index=models.Index(fields=['endpoint', 'event_type', '-id'], name='delivery_by_type'),
        ),
        AddIndexWithoutLock(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'delivered'), _negated=True), fields=['endpoint', 'state', '-id'], name='delivery_by_state'),
        ),
        AddIndexWithoutLock(
            model_name='delivery',
            index=models.Index(condition=models.Q(models.Q(('body', ''), _negated=True), ('finished_at__isnull', False)), fields=['finished_at'], name='delivery_to_tidy'),
        ),
        AddIndexWithoutLock(
            model_name='delivery',
            index=models.Index(condition=models.Q(('claim', ''), _negated=True), fields=['claim'], name='delivery_by_claim'),
        ),
        AddIndexWithoutLock(
            model_name='attempt',
            index=models.Index(fields=['created_at'], name='attempt_by_age'),
        ),
        # last, in one statement; only workers write tries, and they are stopped
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True)), fields=('delivery',), name='one_attempt_under_way_per_delivery'),
        ),
    ]
