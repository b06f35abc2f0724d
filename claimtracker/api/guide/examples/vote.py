import os

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
requests = api.get("/requests", params={"status": "received"}).raise_for_status().json()["results"]
first = next(each for each in requests if not each["voted"])  # what others ask for
answer = api.post(f"/requests/{first['id']}/votes", json={"note": "It is all over our town."})
request = answer.raise_for_status().json()
print(f"{request['votes']} asked: {request['text']}")
