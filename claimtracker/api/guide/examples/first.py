import os

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
answer = api.get("/publications", params={"limit": 3}).raise_for_status()
for check in answer.json()["results"]:
    rating = check["rating"]["label"] if check["rating"] else "Retracted"
    print(f"{rating}: {check['claim']['text']}")
