"""The shape of a conversation: flows made of steps, a place in one of them, and what a step may answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands: a flow and a step by name, and the plain data the flow keeps."""

    flow: str
    step: str
    data: Mapping[str, Any] = field(default_factory=dict)
    waiting: Place | None = None  # the form this goes aside from, and that goes on when it is over

    @classmethod
    def kept(cls, flow: str, step: str, data: Mapping[str, Any]) -> Place:
        """Return the place that `flow`, `step` and what `plain` returned stand for."""
        waiting = data.get(_WAITING)
        own = {name: value for name, value in data.items() if name != _WAITING}
        return cls(flow, step, own, cls.kept(*waiting) if waiting else None)

    @property
    def plain(self) -> dict[str, Any]:
        """The data of the place and of the form that waits, as plain data."""
        if self.waiting is None:
            return dict(self.data)
        return {**self.data, _WAITING: [self.waiting.flow, self.waiting.step, self.waiting.plain]}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered to a step: the choice they made, or else their words."""

    text: str
    choice: str | None = None


@dataclass(frozen=True, slots=True)
class Go:
    """Go on to a step of the same flow, with this data in place of the old; the step then asks."""

    step: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stay:
    """Stay where we are; the step has already said what it needs."""


@dataclass(frozen=True, slots=True)
class Done:
    """The conversation is over; the step has already said so."""


Outcome = Go | Stay | Done
# A turn is known only one floor up (handlers/turn.py); the ground floor passes it on unseen.
Ask = Callable[[Any], Awaitable[Outcome | None]]
Take = Callable[[Any, Answer], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `ask` may be repeated by anyone at any time and changes nothing but what is said; `take` acts.

    `ask` usually returns None; it may return an outcome when there turns out to be nothing left to ask.
    """

    ask: Ask
    take: Take


@dataclass(frozen=True, slots=True)
class Flow:
    """One conversation: its name and its steps by name.

    `views` are steps at which nothing was given yet: a command or a durable choice takes their place. Where only the
    choices are answers (`choices_only`, views too), so does whatever else is said.
    """

    name: str
    steps: Mapping[str, Step]
    views: frozenset[str] = frozenset()
    choices_only: frozenset[str] = frozenset()

    def is_view(self, step: str) -> bool:
        """Tell whether a step may be walked away from."""
        return step in self.views or step in self.choices_only
