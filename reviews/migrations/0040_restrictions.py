import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0026_restricted_claims'),
        ('reviews', '0039_complaints_by_sender'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('hidden', 'Hidden'), ('takedown', 'Takedown'), ('legal_hold', 'Legal hold')], max_length=12)),
                ('state', models.CharField(choices=[('ordered', 'ordered'), ('in_force', 'in force'), ('lifting', 'lifting'), ('lifted', 'lifted'), ('refused', 'refused'), ('replaced', 'replaced')], max_length=10)),
                ('reason', models.CharField(choices=[('privacy', 'Privacy of a person'), ('defamation', 'Somebody says that it defames them'), ('court_order', 'Order of a court or an authority'), ('copyright', 'Copyright'), ('safety', 'Safety of a person'), ('other', 'Something else')], max_length=12)),
                ('note', models.TextField()),
                ('legal_basis', models.CharField(blank=True, max_length=300)),
                ('demanded_by', models.CharField(blank=True, max_length=300)),
                ('reference', models.CharField(blank=True, max_length=200)),
                ('public_reason', models.TextField(blank=True)),
                ('ordered_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('lift_asked_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RestrictionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('ordered', 'ordered it'), ('confirmed', 'confirmed it'), ('refused', 'refused it'), ('escalated', 'asked somebody else'), ('lift_asked', 'asked for it to be lifted'), ('kept', 'kept it in force'), ('lifted', 'lifted it'), ('replaced', 'had a takedown take its place')], max_length=12)),
                ('note', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='publiccheck',
            name='is_withheld',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='publiccheck',
            name='restricted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='comment_is_kept_under_hold', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."text" IS DISTINCT FROM NEW."text" OR OLD."claim_id" IS DISTINCT FROM NEW."claim_id")', func="IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = OLD.claim_id AND r.held_at IS NOT NULL) THEN RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='a3c0e115adb8f76ecda86fb3663fd1223b0055e0', operation='UPDATE', pgid='pgtrigger_comment_is_kept_under_hold_b3b1d', table='reviews_comment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='complaintwords',
            trigger=pgtrigger.compiler.Trigger(name='complaint_words_is_kept_under_hold', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = (SELECT c.claim_id FROM reviews_complaint c WHERE c.id = OLD.complaint_id) AND r.held_at IS NOT NULL) THEN RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; RETURN OLD;", hash='4abaf064c2c7f06b87586f3275c90819ed2222b6', operation='DELETE', pgid='pgtrigger_complaint_words_is_kept_under_hold_5e24d', table='reviews_complaintwords', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='evidence_is_kept_under_hold', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."claim_id" IS DISTINCT FROM NEW."claim_id" OR OLD."source_id" IS DISTINCT FROM NEW."source_id" OR OLD."stance" IS DISTINCT FROM NEW."stance" OR OLD."quotation" IS DISTINCT FROM NEW."quotation" OR OLD."note" IS DISTINCT FROM NEW."note")', func="IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = OLD.claim_id AND r.held_at IS NOT NULL) THEN RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='cca601cccc8ac5fbba124ab83930728c4d61dc20', operation='UPDATE', pgid='pgtrigger_evidence_is_kept_under_hold_a4e9a', table='reviews_evidence', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='evidence_row_is_kept_under_hold', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = OLD.claim_id AND r.held_at IS NOT NULL) THEN RAISE EXCEPTION 'the claim is under legal hold' USING ERRCODE = 'check_violation'; END IF; RETURN OLD;", hash='01dbf78bd6ae7c7d0e83c8bdfe82f336e56c64a1', operation='DELETE', pgid='pgtrigger_evidence_row_is_kept_under_hold_067ac', table='reviews_evidence', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='publication_not_while_the_law_forbids_it', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM reviews_restriction r WHERE r.claim_id = NEW.claim_id AND r.kind IN ('takedown', 'legal_hold') AND r.state IN ('ordered', 'in_force', 'lifting')) THEN RAISE EXCEPTION 'a takedown or a legal hold is in force for this claim' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='b767fba4688438000cd3f55395bd745c76dc7eea', operation='INSERT', pgid='pgtrigger_publication_not_while_the_law_forbids_it_9f2cd', table='reviews_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publiccheck',
            trigger=pgtrigger.compiler.Trigger(name='a_line_is_withheld_with_its_claim', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.is_withheld = EXISTS (SELECT 1 FROM claims_restrictedclaim r WHERE r.claim_id = NEW.claim_id AND r.withheld_at IS NOT NULL); RETURN NEW;', hash='eac5f2df253fd538bb3266f380b003453bd53014', operation='INSERT OR UPDATE', pgid='pgtrigger_a_line_is_withheld_with_its_claim_a4f59', table='reviews_publiccheck', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='restriction',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='restriction',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restriction',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restriction',
            name='escalated_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restriction',
            name='lift_asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restriction',
            name='ordered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restriction',
            name='publication',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='reviews.publication'),
        ),
        migrations.AddField(
            model_name='restrictionstep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='restrictionstep',
            name='restriction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reviews.restriction'),
        ),
        migrations.AddField(
            model_name='restrictionstep',
            name='to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='restriction',
            index=models.Index(condition=models.Q(('state__in', ('ordered', 'in_force', 'lifting'))), fields=['claim'], name='restriction_open_of_claim'),
        ),
        migrations.AddIndex(
            model_name='restriction',
            index=models.Index(condition=models.Q(('state__in', ('ordered', 'lifting'))), fields=['ordered_at'], name='restriction_waiting'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('ordered', 'in_force', 'lifting'))), fields=('claim', 'kind'), name='one_open_restriction_per_claim_and_kind'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='a_restriction_says_why'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'takedown'), _negated=True), models.Q(models.Q(('legal_basis', ''), _negated=True), models.Q(('demanded_by', ''), _negated=True), models.Q(('reference', ''), _negated=True), models.Q(('public_reason', ''), _negated=True)), _connector='OR'), name='a_takedown_says_by_what_right'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'legal_hold'), ('publication__isnull', False), _connector='OR'), name='only_what_is_published_is_hidden'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'hidden'), _negated=True), ('state__in', ('in_force', 'lifted', 'replaced')), _connector='OR'), name='what_is_hidden_waits_for_nobody'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'legal_hold'), _negated=True), ('state__in', ('in_force', 'lifting', 'lifted')), _connector='OR'), name='a_hold_is_in_force_at_once'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'takedown'), _negated=True), models.Q(('state__in', ('in_force', 'lifting', 'lifted')), _negated=True), models.Q(('confirmed_by__isnull', False), models.Q(('confirmed_by', models.F('ordered_by')), _negated=True)), _connector='OR'), name='two_people_behind_every_takedown'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'hidden'), models.Q(('state', 'lifted'), _negated=True), models.Q(('lift_asked_by__isnull', False), models.Q(('lift_asked_by', models.F('ended_by')), _negated=True)), _connector='OR'), name='two_people_lift_what_the_law_asked_for'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('state__in', ('ordered', 'in_force', 'lifting'))), models.Q(models.Q(('state__in', ('ordered', 'in_force', 'lifting')), _negated=True), ('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='an_ended_restriction_says_by_whom'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restriction',
            trigger=pgtrigger.compiler.Trigger(name='restriction_legal_transition', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM NEW."state")', func='IF (OLD."state", NEW."state") NOT IN ((\'ordered\', \'in_force\'), (\'ordered\', \'refused\'), (\'in_force\', \'lifting\'), (\'in_force\', \'lifted\'), (\'in_force\', \'replaced\'), (\'lifting\', \'lifted\'), (\'lifting\', \'in_force\')) THEN RAISE EXCEPTION \'illegal transition of restriction: % to %\', OLD."state", NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='68d960a1f05d2ef4ef2d4b87ae98f9ce7edc224c', operation='UPDATE OF "state"', pgid='pgtrigger_restriction_legal_transition_727da', table='reviews_restriction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restriction',
            trigger=pgtrigger.compiler.Trigger(name='restriction_initial_state', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF NEW."state" NOT IN (\'ordered\', \'in_force\') THEN RAISE EXCEPTION \'a restriction cannot begin as %\', NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='e04622873584845709451a897155861c9d2aec16', operation='INSERT', pgid='pgtrigger_restriction_initial_state_ef83f', table='reviews_restriction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restriction',
            trigger=pgtrigger.compiler.Trigger(name='restriction_stays_as_ordered', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "claim_id", "publication_id", "kind", "reason", "note", "legal_basis", "demanded_by", "reference", "public_reason", "ordered_by_id", "ordered_at" rows from % table\', TG_TABLE_NAME;', hash='28b7e54422e3025c339736b9636d936c0a06c6d1', operation='UPDATE OF "claim_id", "publication_id", "kind", "reason", "note", "legal_basis", "demanded_by", "reference", "public_reason", "ordered_by_id", "ordered_at"', pgid='pgtrigger_restriction_stays_as_ordered_c43af', table='reviews_restriction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restriction',
            trigger=pgtrigger.compiler.Trigger(name='restriction_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='59eea9cf27883c7896a9d55aa6195f3930ee3096', operation='DELETE', pgid='pgtrigger_restriction_is_kept_da422', table='reviews_restriction', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='restrictionstep',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='a_step_of_a_restriction_says_why'),
        ),
        migrations.AddConstraint(
            model_name='restrictionstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act', 'escalated'), ('to__isnull', False)), models.Q(models.Q(('act', 'escalated'), _negated=True), ('to__isnull', True)), _connector='OR'), name='only_what_is_escalated_goes_to_somebody'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restrictionstep',
            trigger=pgtrigger.compiler.Trigger(name='restriction_step_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='05081a020b1d3a1753e5bc46c26157a2b2b43abb', operation='UPDATE OR DELETE', pgid='pgtrigger_restriction_step_append_only_03c13', table='reviews_restrictionstep', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='restrictionstep',
            trigger=pgtrigger.compiler.Trigger(name='restriction_step_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'restriction_step is append-only: it cannot be truncated';", hash='e6d9bcfd7f01c178a34fd7a200ada04abf30fb92', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_restriction_step_no_truncate_07cde', table='reviews_restrictionstep', when='BEFORE')),
        ),
    ]
