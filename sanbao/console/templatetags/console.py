"""What only the staff's pages ask for: journal actions in words."""

from django import template

from sanbao.console import actions

register = template.Library()


@register.filter
def action_sentence(action: str) -> str:
    """The sentence for a journal action in the reader's language."""
    return str(actions.sentence(action))
