"""Reports that come back about our mail: what they say, and about which message. Pure: no Django, no database."""

from .parse import read
from .report import Kind, Report

__all__ = ["Kind", "Report", "read"]
