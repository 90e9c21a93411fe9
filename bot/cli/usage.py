"""What is wrong with a call of the command line, in one line; or the help, where nothing was asked for."""

from __future__ import annotations

from typing import Any

from typer.exceptions import TyperException

from bot.complaint import Complaint


def usage_complaint(error: TyperException) -> Exception:
    """Return what to print for an error typer raised. Its classes are told by name, for typer exports few of them."""
    name = type(error).__name__
    if name == "NoArgsIsHelpError":
        return Exception(getattr(error, "message", ""))
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    return Complaint(
        "usage",
        kind=name,
        message=getattr(error, "message", ""),
        option=getattr(error, "option_name", None) or _name(parameter),
        nearest=getattr(error, "possibilities", None) or [],
        command=context.command_path if context else "dondoc",
    )


def _name(parameter: Any) -> str:
    if parameter is None:
        return ""
    return str(parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.metavar or parameter.name)
