from django.db import migrations, models

# The reasons that we give ourselves; those of people are their own words.
WHAT_WAS_GIVEN_UP = """
    UPDATE partners_webhookendpoint SET is_given_up = true
     WHERE NOT is_active AND removed_at IS NULL
       AND (disabled_because LIKE '% tries of msg\\_%' OR disabled_because LIKE 'The receiver answered 410 %')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0009_the_log_without_a_lock'),
    ]

    operations = [
        migrations.AddField(
            model_name='webhookendpoint',
            name='is_given_up',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(WHAT_WAS_GIVEN_UP, migrations.RunSQL.noop, elidable=True),
    ]
