import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import reviews.models.notification

# Setting the constraints off at once: a table with checks that wait cannot be altered.
FILL = """
UPDATE reviews_notification AS notice
   SET claim_id = task.claim_id, key = 'task:' || task.id
  FROM reviews_reviewtask AS task
 WHERE task.id = notice.review_task_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('claims', '0005_matching'),
        ('reviews', '0003_task_kinds'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='notification', name='each_notice_arrives_once'),
        migrations.RemoveIndex(model_name='notification', name='notification_unread'),
        migrations.AddField(
            model_name='notification',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notification',
            name='claim',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='claims.claim'),
        ),
        migrations.AddField(
            model_name='notification',
            name='email',
            field=models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day'), ('weekly', 'Once a week'), ('never', 'Never')], default='never', max_length=10),
        ),
        migrations.AddField(
            model_name='notification',
            name='in_app',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='notification',
            name='key',
            field=models.CharField(default='', max_length=120),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=reviews.models.notification.notice_kinds, max_length=30),
        ),
        migrations.AlterField(
            model_name='notification',
            name='review_task',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='reviews.reviewtask'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='notification',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='claims.claim'),
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=reviews.models.notification.notice_kinds, max_length=30)),
                ('in_app', models.BooleanField(default=True)),
                ('email', models.CharField(choices=[('at_once', 'At once'), ('daily', 'Once a day'), ('weekly', 'Once a week'), ('never', 'Never')], max_length=10)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['user', 'kind'],
            },
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('in_app', True), ('read_at__isnull', True)), fields=['user', '-id'], name='notification_unread'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('in_app', True)), fields=['user', '-id'], name='notification_page'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.UniqueConstraint(fields=('user', 'kind', 'key'), name='each_notice_arrives_once'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('email__in', ['at_once', 'daily', 'weekly', 'never'])), name='a_notice_has_a_known_email_wish'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('by__isnull', True), models.Q(('by', models.F('user')), _negated=True), _connector='OR'), name='nobody_is_told_of_their_own_act'),
        ),
        migrations.AddConstraint(
            model_name='noticepreference',
            constraint=models.UniqueConstraint(fields=('user', 'kind'), name='one_preference_per_person_and_kind'),
        ),
        migrations.AddConstraint(
            model_name='noticepreference',
            constraint=models.CheckConstraint(condition=models.Q(('email__in', ['at_once', 'daily', 'weekly', 'never'])), name='an_email_wish_is_known'),
        ),
    ]
