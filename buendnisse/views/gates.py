"""Gates with a name, for views that share one."""

from __future__ import annotations

from buendnisse import permissions
from buendnisse.views.gate import only

#: Planning, agenda, attendance, minutes, relays: the Fachstelle.
moderator = only(permissions.may_moderate)
