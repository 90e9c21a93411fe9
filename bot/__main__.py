"""The command `dondoc`: run the command line, and turn what went wrong into one line and exit status 2."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    from typer import Abort
    from typer.exceptions import TyperException

    from bot.cli.main import app
    from bot.complaint import Complaint

    try:
        # Not stand-alone: typer would word what is wrong with a call itself, in English and on four lines.
        sys.exit(app(prog_name="dondoc", standalone_mode=False))
    except Complaint as complaint:
        _complain(complaint)
    except (Abort, KeyboardInterrupt):
        sys.exit(130)
    except TyperException as error:
        from bot.cli.usage import usage_complaint

        _complain(usage_complaint(error))
    except BrokenPipeError:  # `dondoc plan check … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _complain(complaint: Exception) -> None:
    print(complaint, file=sys.stderr)  # noqa: T201
    sys.exit(2)


if __name__ == "__main__":
    main()
