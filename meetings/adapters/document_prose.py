"""Marked-up text as the blocks of a document."""

from __future__ import annotations

from buendnisse import marked
from buendnisse.marked import Runs
from meetings.adapters import document_data as shape


def of(text: str) -> list[shape.Block]:
    """The text as blocks; nothing for an empty one."""
    return [_block(block) for block in marked.blocks(text)]


def _block(block: marked.Block) -> shape.Block:
    match block.kind:
        case "list":
            return {"kind": "list", "points": [_runs(line) for line in block.lines]}
        case "numbers":
            return {"kind": "numbers", "points": [_runs(line) for line in block.lines]}
        case "heading":
            return {"kind": "heading", "run": _runs(block.runs)}
    return {"kind": "paragraph", "run": _runs(block.runs)}


def _runs(line: Runs) -> list[str | shape.Run]:
    found: list[str | shape.Run] = []
    for run in line:
        text = run.text.replace("\n", " ")
        if not run.bold and not run.link:
            found.append(text)
        elif run.link:
            found.append({"t": text, "bold": run.bold, "link": run.link})
        else:
            found.append({"t": text, "bold": True})
    return found
