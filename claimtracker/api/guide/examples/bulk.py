import os
import time
import uuid

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
job = (
    api.post(
        "/articles/bulk",
        headers={"Idempotency-Key": f'"{uuid.uuid4()}"'},  # needed here
        json={
            "articles": [
                {
                    "external_id": "gazette-1",
                    "body": "The council built 900 homes, the mayor Ann Lee said.\n",
                },
                {"external_id": "gazette-2", "body": ""},
            ]
        },
    )
    .raise_for_status()
    .json()
)
while job["state"] != "done":
    time.sleep(2)
    job = api.get(f"/jobs/{job['id']}").raise_for_status().json()
for item in job["items"]:
    outcome = f"failed, {item['problem']['detail']}" if item["problem"] else item["outcome"]
    print(f"{item['external_id']}: {outcome}")
