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
    from bot.cli.main import app
    from bot.complaint import Complaint

    try:
        app()
    except Complaint as complaint:
        print(complaint, file=sys.stderr)  # noqa: T201
        sys.exit(2)
    except BrokenPipeError:  # `dondoc plan check … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
