from django.db import migrations

# the editions of retractions repeated the rating that was taken back
BLANK = "UPDATE partners_edition SET rating = '' WHERE change = 'retraction' AND rating <> ''"


class Migration(migrations.Migration):
    dependencies = [("partners", "0011_names_in_the_administration")]

    operations = [migrations.RunSQL(BLANK, migrations.RunSQL.noop, elidable=True)]
