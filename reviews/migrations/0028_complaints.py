import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from claimtracker.kernel.migrating import AddTriggers


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0013_hosts_asked_for_one_page'),
        ('reviews', '0027_presence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('received', 'received'), ('upheld', 'upheld'), ('not_upheld', 'not_upheld')], default='received', max_length=10)),
                ('reference', models.CharField(max_length=12, unique=True)),
                ('token_sha256', models.CharField(editable=False, max_length=64, unique=True)),
                ('kind', models.CharField(choices=[('wrong', 'A fact in it is wrong'), ('missing', 'Something important is missing'), ('misquoted', 'Somebody is misquoted, or is not who said it'), ('unfair', 'It is unfair or partial'), ('other', 'Something else')], max_length=10)),
                ('channel', models.CharField(choices=[('page', 'Form on our site'), ('email', 'E-mail'), ('letter', 'Letter'), ('phone', 'Telephone'), ('other', 'Another way')], default='page', max_length=10)),
                ('received_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='claims.claim')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='reviews.publication')),
                ('recheck', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='reviews.reviewtask')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ComplaintWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('name', models.CharField(blank=True, max_length=200)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='reviews.complaint')),
            ],
            options={
                'verbose_name_plural': 'complaint words',
            },
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(fields=['claim', '-id'], name='complaint_of_claim'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('state', 'received')), fields=['due_at'], name='complaint_due'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'received')), models.Q(models.Q(('state', 'received'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='a_decided_complaint_is_answered'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('recheck__isnull', True), ('state', 'upheld'), _connector='OR'), name='only_an_upheld_complaint_opens_a_recheck'),
        ),
        AddTriggers(
            model_name='complaint',
            triggers=[
                pgtrigger.compiler.Trigger(name='complaint_legal_transition', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM NEW."state")', func='IF (OLD."state", NEW."state") NOT IN ((\'received\', \'upheld\'), (\'received\', \'not_upheld\')) THEN RAISE EXCEPTION \'illegal transition of complaint: % to %\', OLD."state", NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='27f02f94eda824d87fd2fdf9824219d6158850fd', operation='UPDATE OF "state"', pgid='pgtrigger_complaint_legal_transition_37387', table='reviews_complaint', when='BEFORE')),
                pgtrigger.compiler.Trigger(name='complaint_initial_state', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF NEW."state" NOT IN (\'received\') THEN RAISE EXCEPTION \'a complaint cannot begin as %\', NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='0ec367bbf0f7a8d935ab26ed1929873345c2bc02', operation='INSERT', pgid='pgtrigger_complaint_initial_state_73a86', table='reviews_complaint', when='BEFORE')),
                pgtrigger.compiler.Trigger(name='complaint_stays_as_received', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "claim_id", "publication_id", "reference", "kind", "received_at" rows from % table\', TG_TABLE_NAME;', hash='eb5071b98b7fea2a09bfec53d8879b7d2dbb7cc9', operation='UPDATE OF "claim_id", "publication_id", "reference", "kind", "received_at"', pgid='pgtrigger_complaint_stays_as_received_81bc7', table='reviews_complaint', when='BEFORE')),
                pgtrigger.compiler.Trigger(name='complaint_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='87654e4c097a2d0c35deb1b70a82937c56d9e126', operation='DELETE', pgid='pgtrigger_complaint_is_kept_26a4c', table='reviews_complaint', when='BEFORE')),
                pgtrigger.compiler.Trigger(name='complaint_not_decided_by_who_found_it', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.decided_by_id IS NOT NULL)', func="IF EXISTS (SELECT 1 FROM reviews_publication p WHERE p.id = NEW.publication_id AND p.proposed_by_id = NEW.decided_by_id) THEN RAISE EXCEPTION 'nobody decides on a complaint about their own finding' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='2d2781e059922085681f2f85d51c15a81b4c47cf', operation='UPDATE OF "decided_by_id"', pgid='pgtrigger_complaint_not_decided_by_who_found_it_48fda', table='reviews_complaint', when='BEFORE')),
            ],
        ),
        AddTriggers(
            model_name='complaintwords',
            triggers=[pgtrigger.compiler.Trigger(name='complaint_keeps_its_words', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='34ef3b5c331f430dc97a5a16b2f51848a3711443', operation='UPDATE', pgid='pgtrigger_complaint_keeps_its_words_44e22', table='reviews_complaintwords', when='BEFORE'))],
        ),
    ]
