from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

from buendnisse.config.fonts import STYLES, FontsMissing, convert


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A package as npm delivers it: woff2 in a folder of its own, more styles than we need."""
    folder = tmp_path / "package" / "fira-sans"
    folder.mkdir(parents=True)
    with TTFont(Path(settings.FONT_DIR) / "FiraSans-Regular.ttf") as font:
        subsetter = Subsetter()
        subsetter.populate(text="Grüße")
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(folder / "FiraSans-Thin.woff2")
    for style in STYLES:
        shutil.copyfile(folder / "FiraSans-Thin.woff2", folder / f"FiraSans-{style}.woff2")
    return folder.parent


def test_fonts_are_converted_once_and_again_when_the_source_is_newer(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "fonts"

    assert convert(source, target) == 5
    assert convert(source, target) == 0
    assert sorted(path.name for path in target.iterdir()) == sorted(f"FiraSans-{style}.ttf" for style in STYLES)
    assert {path.read_bytes()[:4] for path in target.iterdir()} == {b"\x00\x01\x00\x00"}

    later = (target / "FiraSans-Bold.ttf").stat().st_mtime + 10
    os.utime(source / "fira-sans" / "FiraSans-Bold.woff2", (later, later))
    assert convert(source, target) == 1


def test_missing_style_is_refused(source: Path, tmp_path: Path) -> None:
    (source / "fira-sans" / "FiraSans-Medium.woff2").unlink()

    with pytest.raises(FontsMissing) as refusal:
        convert(source, tmp_path / "fonts")

    assert str(refusal.value) == f"{source}: no FiraSans-Medium (woff2)"
    assert not (tmp_path / "fonts").exists()
