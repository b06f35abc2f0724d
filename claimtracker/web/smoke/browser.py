"""A person at a browser, without the browser: signs in and sends forms over HTTP, as a page without
JavaScript does."""

from __future__ import annotations

from typing import Self

import httpx

from .failure import Failed


class Person:
    """One session. Every answer that is not a success fails the walk with what the page said."""

    def __init__(self, base: str, email: str, password: str) -> None:
        self._http = httpx.Client(base_url=base, timeout=30, follow_redirects=True, trust_env=False)
        self.email = email
        self.send("/account/login/", login=email, password=password)
        if "sessionid" not in self._http.cookies:
            raise Failed(f"{email} could not sign in")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def read(self, path: str) -> str:
        return self._checked(self._http.get(path), path)

    def send(self, path: str, **fields: str) -> str:
        """POST a form. The token comes from the cookie that any page of ours sets."""
        if "csrftoken" not in self._http.cookies:
            self._http.get("/account/login/")
        token = self._http.cookies.get("csrftoken", "")
        answer = self._http.post(path, data={**fields, "csrfmiddlewaretoken": token})
        return self._checked(answer, path)

    def _checked(self, answer: httpx.Response, path: str) -> str:
        if not answer.is_success:
            raise Failed(f"{self.email} got {answer.status_code} from {path}: {answer.text[:600]}")
        return answer.text
