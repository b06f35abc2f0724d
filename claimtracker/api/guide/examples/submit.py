import os
import uuid

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
answer = api.post(
    "/articles",
    headers={"Idempotency-Key": f'"{uuid.uuid4()}"'},  # the same one when you repeat this very request
    json={
        "external_id": "gazette-4711",  # your own id: sent again, nothing happens twice
        "url": "https://gazette.example/4711",
        "title": "Council argues about homes",
        "body": "The council built 900 homes last year, the mayor Ann Lee said on Tuesday.\n",
    },
).raise_for_status()
article = answer.json()
print(answer.status_code, article["id"], article["state"])
