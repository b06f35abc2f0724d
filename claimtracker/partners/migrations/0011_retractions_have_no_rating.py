from django.db import migrations

# the editions of retractions repeated the rating that was taken back
BLANK = "UPDATE partners_edition SET rating = '' WHERE change = 'retraction' AND rating <> ''"


class Migration(migrations.Migration):
    dependencies = [("partners", "0010_endpoints_that_we_gave_up")]

    operations = [migrations.RunSQL(BLANK, migrations.RunSQL.noop, elidable=True)]
