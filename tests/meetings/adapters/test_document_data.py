"""The shapes and the templates must not drift apart: a key that only one side knows would vanish from a document."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, is_typeddict

import pytest
from django.conf import settings

from meetings.adapters import document_data
from tests.buendnisse.adapters import documents

FIELDS = {
    name
    for shape in vars(document_data).values()
    if is_typeddict(shape)
    for name in shape.__required_keys__ | shape.__optional_keys__
}


def keys_in(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(keys_in, value))
    return set()


@pytest.mark.parametrize(
    ("shape", "make"),
    [
        (document_data.AgendaDocument, documents.agenda),
        (document_data.MinutesDocument, documents.minutes),
        (document_data.PathDocument, documents.path),
    ],
)
def test_sample_has_the_shape(shape: Any, make: Callable[[], dict[str, Any]]) -> None:
    sample = make()

    assert shape.__required_keys__ - sample.keys() == set()
    assert sample.keys() - shape.__required_keys__ - shape.__optional_keys__ == set()
    assert keys_in(sample) - FIELDS == set()


def test_templates_use_every_field_of_the_shapes() -> None:
    folder = settings.BASE_DIR / "templates" / "documents"
    lines = [line for path in folder.glob("*.typ") for line in path.read_text(encoding="utf-8").splitlines()]
    code = "\n".join(line for line in lines if not line.startswith("//"))

    assert sorted(name for name in FIELDS if not re.search(rf'(\.|"){name}\b', code)) == []
