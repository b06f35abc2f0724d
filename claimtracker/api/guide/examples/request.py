import os
import uuid

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
request = (
    api.post(
        "/requests",
        headers={"Idempotency-Key": f'"{uuid.uuid4()}"'},
        json={"text": "The council built 900 homes last year.", "note": "Three of our readers asked."},
    )
    .raise_for_status()
    .json()
)
print(f"{request['status']}, {request['votes']} asked: {request['id']}")
