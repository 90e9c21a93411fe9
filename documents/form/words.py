"""The words of a form. They come from whoever calls: from templates/vi/form.toml, choices.toml and _words.txt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.model import FigureValue, Target


@dataclass(frozen=True, slots=True)
class FormWords:
    """Every word in a form.

    `place` and `days` stand under the title, `page` below each printed page. `headings` are by the columns of
    `documents.form.layout.COLUMNS`; `hints` say what is expected, by "percent", "ratio", "number", "choice" and "note",
    `examples` by the first three. `other` is what is said to an answer that is not in the list of a cell. `label` words
    a choice by its name, `target` and `figure` word what their names say.
    """

    sheet: str
    title: str
    place: str
    days: str
    guide: str
    page: str
    hint_title: str
    other_title: str
    other: str
    headings: Mapping[str, str]
    hints: Mapping[str, str]
    examples: Mapping[str, str]
    label: Callable[[str], str]
    target: Callable[[Target], str]
    figure: Callable[[FigureValue, Target], str]


def form_words(
    table: Mapping[str, Any],
    *,
    label: Callable[[str], str],
    target: Callable[[Target], str],
    figure: Callable[[FigureValue, Target], str],
) -> FormWords:
    """Make the words of a form of the table [form] in form.toml. Raises TypeError where one is missing or unknown."""
    return FormWords(**table, label=label, target=target, figure=figure)
