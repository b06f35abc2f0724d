import os
import sys
import time

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
for pause in (1, 2, 4, 8, 15, 30, 60):
    article = api.get(f"/articles/{os.environ['ARTICLE']}").raise_for_status().json()
    extraction = article["extraction"]
    if article["state"] == "held" or extraction["state"] != "pending":
        break
    time.sleep(pause)
if extraction["state"] != "extracted":  # held for a moderator, refused, or its page could not be fetched
    sys.exit(f"{article['state']}, {extraction['state']}: {extraction['message']}")
for claim in article["claims"]:
    # start and end count code points of the body, as Python counts
    assert article["body"][claim["start"] : claim["end"]] == claim["quote"]
    print(f"{claim['review']['status']}: {claim['text']}")
