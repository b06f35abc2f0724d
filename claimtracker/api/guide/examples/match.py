import os

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
found = api.post("/match", json={"text": "The council built 900 homes"}).raise_for_status().json()
for match in found["results"]:
    if match["grade"] is not None:  # the others are only something alike
        known = match["known_claim"]
        print(f"{known['rating']}: {known['url']}")
