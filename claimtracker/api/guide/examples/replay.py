import os

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
message = api.get(f"/deliveries/{os.environ['DELIVERY']}").raise_for_status().json()
answer = httpx.post(
    os.environ["RECEIVER"],  # an address of your own machine
    content=message["body"].encode(),
    headers=message["attempts"][-1]["request_headers"],
)
print(answer.status_code)
