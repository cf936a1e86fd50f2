"""Bringing an empty or older database up to date, and refusing one that a newer version has changed."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class NewerDatabase(Exception):
    """The database was changed by a newer version of this software."""


def pending() -> list[str]:
    """Names of the migrations still to apply, in order; raises NewerDatabase when there is one we do not know."""
    executor = MigrationExecutor(connection)
    ours = executor.loader.migrated_apps
    unknown = sorted(
        f"{app}.{name}"
        for app, name in set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
        if app in ours and (app, name) not in _replaced(executor)
    )
    if unknown:
        raise NewerDatabase(
            f"Die Datenbank gehört zu einer neueren Version (unbekannt: {unknown[0]}). Aktualisieren Sie das Programm."
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def bring_up_to_date() -> int:
    """Migrate if anything is pending; returns how many migrations were applied."""
    names = pending()
    if names:
        call_command("migrate", interactive=False, verbosity=0)
    return len(names)


def _replaced(executor: MigrationExecutor) -> set[tuple[str, str]]:
    """Migrations that a squashed one stands for."""
    return {old for migration in executor.loader.disk_migrations.values() for old in migration.replaces}
