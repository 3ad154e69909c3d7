"""The workflow engine: a table of steps with guards, asked and never told.

A guard reads like the article it cites: it looks at the facts and answers with a `Reason` or with nothing. `Workflow.attempt`
collects every reason at once, so that a person can mend them all; `open_steps` asks the same question for every step that leaves
the present state, so the buttons of a page and the refusal of a service cannot disagree. The engine changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators; the doors translate it."""
    return message


class HasState(Protocol):
    """Facts of anything with a state; every workflow defines its own richer type."""

    @property
    def state(self) -> str: ...


@dataclass(frozen=True)
class Reason:
    """One objection: what is wrong in a translatable sentence, and the articles that say so.

    `code` is stable and machine-readable; `message` may hold named placeholders filled from `params`. A reason that does not
    block is a warning that is stored with the step.
    """

    code: str
    message: str
    cites: tuple[str, ...] = ()
    blocks: bool = True
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with its placeholders filled, through the caller's translation."""
        message = translate(self.message)
        return message % dict(self.params) if self.params else message


Guard = Callable[[Any], Reason | None]


@dataclass(frozen=True)
class Step:
    """One row of a workflow: from any of `source` to `target` if every guard is silent or only warns.

    `documents` are the kinds of paper the step issues, `starts` the rules of the periods it starts, `label` the button's text.
    """

    name: str
    source: tuple[str, ...]
    target: str
    guards: tuple[Guard, ...] = ()
    cites: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer to one attempted step: every reason, blocking or warning."""

    step: Step
    reasons: tuple[Reason, ...]

    @property
    def objections(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.blocks)

    @property
    def warnings(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.blocks)

    @property
    def allowed(self) -> bool:
        return not any(reason.blocks for reason in self.reasons)


WRONG_STATE = gettext_noop("This step cannot be taken now: the matter stands at “%(state)s”.")


@dataclass(frozen=True)
class Workflow:
    """A named table of steps over a closed set of states."""

    name: str
    states: tuple[str, ...]
    steps: tuple[Step, ...]
    initial: str = ""
    _named: Mapping[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", {step.name: step for step in self.steps})
        if len(self._named) != len(self.steps):
            raise ValueError(f"{self.name}: a step name is used twice")
        known = set(self.states)
        for step in self.steps:
            unknown = (set(step.source) | {step.target}) - known
            if unknown:
                raise ValueError(f"{self.name}.{step.name}: unknown states {sorted(unknown)}")

    def step(self, name: str) -> Step:
        """The step of that name; `KeyError` if the workflow has none."""
        try:
            return self._named[name]
        except KeyError:
            raise KeyError(f"{self.name} has no step {name!r}") from None

    def attempt(self, name: str, facts: HasState) -> Verdict:
        """Answer every objection to one step at once; nothing is changed."""
        step = self.step(name)
        if facts.state not in step.source:
            return Verdict(step, (Reason("wrong_state", WRONG_STATE, params={"state": facts.state}),))
        return _judged(step, facts)

    def open_steps(self, facts: HasState) -> list[Verdict]:
        """The verdict on every step that leaves the present state, in the order of the table."""
        state = facts.state
        return [_judged(step, facts) for step in self.steps if state in step.source]

    def edges(self) -> Iterator[tuple[str, str, Step]]:
        """Every (source, target, step), for documentation and reachability checks."""
        for step in self.steps:
            for source in step.source:
                yield source, step.target, step

    def mermaid(self) -> str:
        """The workflow as a Mermaid state diagram."""
        lines = ["stateDiagram-v2"]
        if self.initial:
            lines.append(f"    [*] --> {self.initial}")
        lines += [f"    {source} --> {target}: {step.name}" for source, target, step in self.edges()]
        return "\n".join(lines)


def _judged(step: Step, facts: HasState) -> Verdict:
    return Verdict(step, tuple([reason for guard in step.guards if (reason := guard(facts)) is not None]))
