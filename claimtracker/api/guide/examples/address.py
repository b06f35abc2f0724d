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
    headers={"Idempotency-Key": f'"{uuid.uuid4()}"'},
    json={"url": os.environ["ARTICLE_URL"]},
).raise_for_status()
article = answer.json()
print(article["state"], article["id"])  # 202: pending until its page came
