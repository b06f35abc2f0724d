import os

import httpx

api = httpx.Client(headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"}, timeout=30)
following = f"{os.environ['CLAIMTRACKER_URL']}/api/v1/publications?limit=100"
while following:
    page = api.get(following).raise_for_status().json()
    for check in page["results"]:
        print(check["url"])
    following = page["next"]
