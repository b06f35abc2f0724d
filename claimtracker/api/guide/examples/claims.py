import os

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
asked = {"state": "published", "q": "homes"}
claims = api.get("/claims", params=asked).raise_for_status().json()
for claim in claims["results"]:
    print(f"{claim['review']['rating']}: {claim['text']}")
