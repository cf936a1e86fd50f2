"""Doorbells of this house. They carry the number of a row and nothing else."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from buendnisse import clock
from meetings.adapters import folder_pdf, paper_text


@shared_task(name="meetings.tasks.make_folder")
def make_folder(number: int, **_kwargs: Any) -> None:
    """Make one Sitzungsmappe. Rung twice, the second finds nothing to do."""
    folder_pdf.make(number, at=clock.now())


@shared_task(name="meetings.tasks.read_paper")
def read_paper(number: int, **_kwargs: Any) -> None:
    """Read one paper for the search. Rung twice, the second finds nothing to do."""
    paper_text.read(number, at=clock.now())
