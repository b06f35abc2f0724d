"""Run by label-studio's own Python, in its own folder: its tables, one person with a token, one project with
a task for each text."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))
import django

django.setup()

from django.core.management import call_command  # noqa: E402 - only after setup
from django.db import connection  # noqa: E402 - the same

BATCH = 2000
LABELS = (
    '<View><Text name="text" value="$text"/>'
    '<Choices name="kind" toName="text"><Choice value="Check"/><Choice value="Leave"/></Choices></View>'
)


def main(stored: str) -> None:
    call_command("migrate", verbosity=0)
    from organizations.models import Organization
    from projects.models import Project
    from rest_framework.authtoken.models import Token
    from tasks.models import Task
    from users.models import User

    person = User.objects.create_user("bench@bench.example", password=None)
    room = Organization.create_organization(created_by=person, title="Bench")
    person.active_organization = room
    person.save()
    room.jwt.legacy_api_tokens_enabled = True
    room.jwt.save()
    Token.objects.filter(user=person).delete()
    Token.objects.create(user=person, key=os.environ["BENCH_TOKEN"])
    project = Project.objects.create(
        title="Claims", organization=room, created_by=person, label_config=LABELS
    )
    texts = json.loads(Path(stored).read_text(encoding="utf-8"))
    for begin in range(0, len(texts), BATCH):
        Task.objects.bulk_create(
            Task(project=project, data={"text": text}, inner_id=begin + place + 1, total_annotations=0)
            for place, text in enumerate(texts[begin : begin + BATCH])
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"project {project.pk}")


main(sys.argv[1])
