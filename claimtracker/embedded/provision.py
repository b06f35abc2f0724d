"""The SQL that makes roles, extensions and the main database. It may run any number of times."""

EXTENSIONS = ("pg_trgm", "unaccent", "vector")
DATABASE = "claimtracker"
OWNER = "claimtracker_owner"
APP = "claimtracker_app"


def provision_sql(*, owner_password: str | None = None, app_password: str | None = None) -> str:
    """A psql script for the superuser, connected to template1.

    Without passwords the roles can only come in through the private socket. Raises ValueError for a
    password with a quote or a backslash.
    """
    extensions = "\n".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS)
    return f"""\
SET client_min_messages = warning;
{_role(OWNER, "CREATEDB", owner_password)}
{_role(APP, "NOCREATEDB", app_password)}
-- Django's flush between tests has to step around the triggers that protect append-only tables.
GRANT SET ON PARAMETER session_replication_role TO {OWNER};
-- In template1, so that test databases, which the owner makes, have the extensions too.
{extensions}
\\connect postgres
SET client_min_messages = warning;
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template1'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
GRANT CONNECT ON DATABASE {DATABASE} TO {APP};
\\connect {DATABASE}
SET client_min_messages = warning;
{extensions}
REVOKE CREATE ON SCHEMA public FROM PUBLIC, {APP};
GRANT USAGE ON SCHEMA public TO {APP};
"""  # noqa: S608 - fixed names only


def _role(name: str, createdb: str, password: str | None) -> str:
    if password is not None and set(password) & set("'\\"):
        raise ValueError("a password here may hold neither a quote nor a backslash")
    secret = "NULL" if password is None else f"'{password}'"
    return f"""\
SELECT 'CREATE ROLE {name}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec
ALTER ROLE {name} LOGIN {createdb} NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {secret};"""  # noqa: S608 - fixed names, a checked password
