"""Keys for other programs. Only a digest is stored; the text is shown once."""

from __future__ import annotations

from django.db import models


class ApiToken(models.Model):
    """A program acts as `person` and sees what that person sees."""

    person = models.ForeignKey("buendnisse.Person", models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, help_text="What it is for, in the Fachstelle's words")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("buendnisse.Person", models.SET_NULL, null=True, related_name="+")
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
