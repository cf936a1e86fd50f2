"""What is true of the whole installation: whose it is, and whether it is a demo. And the counters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """One row. The operator's facts fill footer, Impressum, Datenschutz and the accessibility statement."""

    district = models.CharField(max_length=120, default="")
    office_name = models.CharField(max_length=120, default="Fachstelle Integration")
    office_phone = models.CharField(max_length=40, default="")
    office_hours = models.CharField(max_length=120, default="")
    office_address = models.CharField(max_length=200, default="")
    writer = models.ForeignKey(
        "buendnisse.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose name stands under mails",
    )
    facts = models.JSONField(default=dict, blank=True, help_text="Texts of the legal pages, by key")
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    clock_shift_seconds = models.BigIntegerField(default=0)
    test_address = models.EmailField(blank=True, help_text="While there is one, all mail goes there and nowhere else")
    mail_paused_at = models.DateTimeField(
        null=True, blank=True, help_text="While set, nothing but sign-in codes leaves"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="installation_one_row"),
            models.CheckConstraint(
                condition=Q(is_demo=True) | Q(clock_shift_seconds=0),
                name="installation_only_a_demo_shifts",
            ),
        ]

    def __str__(self) -> str:
        return self.district


class DemoRole(models.Model):
    """Somebody a visitor of the demo may be. Empty anywhere else."""

    code = models.CharField(max_length=20)
    person = models.ForeignKey("buendnisse.Person", models.CASCADE, related_name="demo_roles")
    label = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(unique=True)

    def __str__(self) -> str:
        return self.label


class Counter(models.Model):
    """The last number given under a name (`decision:B:2026`). Taken in the transaction that uses it."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
