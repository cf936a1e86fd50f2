"""The test database: a copy of one that is built from the migrations only when they have changed.

Running all migrations takes half a minute of work, copying what they make takes milliseconds. The template is a file in
`build/test/` for SQLite, and a database of its own beside the test databases for PostgreSQL. Processes that start
together wait for the one that builds it. `--create-db` builds it anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

#: Names the lock under which a template is built and copied; PostgreSQL has no names for them, only numbers.
_LOCK = 20_261_126


@contextmanager
def copied(*, anew: bool) -> Iterator[None]:
    """A test database for this process, as the migrations leave it; taken away afterwards."""
    before = connection.settings_dict["NAME"]
    target = connection.creation._get_test_db_name()
    copy = _copied_file if connection.vendor == "sqlite" else _copied_database
    copy(target, anew=anew)
    _connect_to(target)
    yield
    connection.creation.destroy_test_db(before, verbosity=0)


def _copied_file(target: Path, *, anew: bool) -> None:
    folder = settings.BUILD_DIR / "test"
    folder.mkdir(parents=True, exist_ok=True)
    template = folder / f"database-{_state_of_code()}.sqlite3"
    with (folder / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if anew or not template.exists():
            _migrate(target)
            for old in folder.glob("database-*.sqlite3"):
                old.unlink()
            shutil.copyfile(target, folder / "database-half.sqlite3")
            (folder / "database-half.sqlite3").rename(template)
        else:
            shutil.copyfile(template, target)


def _copied_database(target: str, *, anew: bool) -> None:
    quote, state = connection.ops.quote_name, _state_of_code()
    template = f"test_{connection.settings_dict['NAME']}_template"
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [template])
        if anew or cursor.fetchone() != (state,):
            _migrate(template)
            # Said last: what was interrupted is not taken for a template.
            cursor.execute(f"COMMENT ON DATABASE {quote(template)} IS '{state}'")
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(target)}")
        cursor.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(template)}")


def _migrate(name: Any) -> None:
    """Build the database of this name from nothing, and leave it."""
    before, intended = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.settings_dict["TEST"]["NAME"] = intended
        _connect_to(before)


def _connect_to(name: Any) -> None:
    # The last connection that closes also brings SQLite's journal into the file.
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _state_of_code() -> str:
    """Changes with what a migrated database depends on: migrations, and our models, of which rights and types are noted."""
    told = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        ours = Path(app.path).is_relative_to(settings.BASE_DIR) and ".venv" not in app.path
        told.update(app.name.encode())
        for folder in ("migrations", "models") if ours else ("migrations",):
            for path in sorted((Path(app.path) / folder).rglob("*.py")):
                told.update(str(path.relative_to(app.path)).encode() + path.read_bytes())
    return told.hexdigest()[:20]
