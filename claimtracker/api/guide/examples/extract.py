import os

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
text = "The council built 900 homes last year, the mayor Ann Lee said on Tuesday."
found = api.post("/claims/extract", json={"text": text}).raise_for_status().json()
for claim in found["claims"]:
    print(f"{claim['claimant'] or 'the author'}: {claim['quote']}")
