"""The rules of reminders, for the Fachstelle."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buendnisse import clock
from buendnisse.http import PersonRequest
from buendnisse.views.gate import moderator
from meetings.domain import reminder_rules
from meetings.forms.reminder_rules import ReminderRulesForm


@moderator
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: PersonRequest) -> HttpResponse:
    """Look at them, and keep others."""
    form, status = ReminderRulesForm.of(reminder_rules.stored(), request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            reminder_rules.change(form.wanted, version=version, by=request.user, at=clock.now())
            messages.success(request, _("Die Regeln sind gespeichert. Sie gelten ab der nächsten Erinnerung."))
            return redirect("meetings:reminder_rules")
        except reminder_rules.RulesRefused as refused:
            form.add_error(refused.field or None, str(refused))
            if not refused.field:
                form.show_current(reminder_rules.stored())
                status = 409
    return render(request, "meetings/reminder_rules.html", {"form": form}, status=status)
