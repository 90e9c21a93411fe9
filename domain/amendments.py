"""Two versions of a plan: which indicators and targets are the same in both, and what has changed.

Indicators are never matched by their printed number, which shifts with every line put in, nor by likeness alone: where
names are only alike, a person is asked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher

from domain.drafts import LEAVE_TO_ADMIN, Question
from domain.figure_scales import scale_of
from domain.figure_types import measure_of
from domain.model import FigureValue, Target
from domain.targets import NUMBER, read_number
from domain.vietnamese import clean, fold

# Ready answers to whether an indicator is one of the old version under another name. They are data, like those of
# documents/appendix/questions.py.
RENAMED, NEW = "Là chỉ tiêu cũ đổi tên", "Là chỉ tiêu mới"
_ALIKE = 0.8  # how much of two names must be the same to ask whether they are one indicator
_WORDS = 4  # a name of as many words that stands whole within the other is asked about too
_NUMBER = re.compile(NUMBER)
_MOST = 200  # where more indicators of a version are left over, nobody would answer the questions
_ANSWERED = {"number": "number", "range": "number", "boolean": "yes_no", "qualitative": "yes_no"}


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A target of a version. `agency` owes it by `due`; None where nobody does. `value` is its newest figure.

    `id` is what the caller finds it by: the row of a stored target, the running number of one in a draft. `reporter`
    and `last_day` are what the file of a stored one says, also while the other is not known and so nobody owes it: an
    admin may have given it to an `agency` other than its `reporter`.
    """

    id: int
    target: Target
    year: int | None
    scope: str
    agency: str | None = None
    due: date | None = None
    value: FigureValue = None
    reporter: str | None = field(default=None, compare=False)
    last_day: date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PlannedIndicator:
    """An indicator of a version; `section` holds the titles above it, the outermost first."""

    position: int
    name: str
    section: tuple[str, ...]
    unit: str | None
    targets: tuple[PlannedTarget, ...]


Version = Sequence[PlannedIndicator]


@dataclass(frozen=True, slots=True)
class Kept:
    """A target found in both versions, with the name of its indicator in either."""

    old_name: str
    name: str
    old: PlannedTarget
    new: PlannedTarget

    @property
    def target_changed(self) -> bool:
        """Whether something else is to be reached, or in other words."""
        return not same_target(self.old.target, self.new.target)

    @property
    def same_reporter(self) -> bool:
        """Whether both files name the same agency; it need not be the one that owes it."""
        return self.old.reporter is not None and self.old.reporter == (self.new.reporter or self.new.agency)

    @property
    def reassigned(self) -> bool:
        """Whether an admin gave it to another agency than the files name, and that stands."""
        return self.same_reporter and self.new.agency != self.old.reporter

    @property
    def reassignment_ends(self) -> bool:
        """Whether an admin gave it to another agency than the old file names, and the new file decides anew."""
        return self.agency_changed and None not in (self.old.agency, self.old.reporter) and _given(self.old)

    @property
    def agency_changed(self) -> bool:
        """Whether somebody else owes it, or nobody does any more, or somebody now does."""
        return self.old.agency != self.new.agency

    @property
    def deadline_changed(self) -> bool:
        """Whether it is owed by another day."""
        return None not in (self.old.agency, self.new.agency) and self.old.due != self.new.due

    @property
    def again(self) -> bool:
        """Whether its figure says nothing about the new target and must be reported anew."""
        reported = self.old.value is not None and self.new.agency is not None
        return reported and way_of_answering(self.old.target) != way_of_answering(self.new.target)

    @property
    def figure_kept(self) -> bool:
        """Whether its figure stands for the new target as well."""
        return self.old.value is not None and self.new.agency is not None and not self.again

    @property
    def changed(self) -> bool:
        """Whether anything but the name differs."""
        return self.target_changed or self.agency_changed or self.deadline_changed


@dataclass(frozen=True, slots=True)
class Part:
    """Targets of one indicator that only one of the versions has."""

    name: str
    targets: tuple[PlannedTarget, ...]

    @property
    def reported(self) -> int:
        """How many of them have a figure."""
        return sum(target.value is not None for target in self.targets)


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a new version changes. `unchanged` counts the new version's indicators in which nothing does."""

    kept: tuple[Kept, ...]
    added: tuple[Part, ...]
    removed: tuple[Part, ...]
    renamed: tuple[tuple[str, str], ...]
    unchanged: int
    # By the id of the new target: where its line and figure come from.
    origins: Mapping[int, Kept] = field(default_factory=dict, compare=False)

    @property
    def target_changed(self) -> tuple[Kept, ...]:
        """Targets that read otherwise."""
        return tuple(kept for kept in self.kept if kept.target_changed)

    @property
    def agency_changed(self) -> tuple[Kept, ...]:
        """Targets that another agency owes."""
        return tuple(kept for kept in self.kept if kept.agency_changed)

    @property
    def reassigned(self) -> tuple[Kept, ...]:
        """Targets that stay with the agency an admin gave them to."""
        return tuple(kept for kept in self.kept if kept.reassigned)

    @property
    def deadline_changed(self) -> tuple[Kept, ...]:
        """Targets owed by another day."""
        return tuple(kept for kept in self.kept if kept.deadline_changed)

    @property
    def to_be_reported_again(self) -> tuple[Kept, ...]:
        """Targets whose figure cannot be held against them any more."""
        return tuple(kept for kept in self.kept if kept.again)

    @property
    def figures_kept(self) -> int:
        """How many figures stand as they are."""
        return sum(kept.figure_kept for kept in self.kept)


