import os
from typing import Any

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)
shown: dict[str, int] = {}  # what your pages show: claim -> version; keep it in your database


def take_in(publication_id: str) -> None:
    """Called with data.publication of every webhook that has one."""
    check: dict[str, Any] = api.get(f"/publications/{publication_id}").raise_for_status().json()
    claim = check["claim"]["id"]
    if check["version"] <= shown.get(claim, 0):
        return  # messages may come twice, or the older one later
    shown[claim] = check["version"]
    if check["is_retracted"]:
        print(f"take it down: {check['change_note']}")
        return
    print(f"version {check['version']}: {check['rating']['label']}")
    for correction in check["corrections"]:
        print(f"{correction['kind']}: {correction['text']}")


take_in(os.environ["PUBLICATION"])
