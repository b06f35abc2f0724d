from django.db import migrations


class Migration(migrations.Migration):
    """A counter beside the pages themselves went wrong for single pages; they are counted where they are shown."""

    dependencies = [
        ("claims", "0018_drafts_that_are_out"),
    ]

    operations = [
        migrations.RemoveField(model_name="feed", name="items_seen"),
    ]
