"""One item of a meeting that was noted on paper: result, decision and task, each only where something was written."""

from __future__ import annotations

from typing import Any

from buendnisse.models import Person
from meetings.domain.session_board import Stop
from meetings.forms.posted import over
from meetings.forms.session import DecisionForm, ResultForm, TaskForm


class PaperDecision(DecisionForm):
    """A decision may be missing; its votes without its words are a mistake."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)

    def has_changed(self) -> bool:
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("text", "yes", "no", "abstain"))


class PaperTask(TaskForm):
    """A task may be missing; who and until when belong to one that is there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)

    def has_changed(self) -> bool:
        return any(self.data.get(self.add_prefix(name), "").strip() for name in ("task", "owner", "due_on"))


class PaperItem:
    """The three forms of one item; `stored` is what somebody else wrote meanwhile."""

    def __init__(self, stop: Stop, data: Any, *, owners: list[Person], entitled: int) -> None:
        pk, item = stop.item.pk, stop.item
        self.stop, self.stored = stop, ""
        self.result = ResultForm(data, prefix=f"i{pk}", initial={"result": item.result, "version": item.version})
        self.decision = PaperDecision(data, prefix=f"d{pk}", entitled=entitled)
        if not stop.asked:
            self.decision.ask_only_for_the_decision()
        self.task = PaperTask(data, prefix=f"t{pk}", owners=owners)

    @property
    def forms(self) -> tuple[ResultForm, PaperDecision, PaperTask]:
        return self.result, self.decision, self.task

    def show_stored(self, text: str, version: int) -> None:
        """One's own text once more, on top of the version that is stored now."""
        self.stored = text
        self.result.data = over(self.result.data, **{self.result.add_prefix("version"): version})

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.forms)
