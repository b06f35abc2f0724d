import os

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
versions = api.get(f"/articles/{os.environ['ARTICLE']}/versions").raise_for_status().json()
for version in versions["results"]:
    print(f"version {version['number']}, {version['length']} letters: {version['title']}")
