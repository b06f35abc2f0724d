
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('claims', '0001_initial'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='claim',
            name='claim_legal_transition',
        ),
        migrations.AddField(
            model_name='appearance',
            name='parts',
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='appearance',
            name='rank',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='changes',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='claim',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='withdrawn_by',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
        migrations.AddField(
            model_name='extractionrun',
            name='claims_kept',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='extractionrun',
            name='claims_new',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='extractionrun',
            name='claims_refreshed',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='extractionrun',
            name='claims_withdrawn',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='extractionrun',
            name='left_out',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='extractionrun',
            name='model',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        migrations.AddField(
            model_name='extractionrun',
            name='passed_over',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AlterField(
            model_name='claim',
            name='state',
            field=models.CharField(choices=[('suggested', 'suggested'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed'), ('withdrawn', 'withdrawn')], default='suggested', max_length=10),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='claim_legal_transition', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM NEW."state")', func='IF (OLD."state", NEW."state") NOT IN ((\'suggested\', \'confirmed\'), (\'suggested\', \'dismissed\'), (\'suggested\', \'withdrawn\'), (\'confirmed\', \'dismissed\'), (\'dismissed\', \'confirmed\'), (\'withdrawn\', \'suggested\'), (\'withdrawn\', \'confirmed\')) THEN RAISE EXCEPTION \'illegal transition of claim: % to %\', OLD."state", NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='f6c0830d9b3eb840981fc06c9f454584be483625', operation='UPDATE OF "state"', pgid='pgtrigger_claim_legal_transition_e41fc', table='claims_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='claim_changes_lie_in_its_wording', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF jsonb_typeof(NEW.changes) IS DISTINCT FROM 'array' THEN RAISE EXCEPTION 'the changes of a claim are a list' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.changes) AS one WHERE COALESCE((one->>'start')::int < 0 OR (one->>'end')::int < (one->>'start')::int OR (one->>'end')::int > char_length(NEW.text), true)) THEN RAISE EXCEPTION 'a change lies outside of the wording of the claim' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='b4938ea486e64748677ad150571eca52b879d7e8', operation='INSERT OR UPDATE OF "text", "changes"', pgid='pgtrigger_claim_changes_lie_in_its_wording_f0519', table='claims_claim', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='appearance',
            constraint=models.CheckConstraint(condition=models.Q(('rank__isnull', True), ('rank__gte', 1), _connector='OR'), name='a_rank_counts_from_one'),
        ),
        migrations.AddConstraint(
            model_name='appearance',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('parts'), function='jsonb_typeof', output_field=models.CharField()), models.Value('object')), name='the_parts_are_an_object'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('edited_at__isnull', True), ('state', 'withdrawn'), models.Q(('withdrawn_by', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_by', '')), _connector='OR'), name='only_untouched_claims_are_withdrawn_by_a_reading'),
        ),
        migrations.AddConstraint(
            model_name='extractionrun',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('passed_over'), function='jsonb_typeof', output_field=models.CharField()), models.Value('array')), name='what_was_passed_over_is_a_list'),
        ),
    ]
