"""Feed articles to a whole site while its parts are killed, then check that nothing was lost or done twice.

    python -m bench.chaos [--articles 200] [--seconds 120] [--quiet-seconds 300] [--seed N] [--keep]

Real workers in process groups of their own, two beats, PostgreSQL and Valkey on temporary data, receivers of
webhooks on loopback. Simulated people take, submit, approve, return, publish and correct by the real actions
all the while, and articles change. The day begins calm, until something is published; then come the faults.
After the given seconds they end; when everything is quiet, every invariant is checked. JSON on standard
output; exit code 1 when anything does not hold.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.chaos_run import site as sites
from bench.chaos_run.receivers import Receiver

RECEIVERS = ("harbour", "hill", "valley")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--quiet-seconds", type=float, default=300, help="how long to wait for quiet")
    parser.add_argument("--seed", type=int, default=None, help="repeat the order of the faults")
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    options = parser.parse_args(arguments)
    if options.articles < 1 or options.seconds <= 0:
        parser.error("--articles and --seconds: give numbers above 0")
    with ExitStack() as stack:
        receivers = [stack.enter_context(Receiver(name)) for name in RECEIVERS]
        folder = sites.prepare(",".join(f"127.0.0.1:{receiver.port}" for receiver in receivers))
        try:
            sites.start_services()
            result = run(options, receivers, folder)
        finally:
            if options.keep:
                sys.stderr.write(f"logs and data are in {folder}\n")
            else:
                sites.remove(folder)
    print(json.dumps(result, indent=2))
    return 1 if result["violations"] else 0


def run(options: argparse.Namespace, receivers: list[Receiver], folder: Path) -> dict[str, Any]:
    """The whole run; the JSON's content."""
    from bench.chaos_run.faults import Faults
    from bench.chaos_run.feeding import Feeder
    from bench.chaos_run.people import Journal

    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    desk, people, journal = set_up(receivers, Journal(), seed)
    site = sites.Site.start(folder, many=options.articles >= 50)
    faults = Faults(site, receivers, random.Random(seed))
    feeder = Feeder(options.articles, seconds=options.seconds * 0.8, desk=desk)
    began = time.monotonic()
    try:
        site.wait_until_ready()
        for thread in (feeder, *people):
            thread.start()
        wait_for_a_publication(seconds=60)
        ready = time.monotonic()
        cause_faults(faults, seconds=options.seconds, most=max(12, round(options.seconds / 3)))
        faults_ended = time.monotonic()
        site.mend()
        for receiver in receivers:
            receiver.recover()
        feeder.hurry.set()
        for person in people:
            person.home_time.set()
        for thread in (feeder, *people):
            thread.join(timeout=60)
        quiet = wait_for_quiet(options.quiet_seconds)
        ended = time.monotonic()
    finally:
        site.stop()
    return {
        **report(options.articles, journal, receivers, is_quiet=quiet),
        "faults_total": faults.made.total(),
        "faults": dict(faults.made.most_common()),
        "seed": seed,
        "seconds": {
            "to_start": round(ready - began, 1),
            "of_faults": round(faults_ended - ready, 1),
            "to_quiet": round(ended - faults_ended, 1),
        },
    }


def set_up(receivers: list[Receiver], journal: Any, seed: int) -> tuple[Any, list[Any], Any]:
    """The newsroom, a partner with an endpoint at each receiver, and people."""
    from bench.chaos_run.people import Checker, Editor, Newsdesk, make_people
    from claimtracker.accounts.access import default_desk
    from claimtracker.partners.actions import create_endpoint
    from claimtracker.partners.models import Partner
    from claimtracker.web.demo.newsroom import set_up_newsroom

    set_up_newsroom()
    partner = Partner.objects.create(slug="chaos", name="Chaos", desk=default_desk())
    for receiver in receivers:
        receiver.secret = create_endpoint(partner, url=receiver.url, by="system").secret
    checkers, editors = make_people()
    people = [
        *(Checker(user, journal, seed + number) for number, user in enumerate(checkers)),
        *(Editor(user, journal, seed - number - 1) for number, user in enumerate(editors)),
        Newsdesk(checkers[0], journal, seed + 99, each_seconds=2.5),
    ]
    return default_desk(), people, journal


def cause_faults(faults: Any, *, seconds: float, most: int) -> None:
    """``most`` faults at random moments within ``seconds``; one that lasts pushes the next ones on."""
    began = time.monotonic()
    moments = sorted(faults.chance.uniform(0, seconds) for _ in range(most))
    for moment in moments:
        time.sleep(max(0.0, began + moment - time.monotonic()))
        if time.monotonic() - began > seconds:
            break
        faults.strike()
    time.sleep(max(0.0, began + seconds - time.monotonic()))


def wait_for_a_publication(seconds: float) -> None:
    """Or until the time is over: the report then says that nothing was published."""
    from reviews.models import Publication

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not Publication.objects.exists():
        time.sleep(0.2)


def wait_for_quiet(seconds: float) -> bool:
    """Until no job is unfinished, twice in a row. False when that takes too long."""
    from django.db import connection

    from bench.chaos_run.invariants import unfinished
    from claimtracker.jobs.causes import AWAY

    deadline, quiet = time.monotonic() + seconds, 0
    while quiet < 2 and time.monotonic() < deadline:
        time.sleep(0.5)
        try:
            quiet = 0 if unfinished().exists() else quiet + 1
        except AWAY:
            connection.close()
    return quiet >= 2


def report(articles: int, journal: Any, receivers: list[Receiver], *, is_quiet: bool) -> dict[str, Any]:
    from django.db.models import Count

    from bench.chaos_run import invariants
    from claims.models import Anchoring, ArticleVersion, Claim
    from claimtracker.partners.models import Delivery
    from reviews.models import Publication

    found = invariants.violations(articles, journal, receivers)
    published = Publication.objects.count()
    if not is_quiet:
        found.append((invariants.BROKEN, "it did not become quiet"))
    if not published:
        found.append((invariants.BROKEN, "nothing was published, so deliveries were not tried"))
    return {
        "articles": articles,
        "lost": sum(kind == invariants.LOST for kind, _ in found),
        "doubled": sum(kind == invariants.DOUBLED for kind, _ in found),
        "violations": [f"{kind}: {sentence}" for kind, sentence in found],
        "versions": ArticleVersion.objects.filter(number__gt=1).count(),
        "fates": dict(Anchoring.objects.values_list("fate").annotate(Count("pk")).order_by("fate")),
        "claims": Claim.objects.count(),
        "published": published,
        "corrected": Publication.objects.filter(number__gt=1).count(),
        "deliveries": Delivery.objects.count(),
        "superseded": Delivery.objects.filter(state="superseded").count(),
        "messages_seen": sum(len(receiver.seen) for receiver in receivers),
        "people": {
            "told": journal.counts(),
            "answers_lost": dict(journal.unknown),
            "refused": dict(journal.refused),
        },
    }


if __name__ == "__main__":
    sys.exit(main())
