"""Words: Jinja2 templates under templates/vi, the labels of choices, and the filters they use."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from domain import vietnamese
from domain.model import FigureValue, Target

LANGUAGE = "vi"


@cache
def environment() -> Environment:
    """Return the one template environment; a name a template does not know is an error, not a blank."""
    found = Environment(
        loader=PackageLoader("templates", LANGUAGE),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text for chat channels; nothing here is HTML
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters.update(
        number=vietnamese.format_number,
        quantity=vietnamese.format_quantity,
        date=vietnamese.format_date,
        day=vietnamese.format_day,
        short=vietnamese.shorten,
        reason=reason,
        rounded=rounded,
    )
    # Known everywhere by name: an import in each template would be done anew at each rendering.
    words: Any = found.get_template("_words.txt").module
    found.globals.update({name: macro for name, macro in vars(words).items() if not name.startswith("_")})
    return found


def render(template: str, **values: Any) -> str:
    """Return the text of templates/vi/`template`.txt with `values` put in, trimmed at both ends.

    Values a person typed are data: they are put in as they are and never read as a template.
    """
    return environment().get_template(f"{template}.txt").render(**values).strip()


@cache
def words(name: str) -> dict[str, Any]:
    """Return a list of words by its name: templates/vi/`name`.toml."""
    text = resources.files("templates").joinpath(LANGUAGE, f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def label(choice: str) -> str:
    """Return the words shown on a choice, by its name in templates/vi/choices.toml; KeyError when it has none."""
    return str(words("choices")[choice][0])


def meanings(choice: str) -> list[str]:
    """Return what people may type for a choice, its label first; empty for one that has no name there."""
    return list(words("choices").get(choice, ()))


def description(command: str) -> str:
    """Return what a messenger's list says of a command, by its name in templates/vi/commands.toml."""
    return str(words("commands")[command])


def reason(code: str) -> str:
    """Return the sentence that says why a reply is asked about, by its code in templates/vi/reasons.toml."""
    return str(words("reasons")[code])


def rounded(value: Decimal) -> Decimal:
    """Return an estimate with three digits that count at most: more would pretend to know."""
    if not value:
        return value
    return value.quantize(Decimal(1).scaleb(max(min(value.adjusted() - 2, 0), -2)))


def words_of_figure(value: FigureValue, target: Target) -> str:
    """Return a figure in words and its unit, as every template shows it."""
    macros: Any = environment().globals
    return str(macros["figure"](value, target))


def words_of_period(key: str) -> str:
    """Return a reporting period in words, by its key in a row: "quý IV/2026" for "quarter:2026-4"."""
    macros: Any = environment().globals
    return str(macros["period_name"](key))
