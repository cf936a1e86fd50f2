"""The demo, loaded once by its command for all tests here, and taken back after them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from buendnisse import clock


@pytest.fixture(scope="package", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """What the command said."""
    with django_db_blocker.unblock(), transaction.atomic():
        told = io.StringIO()
        call_command("demo", "--json", stdout=told)
        yield json.loads(told.getvalue())
        transaction.set_rollback(True)
    clock.forget_shift()
