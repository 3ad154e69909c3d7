"""Fields that every form about a case uses: instants, days, sentences, confirmations."""

from typing import Any

from django import forms


def moment_field(label: Any, *, required: bool = True) -> forms.DateTimeField:
    """An instant as the browser's own picker gives it."""
    return forms.DateTimeField(
        label=label, required=required, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    """A day as the browser's own picker gives it."""
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def words_field(label: Any, *, required: bool = True) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(label=label, required=required, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


def yes_field(label: Any) -> forms.BooleanField:
    """Something that is confirmed by a tick; without it the answer is not given."""
    return forms.BooleanField(label=label, required=False)


def line_field(label: Any, *, required: bool = True, length: int = 160) -> forms.CharField:
    """One line."""
    return forms.CharField(label=label, required=required, max_length=length)