def same_target(one: Target, other: Target) -> bool:
    """Tell whether two targets ask for the same, however they are printed."""
    return _content(one) == _content(other)


def _content(target: Target) -> Hashable:
    words = tuple(fold(text or "") for text in (target.text, target.unit, target.component))
    return (target.kind, target.op, target.value, target.value_max, *words)


def way_of_answering(target: Target) -> str:
    """Return what a figure for `target` is read and compared by; those of one target fit another where it is the same.

    A number needs the same unit, an index the same scale too: 0,72 of 1 is no 0,72 of 100.
    """
    kind = _ANSWERED.get(target.kind, target.kind)
    if kind != "number":
        return kind
    scale = scale_of(measure_of(target))
    return f"number:{fold(target.unit or '')}:{scale.high if scale.family == 'index' else ''}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """An indicator of the new version that may be one of the old under another name."""

    old: PlannedIndicator
    new: PlannedIndicator

    @property
    def question(self) -> Question:
        """The question a person must decide. Its id names the indicator's place in the new file: "D12"."""
        return Question(
            f"D{self.new.position}", "renamed_indicator", (self.new.position,), self.old.name, (RENAMED, NEW)
        )


def meant(answer: str) -> str | None:
    """Return which of the ready answers a person means by its text or number; put off is as good as new. None: none."""
    folded = fold(clean(answer)).rstrip(".)")
    return {"1": RENAMED, fold(RENAMED): RENAMED, "2": NEW, fold(NEW): NEW, LEAVE_TO_ADMIN: NEW}.get(folded)


def doubts(old: Version, new: Version) -> list[Doubt]:
    """Return the pairs whose names are very alike among the indicators that only one version has, in the new order."""
    matched = match(old, new)
    added = [indicator for indicator in new if indicator.position not in matched]
    removed = [indicator for indicator in old if indicator.position not in matched.values()]
    if max(len(added), len(removed)) > _MOST:
        return []
    pairs = [(_likeness(gone.name, come.name), gone, come) for come in added for gone in removed]
    found: dict[int, Doubt] = {}
    asked: set[int] = set()
    for likeness, gone, come in sorted(pairs, key=lambda pair: (-pair[0], pair[2].position, pair[1].position)):
        if likeness >= _ALIKE and come.position not in found and gone.position not in asked:
            found[come.position] = Doubt(gone, come)
            asked.add(gone.position)
    return [found[position] for position in sorted(found)]


def _likeness(one: str, other: str) -> float:
    first, second = sorted((fold(one), fold(other)), key=len)
    if len(first.split()) >= _WORDS and f" {first} " in f" {second} ":
        return 1.0
    letters = SequenceMatcher(None, first, second, autojunk=False)
    # The two quick ones are upper bounds and spare most pairs the slow one.
    if letters.real_quick_ratio() < _ALIKE or letters.quick_ratio() < _ALIKE:
        return 0.0
    return letters.ratio()


def compare(old: Version, new: Version, renamed: Mapping[int, int] | None = None) -> Amendment:
    """Return what `new` changes of `old`; `renamed` says, by place in the new one, which old one an indicator was."""
    olds = {indicator.position: indicator for indicator in old}
    said = dict(renamed or {})
    found = match(old, new)  # a person's word goes before, also where an answer has made two rows alike since
    matched = {at: was for at, was in found.items() if at not in said and was not in said.values()} | said
    kept: list[Kept] = []
    added: list[Part] = []
    removed: list[Part] = []
    names: list[tuple[str, str]] = []
    unchanged = 0
    for indicator in new:
        before = olds.pop(matched[indicator.position]) if indicator.position in matched else None
        if before is None:
            added.append(Part(indicator.name, indicator.targets))
            continue
        pairs = match_targets(before.targets, indicator.targets)
        here = [Kept(before.name, indicator.name, one, _as_given(one, other)) for one, other in pairs]
        come = _left(indicator.targets, [other for _, other in pairs])
        gone = _left(before.targets, [one for one, _ in pairs])
        added += [Part(indicator.name, come)] if come else []
        removed += [Part(before.name, gone)] if gone else []
        another_name = _name(before) != _name(indicator)
        names += [(before.name, indicator.name)] if another_name else []
        unchanged += not (come or gone or another_name or any(each.changed for each in here))
        kept += here
    removed += [Part(indicator.name, indicator.targets) for indicator in olds.values()]
    origins = {each.new.id: each for each in kept}
    return Amendment(tuple(kept), tuple(added), tuple(removed), tuple(names), unchanged, origins)


