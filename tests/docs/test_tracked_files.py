"""What is tracked names no machine: no host, no path that exists on one computer only."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT
from tests.docs.test_names import tracked

# This machine, names that stand for any host (RFC 2606), the name of an XML vocabulary, which is no place, and the
# two addresses of Telegram, which are part of its contract: where its Bot API is, and what its links begin with.
HARMLESS = re.compile(
    r"(?:^|\.)(?:127\.0\.0\.1|localhost|invalid|test|example(?:\.(?:com|org|net))?|schemas\.openxmlformats\.org)$"
    r"|^(?:api\.telegram\.org|t\.me)$"
)
HOST = re.compile(
    r"(?:https?|ftp|ssh|git|redis|amqp|postgres(?:ql)?)://(?:[^\s/@'\"]*@)?([\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w.@/-])((?:[a-z0-9-]+\.)+(?:com|org|net|io|vn))(?![\w-])",
    re.IGNORECASE,
)
MACHINE = re.compile(r"(?<![\w.}~/-])/(?:home|root|tmp|mnt|opt|srv|Users)/[\w.-]+|[A-Z]:\\\\?\w+")


def texts() -> list[tuple[str, str]]:
    """Every tracked file that is text, with its words."""
    found = []
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\x00" not in data:
            found.append((name, data.decode("utf-8")))
    return found


def test_no_tracked_file_names_a_host() -> None:
    hosts = {(name, match[1] or match[2]) for name, text in texts() for match in HOST.finditer(text)}
    assert {(name, host) for name, host in hosts if not HARMLESS.search(host.lower())} == set()


def test_no_tracked_file_holds_a_path_of_one_machine() -> None:
    here = [str(folder) for folder in (ROOT, ROOT.parent) if len(folder.parts) > 2]  # no root, no /tmp
    own = re.compile("|".join(rf"(?<![\w.]){re.escape(path)}(?![\w-])" for path in here))
    found = {(name, match[0]) for name, text in texts() for match in MACHINE.finditer(text)}
    found |= {(name, match[0]) for name, text in texts() for match in own.finditer(text)}
    assert found == set()


def test_a_host_and_a_path_would_be_found() -> None:
    assert HOST.search("see https" + "://files.somewhere" + ".net/x")
    assert HOST.search("files.somewhere" + ".vn")
    assert MACHINE.search('open("/' + 'home/lan/x")')
    assert not HOST.search("domain.model.Target and README.md")
