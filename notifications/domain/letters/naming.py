"""Several bodies in one line."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from buendnisse import german
from buendnisse.models import Body

_ALLIANCE = "Arbeitsbündnis "


def in_full(bodies: Sequence[Body]) -> str:
    """ "Arbeitsbündnis Bildung", "Arbeitsbündnisse Bildung und Arbeit"; others by their own names."""
    if len(bodies) > 1 and all_alliances(bodies):
        return _("Arbeitsbündnisse %s") % german.listing([body.word for body in bodies])
    return german.listing([body.name for body in bodies])


def all_alliances(bodies: Sequence[Body]) -> bool:
    """Whether one word holds for all of them."""
    return all(body.name.startswith(_ALLIANCE) for body in bodies)


def member_of(bodies: Sequence[Body]) -> str:
    """ "Sie sind Mitglied in den Arbeitsbündnissen Bildung und Arbeit." """
    words = german.listing([body.word for body in bodies])
    if all_alliances(bodies):
        return _("Sie sind Mitglied in den Arbeitsbündnissen %s.") % words
    return _("Sie sind Mitglied in mehreren Gremien: %s.") % words


def inside(bodies: Sequence[Body]) -> str:
    """ "im Arbeitsbündnis Bildung", "in den Arbeitsbündnissen Bildung und Arbeit", "in mehreren Gremien (…)"."""
    words = german.listing([body.word for body in bodies])
    if len(bodies) == 1:
        return _("im %s") % bodies[0].named if all_alliances(bodies) else _("in „%s“") % bodies[0].name
    return (_("in den Arbeitsbündnissen %s") if all_alliances(bodies) else _("in mehreren Gremien (%s)")) % words
