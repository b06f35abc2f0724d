"""The servers that stand for a production site's are what they claim to be."""

from pathlib import Path

import psycopg
import pytest
import redis
from psycopg import errors
from redis.backoff import NoBackoff
from redis.retry import Retry

from claimtracker.embedded.ports import port_taken
from claimtracker.embedded.provision import EXTENSIONS
from tests.support.external_services import HOST, ExternalServices


def test_both_ask_for_passwords_and_end_with_the_block() -> None:
    with ExternalServices() as site:
        for url, user in (
            (site.database_url, "claimtracker_app"),
            (site.database_owner_url, "claimtracker_owner"),
        ):
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT current_user::text").fetchone() == (user,)
                assert connection.execute("SELECT inet_server_port()").fetchone() == (site.postgres_port,)
                assert {row[0] for row in connection.execute("SELECT extname FROM pg_extension")} >= set(
                    EXTENSIONS
                )
        with (
            psycopg.connect(site.database_url) as connection,
            pytest.raises(errors.InsufficientPrivilege),
        ):
            connection.execute("CREATE TABLE mine (id int)")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(site.database_url.replace("claimtracker_app:", "claimtracker_app:x"))
        queue = redis.Redis.from_url(site.redis_url)
        assert queue.ping()
        assert "redis_version" in queue.info()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(HOST, site.redis_port, retry=Retry(NoBackoff(), 0)).ping()
        assert set(site.environ) == {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}
        ports, folder = (site.postgres_port, site.redis_port), site._folder
    assert not any(port_taken(port) for port in ports)
    assert not Path(folder).exists()
