from django.db import migrations, models

from claimtracker.kernel.migrating import AddIndexWithoutLock


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('reviews', '0038_complaints_weighed_and_watched'),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name='complaintwords',
            index=models.Index(fields=['sender', '-complaint'], name='complaint_words_by_sender'),
        ),
        AddIndexWithoutLock(
            model_name='complaintwords',
            index=models.Index(fields=['text_digest', '-complaint'], name='complaint_words_by_text'),
        ),
    ]
