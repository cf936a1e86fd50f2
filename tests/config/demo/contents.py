"""What the demo's files tell, and what the database holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps

from buendnisse.config.demo import source

FILES = {name: source.read(name) for name in ("organisations", "people", "meetings")}
MEETINGS = FILES["meetings"]["meetings"]


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours."""
    return {
        model._meta.label: sorted(model._default_manager.values_list(), key=repr)
        for house in ("buendnisse", "meetings", "notifications")
        for model in apps.get_app_config(house).get_models(include_auto_created=True)
    }


def stored_texts() -> set[str]:
    """Every text in those rows, also inside JSON; of lists that are kept one a line, each line too."""
    return {
        line
        for rows in everything().values()
        for row in rows
        for value in row
        if isinstance(value, str | list | dict)
        for text in strings(value)
        for line in (text, *text.splitlines())
    }


def strings(node: object) -> Iterator[str]:
    """Every text in a file's data."""
    if isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
    elif isinstance(node, str):
        yield node
