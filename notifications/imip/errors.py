"""What may be raised while bytes of a stranger are read."""

import re
import struct
from email.errors import MessageError

#: Every kind of error readers raise. A bare Exception is none: with one a worker's task is told that its time is up, and
#: that must not be taken for the mail's fault.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MessageError,
    OSError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
    re.error,
    struct.error,
)
