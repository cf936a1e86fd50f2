"""How integration proceeds in the demo's district."""

from __future__ import annotations

from buendnisse.config.demo.source import file
from buendnisse.config.demo.stage import TODAY, Stage
from buendnisse.models import ProcessStage


def load(stage: Stage) -> None:
    """Read process.yaml. Whom to ask follows from the topics."""
    with file("process") as row:
        row.expect("reference_date", TODAY.isoformat())
        for position, entry in enumerate(row.rows("stages"), start=1):
            one = ProcessStage.objects.create(
                name=entry.text("name"),
                text=entry.text("text"),
                offers="\n".join(entry.words("offers")),
                position=position,
            )
            one.topics.set(stage.topics[name].pk for name in entry.words("topics"))
            bodies = [stage.alliances[name].pk for name in entry.words("alliances")]
            one.bodies.set([*bodies, *(stage.units[name].pk for name in entry.words("units"))])
