import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("claims", "0017_changes_for_partners"),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="article",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="claims.article",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="published_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
