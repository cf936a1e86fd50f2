"""What an organizer's next message about a copy must carry.

RFC 5546 section 2.1.4: SEQUENCE is the revision number of one calendar copy. Only the organizer raises it, it never
falls, and it is counted for each copy by itself, because a member who was uninvited has heard one message more.
"""

from .compose import Method
from .event import Event, Partstat


def is_material(old: Event, new: Event) -> bool:
    """Whether the change asks for a new answer: another DTSTART, DTEND, LOCATION or STATUS.

    RFC 5546 section 2.1.4 names DTSTART, DTEND and STATUS; LOCATION is added as Thunderbird does, since another
    town is another question. Wording, link and names are corrections: same SEQUENCE, newer DTSTAMP.
    """
    return _asked(old) != _asked(new)


def _asked(event: Event) -> tuple[object, ...]:
    return event.start, event.end, event.location.split(), event.status


def next_sequence(last: int | None, *, method: Method, last_method: Method = "REQUEST", material: bool = False) -> int:
    """The SEQUENCE of the next message of one copy; `last` is the one last sent, None if nothing was.

    First message 0. A CANCEL is always one more (RFC 5546 section 2.1.4), and so is a REQUEST after a CANCEL, or
    clients would take it for older. A REQUEST after a REQUEST is one more only if `is_material`.
    """
    if last is None:
        return 0
    raised = method == "CANCEL" or last_method == "CANCEL" or material
    return last + 1 if raised else last


def next_partstat(answer: Partstat, *, answered_sequence: int | None, sequence: int) -> Partstat:
    """The PARTSTAT a REQUEST with `sequence` carries to one whose stored answer is `answer`.

    An answer to this very revision is sent back, so that an update does not wipe it out (RFC 5546 sections 3.2.2.2
    and 3.2.2.7). An answer to an earlier one was for another date: NEEDS-ACTION, as is no answer at all (None).
    """
    if answered_sequence is None or answered_sequence < sequence:
        return "NEEDS-ACTION"
    return answer
