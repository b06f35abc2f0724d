import os
import sys

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
address = f"/articles/{os.environ['ARTICLE']}"
read = api.get(address).raise_for_status()
answer = api.patch(
    address,
    headers={"If-Match": read.headers["ETag"]},
    json={"title": "Council argues about homes, again"},
)
if answer.status_code == 412:
    sys.exit("Somebody changed it meanwhile: read it again, then decide.")
article = answer.raise_for_status().json()
print(f"version {article['version']}: {article['title']}")
