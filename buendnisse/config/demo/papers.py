"""Papers and their versions, each with a real small file."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from buendnisse import german
from buendnisse.adapters import typesetting
from buendnisse.config.demo.source import Contradiction, Row
from buendnisse.config.demo.stage import Stage, link, slug
from buendnisse.models import Paper, PaperVersion

_PDF, _TEXT = "application/pdf", "text/plain; charset=utf-8"
_KINDS = {
    "analyse": "Analyse",
    "konzept": "Konzept",
    "geschaeftsordnung": "Geschäftsordnung",
    "faltblatt": "Faltblatt",
    "arbeitsprogramm": "Arbeitsprogramm",
    "wegweiser": "Wegweiser",
    "sitzungsunterlage": "Sitzungsunterlage",
}


def load(stage: Stage, row: Row) -> None:
    """Read the papers; which item has which paper is told by the items."""
    bodies: list[tuple[str, str]] = []
    for entry in row.rows("papers"):
        identifier = entry.text("id")
        stage.papers[identifier] = paper = Paper(
            slug=slug(identifier),
            title=entry.text("title"),
            kind=_KINDS[entry.text("kind")],
            is_standing=entry.flag("standing"),
            organisation=stage.organisations[entry.text("organisation")],
            dated=entry.day("date"),
            is_late=entry.flag("late"),
            abstract=entry.text("abstract"),
        )
        bodies += [(identifier, alliance) for alliance in entry.words("alliances")]
        if entry.has("agenda_item"):
            stage.paper_homes[identifier] = (entry.text("meeting"), entry.text("agenda_item"))
        versions = [
            PaperVersion(
                paper=paper, number=version.take("number"), dated=version.day("date"), note=version.text("note")
            )
            for version in entry.rows("versions")
        ]
        stage.paper_versions += versions or [PaperVersion(paper=paper, number=1, dated=paper.dated)]
    Paper.objects.bulk_create(stage.papers.values())
    link(
        Paper.bodies.through,
        [(stage.papers[paper], stage.alliances[alliance]) for paper, alliance in bodies],
    )


def check_homes(stage: Stage) -> None:
    """The item a paper was written for is the first that has it."""
    for identifier, (meeting, item) in stage.paper_homes.items():
        having = [name for name, papers in stage.item_papers.items() if identifier in papers]
        if having[:1] != [item] or stage.items[item].meeting != stage.meetings[meeting]:
            raise Contradiction(f"{identifier}: written for {item}, found in {having}")


def write_files(stage: Stage, *, written: list[str]) -> None:
    """Write each version's file and its row. Names go into `written` at once, so that a failed load can clean up."""
    for version in stage.paper_versions:
        content, version.content_type, ending = _content(version)
        version.file_name = f"{version.paper.slug}-fassung-{version.number}.{ending}"
        version.size = len(content)
        version.stored_as = default_storage.save(version.stored_as, ContentFile(content))
        written.append(version.stored_as)
    PaperVersion.objects.bulk_create(stage.paper_versions)


def remove_files(written: list[str]) -> None:
    for name in written:
        default_storage.delete(name)


def _content(version: PaperVersion) -> tuple[bytes, str, str]:
    """A PDF; plain text where the fonts for documents are not set up."""
    paper = version.paper
    facts = [
        ("Von", paper.organisation.name if paper.organisation else ""),
        ("Stand", german.day(version.dated)),
        ("Fassung", f"{version.number}{f': {version.note}' if version.note else ''}"),
    ]
    try:
        pdf = typesetting.typeset(
            "paper",
            {
                "meta": {
                    "title": paper.title,
                    "running_head": paper.title,
                    "author": facts[0][1],
                    "date": version.dated.isoformat(),
                },
                "letterhead": {"name": "Landkreis Haseland", "office": facts[0][1]},
                "body_line": paper.kind,
                "title": paper.title,
                "facts": facts,
                "text": paper.abstract,
            },
        )
    except typesetting.TypesettingFailed:
        lines = [paper.title, "", *(f"{word}: {value}" for word, value in facts), "", paper.abstract, ""]
        return "\n".join(lines).encode(), _TEXT, "txt"
    return pdf, _PDF, "pdf"
