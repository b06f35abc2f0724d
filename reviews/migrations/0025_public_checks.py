import hashlib
import re
import unicodedata
from datetime import datetime

import django.db.models.deletion
from django.db import migrations, models


def list_what_is_published(apps, schema_editor):
    """Readers' lists as of today; afterwards each publication keeps its own line, and
    `manage.py rebuild_public_checks` works all of them out anew."""
    def rows(name, app="reviews"):
        return apps.get_model(app, name).objects.using(schema_editor.connection.alias)

    seen = set()
    for row in rows("Publication").order_by("-id").iterator(chunk_size=200):
        if row.claim_id not in seen:
            seen.add(row.claim_id)
            list_one(rows, row)


def list_one(rows, row):
    said, retracted = row.snapshot, row.change == "retraction"
    rating, name = said["rating"], (said.get("claimant") or {}).get("name", "")
    first = datetime.fromisoformat(said.get("first_published_at") or said["published_at"])
    corrections = said.get("corrections")
    places = rows("Appearance", "claims").filter(claim=row.claim_id).order_by("id")
    language = places.values_list("version__article__language", flat=True).first() or ""
    language = language.replace("_", "-").partition("-")[0].strip().lower()
    line = rows("PublicCheck").create(
        claim_id=row.claim_id,
        publication=row,
        slug=row.slug,
        claimant_slug=slug_of(name),
        claimant_name=name,
        language=language if re.fullmatch("[a-z]{2,8}", language) else "",
        rating_slug="" if retracted else rating["slug"],
        rating_label="" if retracted else rating["label"],
        rating_step=None if retracted else step_of(rating["value"], rating["worst"], rating["best"]),
        is_retracted=retracted,
        month=f"{first:%Y-%m}",
        first_published_at=first,
        changed_at=datetime.fromisoformat(corrections[-1]["at"]) if corrections else first,
    )
    for topic in rows("Topic").filter(routes__claim=row.claim_id):
        shown, _made = rows("PublicTopic").get_or_create(
            slug=topic.slug, defaults={"name": topic.name}
        )
        rows("PublicCheckTopic").create(
            topic=shown, check_line=line, newest=row.pk
        )


def slug_of(name):
    if not name:
        return ""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].rstrip("-")
    digest = hashlib.sha256(" ".join(name.casefold().split()).encode()).hexdigest()[:6]
    return f"{words or 'claimant'}-{digest}"


def step_of(value, worst, best):
    if value is None or worst is None or best is None:
        return None
    return 3 if best <= worst else 1 + round(4 * (value - worst) / (best - worst))


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0009_article_versions_followed'),
        ('reviews', '0024_looks_hop_by_hop'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=60)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='PublicCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('claimant_slug', models.SlugField(blank=True, max_length=80)),
                ('claimant_name', models.CharField(blank=True, max_length=300)),
                ('language', models.CharField(blank=True, max_length=8)),
                ('rating_slug', models.SlugField(blank=True)),
                ('rating_label', models.CharField(blank=True, max_length=60)),
                ('rating_step', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_retracted', models.BooleanField(default=False)),
                ('month', models.CharField(max_length=7)),
                ('first_published_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='public_check', to='claims.claim')),
                ('publication', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='line', to='reviews.publication')),
            ],
            options={
                'ordering': ['-publication_id'],
            },
        ),
        migrations.CreateModel(
            name='PublicCheckTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('newest', models.BigIntegerField()),
                ('check_line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topic_lines', to='reviews.publiccheck')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='reviews.publictopic')),
            ],
            options={
                'ordering': ['-newest'],
            },
        ),
        migrations.AddField(
            model_name='publiccheck',
            name='topics',
            field=models.ManyToManyField(related_name='checks', through='reviews.PublicCheckTopic', to='reviews.publictopic'),
        ),
        migrations.AddIndex(
            model_name='publicchecktopic',
            index=models.Index(fields=['topic', '-newest'], name='public_check_topic_newest'),
        ),
        migrations.AddConstraint(
            model_name='publicchecktopic',
            constraint=models.UniqueConstraint(fields=('check_line', 'topic'), name='a_check_has_a_topic_once'),
        ),
        migrations.AddIndex(
            model_name='publiccheck',
            index=models.Index(condition=models.Q(('claimant_slug', ''), _negated=True), fields=['claimant_slug', '-publication'], name='public_check_claimant'),
        ),
        migrations.AddIndex(
            model_name='publiccheck',
            index=models.Index(fields=['rating_slug', '-publication'], name='public_check_rating'),
        ),
        migrations.AddIndex(
            model_name='publiccheck',
            index=models.Index(fields=['language', '-publication'], name='public_check_language'),
        ),
        migrations.AddIndex(
            model_name='publiccheck',
            index=models.Index(fields=['month', '-changed_at'], name='public_check_month'),
        ),
        migrations.AddIndex(
            model_name='publiccheck',
            index=models.Index(fields=['-first_published_at'], name='public_check_first'),
        ),
        migrations.AddConstraint(
            model_name='publiccheck',
            constraint=models.CheckConstraint(condition=models.Q(('is_retracted', False), ('rating_slug', ''), _connector='XOR'), name='a_retracted_check_counts_in_no_balance'),
        ),
        migrations.RunPython(list_what_is_published, migrations.RunPython.noop, elidable=True),
    ]
