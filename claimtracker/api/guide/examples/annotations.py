import os

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
notes = api.get(f"/articles/{os.environ['ARTICLE']}/annotations").raise_for_status().json()
for note in notes.get("first", {}).get("items", []):  # a text without claims has no page
    quote, position = note["target"]["selector"]
    print(f"{note.get('fate', 'new')}: {quote['exact']}")
