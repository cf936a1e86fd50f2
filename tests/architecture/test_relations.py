"""What import-linter cannot see: relations given as strings, clocks read in passing, HTTP in the domain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

HOUSES = ("buendnisse", "meetings", "notifications")  # from the ground up
CLOCKS = {"now", "utcnow", "today"}


def _sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def _own_models() -> list[type]:
    return [model for model in apps.get_models() if model._meta.app_label in HOUSES]


@pytest.mark.parametrize("model", _own_models(), ids=lambda model: model._meta.label)
def test_relations_point_sideways_or_down(model: type) -> None:
    floor = HOUSES.index(model._meta.app_label)

    climbing = [
        field.name
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and field.related_model._meta.app_label in HOUSES
        and HOUSES.index(field.related_model._meta.app_label) > floor
    ]

    assert climbing == []


@pytest.mark.parametrize("model", _own_models(), ids=lambda model: model._meta.label)
def test_no_moment_is_set_behind_our_back(model: type) -> None:
    automatic = [
        field.name
        for field in model._meta.get_fields()
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]

    assert automatic == []


def test_only_the_clock_reads_the_clock() -> None:
    readers = sorted(
        f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}"
        for path in _sources(*HOUSES)
        if path != settings.BASE_DIR / "buendnisse" / "clock.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _reads_a_clock(node)
    )

    assert readers == []


def _reads_a_clock(node: ast.AST) -> bool:
    """`datetime.now`, `dt.datetime.now`, `date.today`, `timezone.now`, `time.time`, whether called or handed on."""
    if not isinstance(node, ast.Attribute):
        return False
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return (owner in {"datetime", "date", "timezone"} and node.attr in CLOCKS) or (owner, node.attr) == ("time", "time")


def test_the_domain_knows_no_requests() -> None:
    users = sorted(
        str(path.relative_to(settings.BASE_DIR))
        for path in _sources(*(f"{house}/domain" for house in HOUSES))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("django.http", "django.shortcuts"))
    )

    assert users == []
