"""What goes wrong: a function for each kind, and a deck of all of them, dealt out again and again."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import redis

from claimtracker import embedded
from claimtracker.celery import QUEUES
from claimtracker.jobs.causes import AWAY
from claimtracker.jobs.models import Job
from claimtracker.jobs.queueing import publish
from claimtracker.jobs.sweep import _broker

from .receivers import Receiver
from .site import PREFIX, Site

FROZEN_SECONDS = 12.0  # longer than a lease


@dataclass
class Faults:
    """``strike`` makes one more; ``made`` counts them by kind."""

    site: Site
    receivers: list[Receiver]
    chance: random.Random
    made: Counter[str] = field(default_factory=Counter)
    _deck: list[Callable[[], bool]] = field(default_factory=list)

    def strike(self) -> None:
        """The next fault of the deck; one that finds nothing to break makes way for the one after it."""
        for _try in range(20):
            if not self._deck:
                self._deck = [*self.kinds()]
                self.chance.shuffle(self._deck)
            fault = self._deck.pop()
            try:
                if fault():
                    self.made[fault.__name__] += 1
                    return
            except (redis.RedisError, *AWAY):
                continue  # what it would have broken is broken already

    def kinds(self) -> list[Callable[[], bool]]:
        return [
            self.worker_group_killed,
            self.worker_group_killed,
            self.worker_group_frozen,
            self.beat_killed,
            self.valkey_killed,
            self.valkey_wiped,
            self.postgres_killed,
            self.postgres_restarted,
            self.messages_duplicated,
            self.messages_reordered,
            self.messages_lost,
            self.receiver_slow,
            self.receiver_failing,
        ]

    def worker_group_killed(self) -> bool:
        group = self.chance.choice(self.site.workers())
        group.kill()
        self.site.later(self.chance.uniform(0, 1.5), group.start)
        return True

    def worker_group_frozen(self) -> bool:
        """Long enough to lose its leases; then it wakes up in the middle of its work."""
        group = self.chance.choice(self.site.workers())
        group.signal(signal.SIGSTOP)
        self.site.later(FROZEN_SECONDS, lambda: group.signal(signal.SIGCONT))
        return True

    def beat_killed(self) -> bool:
        beat = self.chance.choice(self.site.beats())
        beat.kill()
        self.site.later(self.chance.uniform(0, 3), beat.start)
        return True

    def valkey_killed(self) -> bool:
        return self._kill_valkey()

    def valkey_wiped(self) -> bool:
        return self._kill_valkey(wipe=True)

    def _kill_valkey(self, *, wipe: bool = False) -> bool:
        pid, folder = embedded.valkey_pid(), embedded.valkey_dir()
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        if wipe:
            for each in sorted(folder.rglob("*"), reverse=True):
                each.rmdir() if each.is_dir() else each.unlink()
        time.sleep(self.chance.uniform(0.1, 1.5))
        embedded.start()
        return True

    def postgres_killed(self) -> bool:
        return self._end_postgres(signal.SIGKILL)

    def postgres_restarted(self) -> bool:
        """SIGINT: a fast shutdown, which cuts every session off."""
        return self._end_postgres(signal.SIGINT)

    def _end_postgres(self, sign: signal.Signals) -> bool:
        pid = embedded.postgres_pid()
        if pid is None:
            return False
        os.kill(pid, sign)
        time.sleep(self.chance.uniform(0.1, 1.0))
        embedded.start()
        return True

    def messages_duplicated(self) -> bool:
        """Every waiting message once more, and messages of jobs that are done."""
        jobs = list(Job.objects.order_by("-id").values_list("pk", "kind")[:200])
        copies = self.chance.sample(jobs, min(30, len(jobs)))
        with _broker() as client:
            for queue in QUEUES:
                waiting = client.lrange(PREFIX + queue, 0, -1)
                if waiting:
                    client.lpush(PREFIX + queue, *waiting)
        return bool([publish(pk, kind) for pk, kind in copies])

    def messages_reordered(self) -> bool:
        moved = 0
        with _broker() as client:
            for queue in QUEUES:
                waiting = client.lrange(PREFIX + queue, 0, -1)
                if len(waiting) < 2:
                    continue
                self.chance.shuffle(waiting)
                with client.pipeline(transaction=True) as both:
                    both.delete(PREFIX + queue)
                    both.rpush(PREFIX + queue, *waiting)
                    both.execute()
                moved += len(waiting)
        return moved > 0

    def messages_lost(self) -> bool:
        with _broker() as client:
            return client.delete(*(PREFIX + queue for queue in QUEUES)) > 0

    def receiver_slow(self) -> bool:
        self.chance.choice(self.receivers).be_slow(self.chance.uniform(3, 8))
        return True

    def receiver_failing(self) -> bool:
        self.chance.choice(self.receivers).fail(self.chance.uniform(3, 8))
        return True
