"""Style sheets do not get in each other's way."""

from __future__ import annotations

import re
from collections import defaultdict

from django.conf import settings

_BLOCK = re.compile(r"^\.([a-z][\w-]*) \{", re.MULTILINE)


def test_each_class_is_laid_out_in_one_style_sheet() -> None:
    """A second one of the same name changes pages nobody looked at. What is printed may differ."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for sheet in (settings.BASE_DIR / "static" / "css").glob("*.css"):
        if sheet.name != "print.css":
            for name in _BLOCK.findall(sheet.read_text(encoding="utf-8")):
                found[name].add(sheet.name)

    assert found
    assert {name: sheets for name, sheets in found.items() if len(sheets) > 1} == {}