def _given(target: PlannedTarget) -> bool:
    return target.agency not in (None, target.reporter)


def _as_given(old: PlannedTarget, new: PlannedTarget) -> PlannedTarget:
    """Return a target of the new version with the agency an admin gave it to, where its file names the same as before.

    What an admin has decided of the old file holds for the new one, unless that decides otherwise.
    """
    stands = _given(old) and new.agency is not None and new.agency == old.reporter
    return replace(new, agency=old.agency, reporter=new.agency) if stands else new


def _left(targets: Sequence[PlannedTarget], matched: Sequence[PlannedTarget]) -> tuple[PlannedTarget, ...]:
    ids = {target.id for target in matched}
    return tuple(target for target in targets if target.id not in ids and target.target.kind != "not_assigned")


def _name(indicator: PlannedIndicator) -> str:
    """Return an indicator's name to compare it by: a target printed in it is no part of it."""
    named = [each.target for each in indicator.targets if each.target.source == "name"]
    printed = {figure for of in named for figure in (of.value, of.value_max) if isinstance(figure, Decimal)}
    if not printed:
        return fold(indicator.name)
    return fold(_NUMBER.sub(lambda found: "" if read_number(found[0]) in printed else found[0], indicator.name))


# What two indicators must share to be one, where nothing else in either version shares it; the closest first.
_KEYS: tuple[Callable[[PlannedIndicator], Hashable], ...] = (
    lambda indicator: (*map(fold, indicator.section), _name(indicator)),
    lambda indicator: (*map(fold, indicator.section[-1:]), _name(indicator)),
    _name,
    lambda indicator: (_name(indicator), fold(indicator.unit or "")),
)


def match(old: Version, new: Version) -> dict[int, int]:
    """Return, by place in the new version, the places of the same indicators in the old."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for key in _KEYS:
        ours, theirs = _alone(new, key), _alone(old, key)
        for shared, indicator in ours.items():
            before = theirs.get(shared)
            if before is not None and indicator.position not in found and before.position not in taken:
                found[indicator.position] = before.position
                taken.add(before.position)
    # Lines printed twice over: as many in both versions, alike in everything, are those of before in their order.
    ours_twice = _grouped([each for each in new if each.position not in found])
    theirs_twice = _grouped([each for each in old if each.position not in taken])
    for everything, places in ours_twice.items():
        before_places = theirs_twice.get(everything, [])
        if len(before_places) == len(places):
            found |= dict(zip(places, before_places, strict=True))
    return found


def _alone(version: Version, key: Callable[[PlannedIndicator], Hashable]) -> dict[Hashable, PlannedIndicator]:
    counts = Counter(map(key, version))
    return {shared: indicator for indicator in version if counts[shared := key(indicator)] == 1}


def _grouped(indicators: Version) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for indicator in indicators:
        targets = tuple((_content(each.target), each.year, _printed(each), each.due) for each in indicator.targets)
        groups[(*map(fold, indicator.section), _name(indicator), fold(indicator.unit or ""), targets)].append(
            indicator.position
        )
    return groups


def _printed(target: PlannedTarget) -> str | None:
    return (target.reporter or target.agency) if target.agency is not None else None


def match_targets(
    old: Sequence[PlannedTarget], new: Sequence[PlannedTarget]
) -> list[tuple[PlannedTarget, PlannedTarget]]:
    """Return the targets of one indicator that are the same: of one year, level and part, or the only ones left."""

    def key(target: PlannedTarget) -> Hashable:
        return target.year, target.scope, fold(target.target.component or "")

    ours, theirs = Counter(map(key, new)), {key(target): target for target in old}
    alone = {shared for shared, count in Counter(map(key, old)).items() if count == 1 and ours[shared] == 1}
    pairs = [(theirs[key(target)], target) for target in new if key(target) in alone]
    left = [target for target in old if key(target) not in alone]
    come = [target for target in new if key(target) not in alone]
    if len(left) == len(come) and [key(target) for target in left] == [key(target) for target in come]:
        return [*pairs, *zip(left, come, strict=True)]
    return [*pairs, (left[0], come[0])] if len(left) == len(come) == 1 else pairs
