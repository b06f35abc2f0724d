import os
import time
from typing import Any

import httpx

api = httpx.Client(
    base_url=f"{os.environ['CLAIMTRACKER_URL']}/api/v1",
    headers={"Authorization": f"Bearer {os.environ['CLAIMTRACKER_KEY']}"},
    timeout=30,
)


def ask(method: str, path: str, **options: Any) -> httpx.Response:
    """Once more after 429 and 5xx, as long as it is told to wait."""
    answer = api.request(method, path, **options)
    for pause in (1, 5, 30):
        if answer.status_code != 429 and answer.status_code < 500:
            break
        time.sleep(float(answer.headers.get("Retry-After", pause)))
        answer = api.request(method, path, **options)
    return answer


answer = ask("POST", "/articles", json={"boddy": "…"})
if answer.is_error:
    problem = answer.json()
    print(problem["status"], problem["code"], problem["request_id"])
    for error in problem.get("errors", []):
        print(f"{error.get('pointer') or error.get('parameter')}: {error['detail']}")
