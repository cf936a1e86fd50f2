"""libical as a second opinion on what we write: another implementation, with the tables of RFC 5546 built in.

For outbound messages only: it refuses the ORGANIZER-less replies of Exchange, which are fine with us.
"""

import ctypes
import functools

MISSING = "libical 3 is not installed (Debian: libical3)"


@functools.cache
def library() -> ctypes.CDLL | None:
    """The loaded library, or None if this machine has none."""
    for name in ("libical.so.3", "libical.so"):
        try:
            found = ctypes.CDLL(name)
        except OSError:
            continue
        found.icalparser_parse_string.argtypes = [ctypes.c_char_p]
        found.icalparser_parse_string.restype = ctypes.c_void_p
        found.icalrestriction_check.argtypes = [ctypes.c_void_p]
        found.icalcomponent_as_ical_string.argtypes = [ctypes.c_void_p]
        found.icalcomponent_as_ical_string.restype = ctypes.c_char_p
        found.icalcomponent_free.argtypes = [ctypes.c_void_p]
        # A fault must come back as text; by default some builds abort the process.
        if hasattr(found, "icalerror_set_errors_are_fatal"):
            found.icalerror_set_errors_are_fatal(0)
        return found
    return None


def faults(calendar: bytes) -> list[str]:
    """What libical objects to, empty if nothing. Raises LookupError if libical is missing."""
    ical = library()
    if ical is None:
        raise LookupError(MISSING)
    component = ical.icalparser_parse_string(calendar)
    if not component:
        return ["cannot be parsed"]
    try:
        holds = ical.icalrestriction_check(component)
        # libical writes its complaints into the component, as X-LIC-ERROR properties.
        written = ical.icalcomponent_as_ical_string(component).decode("utf-8", "replace")
    finally:
        ical.icalcomponent_free(component)
    lines = written.replace("\r\n ", "").split("\r\n")
    complaints = [line for line in lines if line.startswith("X-LIC-ERROR")]
    return complaints or ([] if holds else ["restriction check failed"])
