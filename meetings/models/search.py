"""The index of the search: words of things that have their own rows. It can be thrown away and is made again."""

from __future__ import annotations

from django.db import models

from meetings.enums import SearchKind


class SearchEntry(models.Model):
    """One thing that can be found. Who may see it is asked of the thing itself, each time.

    `words` is what is compared: small letters, "ä" as "ae", no signs, one blank between words and at both ends, then
    the stems that do not lie in the words themselves.
    """

    kind = models.CharField(max_length=12, choices=SearchKind)
    subject_id = models.PositiveBigIntegerField(help_text="Of the decision, relay, paper; for minutes the agenda item")
    body = models.ForeignKey("buendnisse.Body", models.CASCADE, null=True, related_name="+")
    day = models.DateField(null=True)
    number = models.CharField(max_length=20, blank=True)
    number_words = models.CharField(max_length=40, blank=True, help_text='As in `words`: " b 2026 7 "')
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    standing = models.CharField(max_length=200, blank=True, help_text="How it stands, in words")
    place = models.CharField(max_length=120, blank=True, help_text="What its address is made of")
    title_words = models.TextField()
    words = models.TextField()
    fingerprint = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="search_entry_one_a_thing")]
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class SearchState(models.Model):
    """One row: up to what the index was compared with the things; another stamp means that it is compared again."""

    stamp = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.stamp


class PaperText(models.Model):
    """What stands in the file of a paper, and how its first page looks. Made by a worker; a file that cannot be read has neither."""

    version = models.OneToOneField("buendnisse.PaperVersion", models.CASCADE, related_name="read_text")
    text = models.TextField(blank=True)
    first_page = models.CharField(max_length=64, blank=True, help_text="Its picture in the storage; empty: none")
    is_read = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"text of {self.version_id}"
