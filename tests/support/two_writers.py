"""Two people at once, on a database that lets both in: each in a transaction that stays open while the other goes on."""

from __future__ import annotations

import contextlib
import threading
import traceback
from collections.abc import Callable

from django.db import connections, transaction

#: The first holds its transaction open so long, or until the other is through; s.
OVERLAP = 0.3


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run them in transactions that overlap; the names of what they raised, "" where they went through."""
    raised, meet = [""] * len(acts), threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                act()
                with contextlib.suppress(threading.BrokenBarrierError):
                    meet.wait(OVERLAP)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test compares it
            traceback.print_exc()  # shown where the test fails
            raised[place] = type(error).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return raised
