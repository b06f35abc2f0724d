"""Somebody who searches all the time, by vectors, whatever happens to the slots and workers meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Self

from django.db import connection

from claims.matching.slots import searched_slot

NEAREST = (
    "SELECT entry_id FROM claims_matchembedding WHERE slot = %s ORDER BY vector <#> %s::halfvec LIMIT %s"
)
WANTED = 5


class Searcher:
    """Asks for ``questions`` in turn, in a thread and a connection of its own.

    An answer is five entries from the searched slot; anything else, and every error, is a failure.
    """

    def __init__(self, questions: Sequence[str], *, pause: float = 0.02) -> None:
        self.answered, self.failures = 0, []  # type: int, list[str]
        self.slots: set[int] = set()
        self._questions, self._pause = cycle(questions), pause
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join(timeout=20)

    def _run(self) -> None:
        try:
            while not self._over.wait(self._pause):
                self._count(self._ask)
        finally:
            connection.close()

    def _count(self, ask: Callable[[], int]) -> None:
        try:
            found = ask()
        except Exception as error:  # noqa: BLE001 - each is a search that somebody did not get
            self.failures.append(repr(error))
            return
        if found == WANTED:
            self.answered += 1
        else:
            self.failures.append(f"{found} found")

    def _ask(self) -> int:
        slot = searched_slot()
        if slot is None:
            return 0
        number, embedder = slot
        self.slots.add(number)
        (vector,) = embedder.embed([next(self._questions)])
        with connection.cursor() as cursor:
            cursor.execute(NEAREST, [number, "[" + ",".join(map(str, vector.tolist())) + "]", WANTED])
            return len(cursor.fetchall())
