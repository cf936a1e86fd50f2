"""The demo's files: what nobody takes is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from buendnisse.config.demo import load, source
from buendnisse.models import Person
from tests.config.demo.emptying import empty_database

pytestmark = pytest.mark.django_db


def test_row_with_a_key_left_is_refused() -> None:
    with (
        pytest.raises(source.UnknownKeys, match="no place for \\['b'\\]"),
        source.consumed(source.Row({"a": 1, "b": 2}, name="row")) as row,
    ):
        row.take("a")


def test_row_that_contradicts_is_refused() -> None:
    with pytest.raises(source.Contradiction):
        source.Row({"a": 1}, name="row").expect("a", 2)


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("organisations", ["rules"]),
        ("organisations", ["organisations", 2, "tasks_taken_over_by", 0]),
        ("people", ["people", 0]),
        ("calendar", ["hints", 0]),
        ("meetings", ["papers", 0]),
        ("meetings", ["meetings", 19, "minutes"]),
    ],
)
def test_unknown_key_in_a_file_is_refused(
    file: str, place: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_database()
    for path in source.FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    data = source.read(file)
    node = data
    for step in place:
        node = node[step]
    node["unheard_of"] = "something"
    (tmp_path / f"{file}.yaml").write_text(json.dumps(data), encoding="utf-8")  # JSON is YAML
    monkeypatch.setattr(source, "FOLDER", tmp_path)

    with pytest.raises(source.UnknownKeys, match="unheard_of"):
        load.load()

    assert Person.objects.count() == 0
