"""The tables of claims as a fresh database gets them: what the migrations named in ``replaces`` come to, in few
operations, because rendering the models after each of some two hundred took half a minute. A database that
has them all counts as having this one; one that has only some goes on through them."""

import claimtracker.kernel.migrating
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.lookups
import pgtrigger.compiler
import pgvector.django.halfvec
import pgvector.django.indexes
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('claims', '0001_initial'), ('claims', '0002_what_a_reading_found'), ('claims', '0003_remember_who_was_reworded'), ('claims', '0004_known_claims'), ('claims', '0005_matching'), ('claims', '0006_known_claim_by_address'), ('claims', '0007_a_retracted_known_claim')]

    initial = True

    dependencies = [
        ('accounts', '0002_working_hours'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Claimant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=300, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('origin', models.CharField(max_length=80)),
                ('channel', models.CharField(choices=[('paste', 'pasted'), ('upload', 'uploaded'), ('url', 'from the web'), ('api', 'sent by a partner'), ('command', 'command line')], max_length=10)),
                ('external_id', models.CharField(blank=True, max_length=500)),
                ('url', models.URLField(blank=True, max_length=2000)),
                ('title', models.CharField(max_length=500)),
                ('byline', models.CharField(blank=True, max_length=300)),
                ('site_name', models.CharField(blank=True, max_length=200)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('held', 'held'), ('accepted', 'accepted'), ('rejected', 'rejected')], default='accepted', max_length=10)),
                ('intake_reason', models.TextField(blank=True)),
                ('content_sha256', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='accounts.desk')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['desk', '-id'], name='article_by_desk'), models.Index(condition=models.Q(('state', 'held')), fields=['id'], name='article_held')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('origin', 'external_id'), name='one_article_per_origin_and_external_id'), models.UniqueConstraint(condition=models.Q(('external_id', '')), fields=('origin', 'content_sha256'), name='one_article_per_origin_and_content')],
            },
        ),
        migrations.CreateModel(
            name='EmbeddingSlot',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('model_version', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(choices=[('spare', 'spare'), ('filling', 'being filled'), ('current', 'searched'), ('emptying', 'being emptied')], default='spare', max_length=10)),
                ('since', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('number__in', (0, 1))), name='two_embedding_slots'), models.UniqueConstraint(condition=models.Q(('state', 'current')), fields=('state',), name='one_embedding_slot_is_searched'), models.CheckConstraint(condition=models.Q(models.Q(('model_version', ''), ('state', 'spare')), models.Q(models.Q(('state', 'spare'), _negated=True), models.Q(('model_version', ''), _negated=True)), _connector='OR'), name='a_used_embedding_slot_names_its_model')],
            },
        ),
        migrations.CreateModel(
            name='KnownClaimImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=2000)),
                ('format', models.CharField(blank=True, choices=[('page', 'page'), ('json-ld', 'json-ld'), ('data-feed', 'data-feed'), ('lines', 'lines'), ('claims-search', 'claims-search'), ('csv', 'csv')], max_length=20)),
                ('publisher_name', models.CharField(blank=True, max_length=300)),
                ('publisher_site', models.CharField(blank=True, max_length=253)),
                ('licence', models.CharField(blank=True, max_length=500)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('state', models.CharField(choices=[('begun', 'begun'), ('done', 'done'), ('failed', 'failed')], default='begun', max_length=10)),
                ('message', models.TextField(blank=True)),
                ('reviews_sha256', models.CharField(blank=True, max_length=64)),
                ('written', models.PositiveIntegerField(default=0)),
                ('new_count', models.PositiveIntegerField(default=0)),
                ('updated_count', models.PositiveIntegerField(default=0)),
                ('unchanged_count', models.PositiveIntegerField(default=0)),
                ('refused_count', models.PositiveIntegerField(default=0)),
                ('repeated_count', models.PositiveIntegerField(default=0)),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('problems', models.JSONField(blank=True, default=list)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('message', ''), _negated=True), _connector='OR'), name='a_failed_import_says_why'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('problems'), function='jsonb_typeof', output_field=models.CharField()), models.Value('array')), name='the_problems_are_a_list')],
            },
        ),
        migrations.CreateModel(
            name='MatchTerm',
            fields=[
                ('lexeme', models.TextField(primary_key=True, serialize=False)),
                ('entries', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('entries__gte', 1)), name='a_match_term_occurs')],
            },
        ),
        migrations.CreateModel(
            name='MatchTotals',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('entries', models.PositiveIntegerField(default=0)),
                ('weight', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name_plural': 'match totals',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_row_of_match_totals')],
            },
        ),
        migrations.CreateModel(
            name='ArticleFetch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=2000)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('fetched', 'fetched'), ('failed', 'failed')], default='waiting', max_length=10)),
                ('message', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('article', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='fetches', to='claims.article')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.desk')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'article fetches',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'fetched'), _negated=True), ('article__isnull', False), _connector='OR'), name='a_fetched_page_is_an_article')],
            },
        ),
        migrations.CreateModel(
            name='ArticleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=500)),
                ('body', models.TextField()),
                ('blocks', models.JSONField(default=list)),
                ('sha256', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='claims.article')),
            ],
            options={
                'ordering': ['article_id', '-number'],
                'constraints': [models.UniqueConstraint(fields=('article', 'number'), name='one_version_per_article_and_number'), models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='a_version_has_a_body')],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField()),
                ('changes', models.JSONField(blank=True, db_default=[], default=list)),
                ('kind', models.CharField(choices=[('quantity', 'Quantity'), ('event', 'Event'), ('cause', 'Cause'), ('comparison', 'Comparison'), ('quotation', 'Quotation'), ('legal', 'Legal'), ('scientific', 'Scientific'), ('other', 'Other')], default='other', max_length=20)),
                ('score', models.FloatField(default=0)),
                ('state', models.CharField(choices=[('suggested', 'suggested'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed'), ('withdrawn', 'withdrawn')], default='suggested', max_length=10)),
                ('dismissed_because', models.TextField(blank=True)),
                ('withdrawn_by', models.CharField(blank=True, db_default='', max_length=40)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('extractor_version', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('is_canonical', models.GeneratedField(db_persist=True, expression=models.Q(('canonical__isnull', True)), output_field=models.BooleanField())),
                ('canonical_stands', models.GeneratedField(db_persist=True, expression=models.Case(models.When(canonical__isnull=False, then=models.Value(True))), output_field=models.BooleanField(null=True))),
                ('canonical', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='claims.claim')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='accounts.desk')),
                ('claimant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='claims.claimant')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['desk', '-id'], name='claim_by_desk')],
                'constraints': [models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 1)), name='a_score_is_a_probability'), models.CheckConstraint(condition=models.Q(('canonical__isnull', True), models.Q(('canonical', models.F('id')), _negated=True), _connector='OR'), name='a_claim_is_not_its_own_canonical'), models.CheckConstraint(condition=models.Q(('canonical__isnull', True), models.Q(('state__in', ('dismissed', 'withdrawn')), _negated=True), _connector='OR'), name='a_claim_of_a_family_stands'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'dismissed'), _negated=True), models.Q(('dismissed_because', ''), _negated=True), _connector='OR'), name='a_dismissed_claim_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('edited_at__isnull', True), ('state', 'withdrawn'), models.Q(('withdrawn_by', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_by', '')), _connector='OR'), name='only_untouched_claims_are_withdrawn_by_a_reading')],
            },
        ),
        migrations.CreateModel(
            name='ArticleFingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(max_length=40)),
                ('bands', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fingerprint', to='claims.articleversion')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['bands'], name='fingerprint_by_band')],
            },
        ),
        migrations.CreateModel(
            name='Appearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('quote', models.TextField()),
                ('prefix', models.CharField(blank=True, max_length=32)),
                ('suffix', models.CharField(blank=True, max_length=32)),
                ('claimant_name', models.CharField(blank=True, max_length=300)),
                ('claimant_start', models.PositiveIntegerField(blank=True, null=True)),
                ('claimant_end', models.PositiveIntegerField(blank=True, null=True)),
                ('attribution', models.CharField(choices=[('quoted', 'quoted'), ('reported', 'reported'), ('author', "the reporter's own voice")], max_length=10)),
                ('cue', models.CharField(blank=True, max_length=100)),
                ('score', models.FloatField(default=0)),
                ('rank', models.PositiveIntegerField(blank=True, null=True)),
                ('parts', models.JSONField(blank=True, db_default={}, default=dict)),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None)),
                ('extractor_version', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appearances', to='claims.articleversion')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appearances', to='claims.claim')),
            ],
            options={
                'ordering': ['version_id', 'start', 'end'],
                'constraints': [models.UniqueConstraint(fields=('version', 'start', 'end'), name='one_claim_per_span'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='a_span_is_not_empty'), models.CheckConstraint(condition=models.Q(('rank__isnull', True), ('rank__gte', 1), _connector='OR'), name='a_rank_counts_from_one'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('parts'), function='jsonb_typeof', output_field=models.CharField()), models.Value('object')), name='the_parts_are_an_object')],
            },
        ),
        migrations.CreateModel(
            name='ClaimWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='claims.claim')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='accounts.desk')),
            ],
            options={
                'verbose_name_plural': 'claim watches',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('claim', 'desk'), name='one_running_watch_per_claim_and_desk')],
            },
        ),
        migrations.CreateModel(
            name='ExtractionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extractor_version', models.CharField(max_length=40)),
                ('outcome', models.CharField(choices=[('extracted', 'claims extracted'), ('refused', 'not extracted')], max_length=10)),
                ('message', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('sentences', models.PositiveIntegerField(default=0)),
                ('claims_found', models.PositiveIntegerField(default=0)),
                ('claims_new', models.PositiveIntegerField(db_default=0, default=0)),
                ('claims_refreshed', models.PositiveIntegerField(db_default=0, default=0)),
                ('claims_kept', models.PositiveIntegerField(db_default=0, default=0)),
                ('claims_withdrawn', models.PositiveIntegerField(db_default=0, default=0)),
                ('left_out', models.PositiveIntegerField(db_default=0, default=0)),
                ('passed_over', models.JSONField(blank=True, db_default=[], default=list)),
                ('model', models.CharField(blank=True, db_default='', max_length=200)),
                ('seconds', models.FloatField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extraction_runs', to='claims.articleversion')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('version', 'extractor_version'), name='one_run_per_version_and_extractor'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('passed_over'), function='jsonb_typeof', output_field=models.CharField()), models.Value('array')), name='what_was_passed_over_is_a_list')],
            },
        ),
        migrations.CreateModel(
            name='KnownClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('origin', models.CharField(choices=[('own', 'our own publication'), ('imported', 'imported')], max_length=10)),
                ('text', models.TextField()),
                ('claimant', models.CharField(blank=True, max_length=300)),
                ('claimed_on', models.DateField(blank=True, null=True)),
                ('publisher_name', models.CharField(blank=True, max_length=300)),
                ('publisher_site', models.CharField(blank=True, max_length=253)),
                ('url', models.TextField(blank=True)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('rating', models.CharField(blank=True, max_length=300)),
                ('rating_value', models.FloatField(blank=True, null=True)),
                ('rating_best', models.FloatField(blank=True, null=True)),
                ('rating_worst', models.FloatField(blank=True, null=True)),
                ('reviewed_on', models.DateField(blank=True, null=True)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('licence', models.CharField(blank=True, max_length=500)),
                ('first_appearance', models.TextField(blank=True)),
                ('appearances', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('external_id', models.CharField(blank=True, max_length=500)),
                ('identity', models.CharField(editable=False, max_length=64)),
                ('content_sha256', models.CharField(editable=False, max_length=64)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('last_changed_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_because', models.TextField(blank=True)),
                ('is_retracted', models.BooleanField(db_default=False, default=False)),
                ('claim', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='known_claim', to='claims.claim')),
                ('last_import', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='known_claims', to='claims.knownclaimimport')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [django.contrib.postgres.indexes.HashIndex(condition=models.Q(('url', ''), _negated=True), fields=['url'], name='known_claim_by_address'), models.Index(fields=['publisher_site', '-id'], name='known_claim_by_site')],
                'constraints': [models.UniqueConstraint(fields=('origin', 'identity'), name='one_known_claim_per_origin_and_identity'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='a_known_claim_says_what_was_claimed'), models.CheckConstraint(condition=models.Q(models.Q(('url', ''), _negated=True), models.Q(('publisher_name', ''), _negated=True), models.Q(('publisher_site', ''), _negated=True), _connector='OR'), name='a_known_claim_names_its_page_or_publisher'), models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('last_import__isnull', True), ('origin', 'own')), models.Q(('claim__isnull', True), ('last_import__isnull', False), ('origin', 'imported')), _connector='OR'), name='a_known_claim_comes_from_our_claim_or_an_import'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_because', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_because', ''), _negated=True)), _connector='OR'), name='a_withdrawn_known_claim_says_why'), models.CheckConstraint(condition=models.Q(('is_retracted', False), models.Q(('origin', 'own'), ('withdrawn_at__isnull', False)), _connector='OR'), name='a_retracted_known_claim_is_ours_and_withdrawn')],
            },
        ),
        migrations.CreateModel(
            name='ClaimMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grade', models.CharField(choices=[('strong', 'very likely the same'), ('possible', 'possibly the same')], max_length=10)),
                ('score', models.FloatField()),
                ('lexical', models.FloatField(default=0)),
                ('semantic', models.FloatField(blank=True, null=True)),
                ('reasons', models.JSONField(blank=True, default=list)),
                ('method_version', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('confirmed', 'confirmed'), ('rejected', 'rejected'), ('lapsed', 'lapsed')], default='proposed', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('family_action', models.UUIDField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='claims.claim')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other_claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='later_matches', to='claims.claim')),
                ('known_claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='claims.knownclaim')),
            ],
            options={
                'verbose_name_plural': 'claim matches',
                'ordering': ['-score', 'id'],
                'indexes': [models.Index(condition=models.Q(('decided_at__isnull', False)), fields=['decided_at'], name='match_by_decision')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('known_claim__isnull', False), ('other_claim__isnull', True)), models.Q(('known_claim__isnull', True), ('other_claim__isnull', False)), _connector='OR'), name='a_match_is_with_one_statement'), models.CheckConstraint(condition=models.Q(('other_claim__isnull', True), ('claim__gt', models.F('other_claim')), _connector='OR'), name='a_match_looks_back_to_an_earlier_claim'), models.UniqueConstraint(condition=models.Q(('known_claim__isnull', False)), fields=('claim', 'known_claim'), name='one_match_per_claim_and_known_claim'), models.UniqueConstraint(condition=models.Q(('other_claim__isnull', False)), fields=('claim', 'other_claim'), name='one_match_per_pair_of_claims'), models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 1)), name='a_match_score_is_a_probability'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('state__in', ('confirmed', 'rejected'))), models.Q(models.Q(('state__in', ('confirmed', 'rejected')), _negated=True), ('decided_at__isnull', True)), _connector='OR'), name='a_decided_match_says_when'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('reasons'), function='jsonb_typeof', output_field=models.CharField()), models.Value('array')), name='match_reasons_are_a_list')],
            },
        ),
        migrations.CreateModel(
            name='MatchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_offered', models.BooleanField(default=True)),
                ('is_stale', models.BooleanField(default=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('words', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('weight', models.PositiveIntegerField(default=0)),
                ('parts', models.JSONField(blank=True, db_default={}, default=dict)),
                ('indexed_at', models.DateTimeField(blank=True, null=True)),
                ('claim', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='match_entry', to='claims.claim')),
                ('known_claim', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='match_entry', to='claims.knownclaim')),
            ],
            options={
                'verbose_name_plural': 'match entries',
                'ordering': ['id'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='match_entry_by_word'), models.Index(models.OrderBy(models.F('claim'), descending=True, nulls_last=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('is_stale', True)), name='match_entry_stale')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('known_claim__isnull', False)), models.Q(('claim__isnull', False), ('known_claim__isnull', True)), _connector='OR'), name='a_match_entry_is_of_one_statement'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('parts'), function='jsonb_typeof', output_field=models.CharField()), models.Value('object')), name='the_entry_parts_are_an_object')],
            },
        ),
        migrations.CreateModel(
            name='ClaimAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('appearance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='claims.appearance')),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('match', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='claims.claimmatch')),
                ('watch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='claims.claimwatch')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['watch'], name='alert_unseen')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('appearance__isnull', False), ('match__isnull', True)), models.Q(('appearance__isnull', True), ('match__isnull', False)), _connector='OR'), name='an_alert_is_of_one_sighting'), models.UniqueConstraint(fields=('watch', 'appearance'), name='one_alert_per_watch_and_appearance'), models.UniqueConstraint(fields=('watch', 'match'), name='one_alert_per_watch_and_match')],
            },
        ),
        migrations.CreateModel(
            name='FamilyChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.UUIDField(default=uuid.uuid4)),
                ('cause', models.CharField(choices=[('confirm', 'match confirmed'), ('merge', 'families merged'), ('detach', 'detached'), ('split', 'split off'), ('undo', 'undone')], max_length=10)),
                ('undoes', models.UUIDField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('after', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claim')),
                ('because_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claim')),
                ('before', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claim')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='family_changes', to='claims.claim')),
                ('match', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claimmatch')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('after__isnull', False), ('before__isnull', True)), models.Q(('after__isnull', True), ('before__isnull', False)), models.Q(('after__isnull', False), ('before__isnull', False), models.Q(('before', models.F('after')), _negated=True)), _connector='OR'), name='a_family_change_moves_the_claim'), models.CheckConstraint(condition=models.Q(models.Q(('cause', 'undo'), ('undoes__isnull', False)), models.Q(models.Q(('cause', 'undo'), _negated=True), ('undoes__isnull', True)), _connector='OR'), name='an_undo_names_what_it_undoes'), models.UniqueConstraint(fields=('action', 'claim'), name='an_action_moves_a_claim_once')],
            },
        ),
        migrations.CreateModel(
            name='MatchEmbedding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.PositiveSmallIntegerField()),
                ('vector', pgvector.django.halfvec.HalfVectorField(dimensions=384)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='embeddings', to='claims.matchentry')),
            ],
            options={
                'indexes': [pgvector.django.indexes.HnswIndex(condition=models.Q(('slot', 0)), ef_construction=100, fields=['vector'], m=16, name='match_embedding_near_0', opclasses=['halfvec_l2_ops']), pgvector.django.indexes.HnswIndex(condition=models.Q(('slot', 1)), ef_construction=100, fields=['vector'], m=16, name='match_embedding_near_1', opclasses=['halfvec_l2_ops'])],
                'constraints': [models.UniqueConstraint(fields=('entry', 'slot'), name='one_embedding_per_entry_and_slot'), models.CheckConstraint(condition=models.Q(('slot__in', (0, 1))), name='an_embedding_is_in_a_slot')],
            },
        ),
        claimtracker.kernel.migrating.AddTriggers(
            model_name='article',
            triggers=[pgtrigger.compiler.Trigger(name='article_legal_transition', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM NEW."state")', func='IF (OLD."state", NEW."state") NOT IN ((\'held\', \'accepted\'), (\'held\', \'rejected\'), (\'rejected\', \'accepted\')) THEN RAISE EXCEPTION \'illegal transition of submission: % to %\', OLD."state", NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='34efc2aa9e2441d0e00602fd037ee0ebc44df0df', operation='UPDATE OF "state"', pgid='pgtrigger_article_legal_transition_51c2d', table='claims_article', when='BEFORE')), pgtrigger.compiler.Trigger(name='article_initial_state', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF NEW."state" NOT IN (\'held\', \'accepted\') THEN RAISE EXCEPTION \'a submission cannot begin as %\', NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='ef3ea114bc77da44f03d87ac6217e2bcf21ebbd9', operation='INSERT', pgid='pgtrigger_article_initial_state_86430', table='claims_article', when='BEFORE'))],
        ),
        claimtracker.kernel.migrating.AddTriggers(
            model_name='articleversion',
            triggers=[pgtrigger.compiler.Trigger(name='articleversion_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5bce1186e69daf871dc16b82a6da2e3f7e1235af', operation='UPDATE OR DELETE', pgid='pgtrigger_articleversion_append_only_f9cbf', table='claims_articleversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='articleversion_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'articleversion is append-only: it cannot be truncated';", hash='c8112999fe972f48af731f3e6098478ba034b0c3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_articleversion_no_truncate_f478f', table='claims_articleversion', when='BEFORE'))],
        ),
        claimtracker.kernel.migrating.AddTriggers(
            model_name='appearance',
            triggers=[pgtrigger.compiler.Trigger(name='appearance_quotes_the_text', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE body text;', func='SELECT v.body INTO body FROM claims_articleversion v WHERE v.id = NEW.version_id; IF substr(body, NEW.start + 1, NEW."end" - NEW.start) IS DISTINCT FROM NEW.quote THEN RAISE EXCEPTION \'the quote is not what stands at % to % of version %\', NEW.start, NEW."end", NEW.version_id USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='eec0bdf2e7a14fb1b0bc0fca177d5d43f8fcbb91', operation='INSERT OR UPDATE', pgid='pgtrigger_appearance_quotes_the_text_896b9', table='claims_appearance', when='BEFORE'))],
        ),
        claimtracker.kernel.migrating.AddTriggers(
            model_name='claim',
            triggers=[pgtrigger.compiler.Trigger(name='claim_legal_transition', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM NEW."state")', func='IF (OLD."state", NEW."state") NOT IN ((\'suggested\', \'confirmed\'), (\'suggested\', \'dismissed\'), (\'suggested\', \'withdrawn\'), (\'confirmed\', \'dismissed\'), (\'dismissed\', \'confirmed\'), (\'withdrawn\', \'suggested\'), (\'withdrawn\', \'confirmed\')) THEN RAISE EXCEPTION \'illegal transition of claim: % to %\', OLD."state", NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='f6c0830d9b3eb840981fc06c9f454584be483625', operation='UPDATE OF "state"', pgid='pgtrigger_claim_legal_transition_e41fc', table='claims_claim', when='BEFORE')), pgtrigger.compiler.Trigger(name='claim_initial_state', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF NEW."state" NOT IN (\'suggested\', \'confirmed\') THEN RAISE EXCEPTION \'a claim cannot begin as %\', NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='8b5caa4314f409afa75adf553db7b4991f0c031f', operation='INSERT', pgid='pgtrigger_claim_initial_state_b5996', table='claims_claim', when='BEFORE')), pgtrigger.compiler.Trigger(name='claim_changes_lie_in_its_wording', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF jsonb_typeof(NEW.changes) IS DISTINCT FROM 'array' THEN RAISE EXCEPTION 'the changes of a claim are a list' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.changes) AS one WHERE COALESCE((one->>'start')::int < 0 OR (one->>'end')::int < (one->>'start')::int OR (one->>'end')::int > char_length(NEW.text), true)) THEN RAISE EXCEPTION 'a change lies outside of the wording of the claim' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;", hash='b4938ea486e64748677ad150571eca52b879d7e8', operation='INSERT OR UPDATE OF "text", "changes"', pgid='pgtrigger_claim_changes_lie_in_its_wording_f0519', table='claims_claim', when='BEFORE'))],
        ),
        claimtracker.kernel.migrating.AddTriggers(
            model_name='familychange',
            triggers=[pgtrigger.compiler.Trigger(name='familychange_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6407c38b20c1ad62354d8b37928e947e8179da9e', operation='UPDATE OR DELETE', pgid='pgtrigger_familychange_append_only_0525f', table='claims_familychange', when='BEFORE')), pgtrigger.compiler.Trigger(name='familychange_no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'familychange is append-only: it cannot be truncated';", hash='95bde01fc4cc30b0b39b1e66e802d3aebdce7993', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_familychange_no_truncate_d3088', table='claims_familychange', when='BEFORE'))],
        ),
        claimtracker.kernel.migrating.AddTriggers(
            model_name='claimmatch',
            triggers=[pgtrigger.compiler.Trigger(name='claimmatch_legal_transition', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM NEW."state")', func='IF (OLD."state", NEW."state") NOT IN ((\'proposed\', \'confirmed\'), (\'proposed\', \'rejected\'), (\'proposed\', \'lapsed\'), (\'confirmed\', \'proposed\'), (\'confirmed\', \'rejected\'), (\'rejected\', \'proposed\'), (\'rejected\', \'confirmed\'), (\'lapsed\', \'proposed\'), (\'lapsed\', \'confirmed\')) THEN RAISE EXCEPTION \'illegal transition of match: % to %\', OLD."state", NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='b19f0200772251dea1004dd41f9db3351c92c9d5', operation='UPDATE OF "state"', pgid='pgtrigger_claimmatch_legal_transition_fdf86', table='claims_claimmatch', when='BEFORE')), pgtrigger.compiler.Trigger(name='claimmatch_initial_state', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF NEW."state" NOT IN (\'proposed\', \'confirmed\') THEN RAISE EXCEPTION \'a match cannot begin as %\', NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='9d58e866f9eb37682b68dff2016a721e14c059bb', operation='INSERT', pgid='pgtrigger_claimmatch_initial_state_b8171', table='claims_claimmatch', when='BEFORE'))],
        ),
        claimtracker.kernel.migrating.AddTriggers(
            model_name='knownclaimimport',
            triggers=[pgtrigger.compiler.Trigger(name='knownclaimimport_legal_transition', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IS DISTINCT FROM NEW."state")', func='IF (OLD."state", NEW."state") NOT IN ((\'begun\', \'done\'), (\'begun\', \'failed\')) THEN RAISE EXCEPTION \'illegal transition of import: % to %\', OLD."state", NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='6c23f9db7b554424eeeef4d45d4d01f529950679', operation='UPDATE OF "state"', pgid='pgtrigger_knownclaimimport_legal_transition_483da', table='claims_knownclaimimport', when='BEFORE')), pgtrigger.compiler.Trigger(name='knownclaimimport_initial_state', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF NEW."state" NOT IN (\'begun\') THEN RAISE EXCEPTION \'a import cannot begin as %\', NEW."state" USING ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='05007b879d0899920549fc3258f99ed4e7e8c87b', operation='INSERT', pgid='pgtrigger_knownclaimimport_initial_state_00243', table='claims_knownclaimimport', when='BEFORE'))],
        ),
        # by itself: within CreateModel it would be made only after the foreign key below needs it
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(fields=('id', 'is_canonical'), name='claim_by_id_and_is_canonical'),
        ),
        # No chains and no cycles, whoever writes: a claim's canonical must itself have none. The pair
        # (canonical, true) refers to (id, is_canonical), and PostgreSQL holds it under concurrent writes.
        migrations.RunSQL(
            sql="""
            ALTER TABLE claims_claim ADD CONSTRAINT a_canonical_claim_has_no_canonical
                FOREIGN KEY (canonical_id, canonical_stands) REFERENCES claims_claim (id, is_canonical)
            """,
            reverse_sql="ALTER TABLE claims_claim DROP CONSTRAINT a_canonical_claim_has_no_canonical",
        ),
    ]
