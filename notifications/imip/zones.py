"""The one time zone of a district: Europe/Berlin, as a VTIMEZONE that every client reads.

Static on purpose. The block icalendar generates has RDATE lists and several STANDARD parts, and Exchange
reads only one of each (MS-OXCICAL 2.1.3.1.1.19.2). Valid for moments since 1996, when the rule began.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

TZID = "Europe/Berlin"
BERLIN = ZoneInfo(TZID)

# RFC 5545 section 3.6.5: TZOFFSETFROM, TZOFFSETTO and DTSTART are required in every part.
VTIMEZONE = "\r\n".join(
    (
        "BEGIN:VTIMEZONE",
        f"TZID:{TZID}",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    )
).encode()


def local(moment: datetime) -> datetime | None:
    """The aware `moment` as Europe/Berlin time, or None if a TZID value cannot say it.

    In the hour that comes twice in October a local time means its first occurrence
    (RFC 5545 section 3.3.5); the second one can only be written in UTC.
    """
    there = moment.astimezone(BERLIN)
    return None if there.fold else there
