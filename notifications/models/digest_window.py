"""How far each person has been told the news."""

from __future__ import annotations

from django.db import models


class DigestWindow(models.Model):
    """One row a person. Everything before `until` was told, or was nothing to them; the next letter begins there."""

    person = models.OneToOneField("buendnisse.Person", models.CASCADE, primary_key=True, related_name="digest_window")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} until {self.until}"
