import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0025_readers_suggest'),
    ]

    operations = [
        migrations.CreateModel(
            name='RestrictedClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(blank=True, choices=[('hidden', 'not shown at present'), ('taken_down', 'taken down for legal reasons')], max_length=12)),
                ('public_reason', models.TextField(blank=True)),
                ('withheld_at', models.DateTimeField(blank=True, null=True)),
                ('held_at', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-changed_at', '-id'],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appearance',
            trigger=pgtrigger.compiler.Trigger(name='appearance_is_kept_under_hold', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."claim_id" IS DISTINCT FROM NEW."claim_id" OR OLD."quote" IS DISTINCT FROM NEW."quote" OR OLD."start" IS DISTINCT FROM NEW."start" OR OLD."end" IS DISTINCT FROM NEW."end")', func="IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = OLD.claim_id AND r.held_at IS NOT NULL) THEN RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='459a1ea0f89bc864dcd965ecacd1a6dcedd08e01', operation='UPDATE', pgid='pgtrigger_appearance_is_kept_under_hold_6630e', table='claims_appearance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appearance',
            trigger=pgtrigger.compiler.Trigger(name='appearance_row_is_kept_under_hold', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = OLD.claim_id AND r.held_at IS NOT NULL) THEN RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; RETURN OLD;", hash='41f29dbc9f4c2cf497aa607a929d1861ffe418ee', operation='DELETE', pgid='pgtrigger_appearance_row_is_kept_under_hold_a131e', table='claims_appearance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='claim_is_kept_under_hold', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."text" IS DISTINCT FROM NEW."text" OR OLD."changes" IS DISTINCT FROM NEW."changes" OR OLD."claimant_id" IS DISTINCT FROM NEW."claimant_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."dismissed_because" IS DISTINCT FROM NEW."dismissed_because" OR OLD."canonical_id" IS DISTINCT FROM NEW."canonical_id")', func="IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = OLD.id AND r.held_at IS NOT NULL) THEN RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='6fae60b7da7e05f703f4170e2f2934ba9afad655', operation='UPDATE', pgid='pgtrigger_claim_is_kept_under_hold_9c604', table='claims_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='claim_row_is_kept_under_hold', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = OLD.id AND r.held_at IS NOT NULL) THEN RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; RETURN OLD;", hash='4aa282065d4145422b3ccc419f7d59a19845b497', operation='DELETE', pgid='pgtrigger_claim_row_is_kept_under_hold_03702', table='claims_claim', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='restrictedclaim',
            name='claim',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='restricted', to='claims.claim'),
        ),
        migrations.AddIndex(
            model_name='restrictedclaim',
            index=models.Index(condition=models.Q(('withheld_at__isnull', False)), fields=['claim'], name='restricted_withheld'),
        ),
        migrations.AddIndex(
            model_name='restrictedclaim',
            index=models.Index(fields=['-changed_at'], name='restricted_by_change'),
        ),
        migrations.AddConstraint(
            model_name='restrictedclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), ('public_reason', ''), ('withheld_at__isnull', True)), models.Q(('withheld_at__isnull', False), models.Q(('kind', ''), _negated=True)), _connector='OR'), name='a_withheld_claim_is_withheld_as_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestionwords',
            trigger=pgtrigger.compiler.Trigger(name='suggestion_words_is_kept_under_hold', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = (SELECT q.claim_id FROM claims_suggestion s JOIN claims_checkrequest q ON q.id = s.request_id WHERE s.id = OLD.suggestion_id) AND r.held_at IS NOT NULL) THEN RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; RETURN OLD;", hash='712054260bc78a23c487e80a1c959477abd61fe8', operation='DELETE', pgid='pgtrigger_suggestion_words_is_kept_under_hold_a384d', table='claims_suggestionwords', when='BEFORE')),
        ),
    ]
