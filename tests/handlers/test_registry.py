"""Walks what is registered: every step, template, choice, reason and error code has what it needs."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import nodes
from jinja2.defaults import DEFAULT_NAMESPACE

from bot.complaint import Complaint
from documents.appendix import errors as appendix_errors
from documents.appendix import read_plan
from documents.samples import vu_duong
from domain import checks, figures
from domain.conversation import Answer, Go
from domain.drafts import Question, QuestionKind
from domain.messages import TOKEN_MAX_BYTES
from domain.vietnamese import fold
from handlers.codes import ALPHABET, new_code, printed, read_code
from handlers.commands import COMMANDS, WORDS
from handlers.flows import ENTRANCES, FLOWS
from handlers.prompts import Offer
from handlers.render import environment, label, meanings, reason, render
from storage import errors as storage_errors

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = ROOT / "templates" / "vi"
SOURCES = [path for room in ("bot", "handlers") for path in sorted((ROOT / room).rglob("*.py"))]
CHOICES = tomllib.loads((TEMPLATES / "choices.toml").read_text(encoding="utf-8"))
REASONS = tomllib.loads((TEMPLATES / "reasons.toml").read_text(encoding="utf-8"))
SPOKEN = (
    "flows/report.py",
    "prompts.py",
    "status_screens.py",
    "evidence.py",
    "applications.py",
    "flows/invite.py",
    "flows/contacts.py",
)  # where choices are named otherwise than in an Offer
NAMES = sorted(str(path.relative_to(TEMPLATES).with_suffix("")) for path in TEMPLATES.rglob("*.txt"))
# Functions whose first text argument (after the subject) names a template, and the folder it is in.
SPEAKERS = {
    "say": "",
    "_say": "",
    "render": "",
    "note_admins": "",
    "notify": "",
    "Complaint": "cli/",
    "show": "console/",
    "tell": "demo/",
}


def calls() -> Iterator[tuple[Path, str, ast.Call]]:
    """Yield every call in the upper floors with the plain name of what is called."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, getattr(node.func, "attr", getattr(node.func, "id", "")), node


def texts(node: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def named_templates() -> set[str]:
    """Return the templates named where something is said; names put together in code are found by their beginning."""
    found = set()
    for path, name, call in calls():
        if name not in SPEAKERS:
            continue
        folder = SPEAKERS[name]
        if name == "say" and path.is_relative_to(ROOT / "bot" / "cli"):
            folder = "cli/"
        for argument in call.args[:4]:
            if isinstance(argument, ast.Constant | ast.IfExp):
                found |= {folder + text for text in texts(argument) if re.fullmatch(r"[a-z_/]+", text)}
    return found


def test_every_template_named_in_code_exists() -> None:
    missing = {name for name in named_templates() if "/" in name} - set(NAMES)
    assert not missing


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    inner = "\n".join((TEMPLATES / f"{name}.txt").read_text(encoding="utf-8") for name in NAMES)
    named = named_templates()
    unused = [
        name
        for name in NAMES
        if name not in named
        and f'"{name}"' not in code
        and f'"{name}.txt"' not in code + inner
        and not (name.startswith("demo/") and f'"{name.removeprefix("demo/")}"' in code)
    ]
    assert not unused


@pytest.mark.parametrize("name", NAMES)
def test_a_template_can_be_read_and_uses_only_filters_and_macros_there_are(name: str) -> None:
    env = environment()
    source = (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    tree = env.parse(source)
    env.get_template(f"{name}.txt")
    macros = {macro.name for macro in env.parse((TEMPLATES / "_words.txt").read_text()).find_all(nodes.Macro)}
    here = {macro.name for macro in tree.find_all(nodes.Macro)}
    here |= {str(imported) for found in tree.find_all(nodes.FromImport) for imported in found.names}
    called = {call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
    assert called <= macros | here | set(DEFAULT_NAMESPACE)
    shown = "".join(data.data for data in tree.find_all(nodes.TemplateData))
    assert "!" not in shown
    assert not re.search(r"\b(tôi|mình|bot|bạn)\b", shown.casefold()), "no pronoun for the bot, anh/chị for people"


def test_no_text_for_people_stands_in_code() -> None:
    marked = re.compile(r"[ăâđêôơưáàảãạéèẻẽẹíìỉĩịóòỏõọúùủũụýỳỷỹỵ]")
    for path in sorted((ROOT / "handlers").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        spoken = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and marked.search(node.value)
        ]
        allowed = {*WORDS, *(fold(word) for word in spoken if fold(word) in WORDS or fold(word) in COMMANDS)}
        assert [word for word in spoken if fold(word) not in allowed] == [], path


def test_every_choice_named_in_code_has_words_and_every_one_with_words_is_named() -> None:
    named = set()
    for _, name, call in calls():
        if name == "Offer":
            kept = [text for argument in call.args for text in texts(argument)]
            named |= {text for text in kept if re.fullmatch(r"[a-z_]+", text)}
    code = "".join((ROOT / "handlers" / path).read_text(encoding="utf-8") for path in SPOKEN)
    named |= {name for name in CHOICES if f'"{name}"' in code or f"'{name}'" in code}
    assert named - {"what", "last"} == set(CHOICES)  # these two name what an action is made of
    for choice in CHOICES:
        assert label(choice) == meanings(choice)[0] == Offer(choice).label


def test_what_is_typed_for_two_choices_of_one_question_is_never_the_same() -> None:
    together = [
        ("agree", "decline"),
        ("right", "again"),
        ("yes", "no", "no_data", "skip", "back", "stop"),
        ("done", "in_progress", "not_started", "no_data", "skip", "back", "stop"),
        ("resume", "revise"),
    ]
    for names in together:
        ways = [fold(way) for name in names for way in set(map(fold, meanings(name)))]
        assert len(ways) == len(set(ways)), names


def test_every_step_has_both_halves_and_is_known_by_its_name() -> None:
    for name, flow in FLOWS.items():
        assert flow.name == name
        for step, halves in flow.steps.items():
            assert re.fullmatch(r"[a-z_]+", step)
            assert callable(halves.ask)
            assert callable(halves.take)
    code = {path: path.read_text(encoding="utf-8") for path in (ROOT / "handlers" / "flows").glob("*.py")}
    for path, text in code.items():
        for step in re.findall(r'Go\(\s*"(\w+)"', text):
            assert step in FLOWS[path.stem].steps, f"{path.name} goes to {step}"
    assert Go("figure") != Answer("figure")


def test_commands_and_words_do_not_collide() -> None:
    assert {name: COMMANDS[name].name for name in ("status", "tinhhinh", "viec", "huy", "help")} == {
        "status": "status",
        "tinhhinh": "status",
        "viec": "viec",
        "huy": "huy",
        "help": "help",
    }
    for action in WORDS.values():
        name = action.partition(":")[0]
        assert name in ENTRANCES or name in COMMANDS
        assert len(f"go:{action}".encode()) <= TOKEN_MAX_BYTES
    assert not [word for word in WORDS if read_code(word)], "no word may be taken for a code"


def test_every_reason_has_words_and_there_are_no_others() -> None:
    assert set(REASONS) == set(figures.REASONS) | checks.CODES
    for code in REASONS:
        assert reason(code).endswith((".", "?", "…)", ")."))
        assert "!" not in reason(code)


def subclasses(of: type[Exception]) -> Iterator[type[Exception]]:
    for found in of.__subclasses__():
        yield found
        yield from subclasses(found)


@pytest.mark.parametrize("error", list(subclasses(storage_errors.StorageError)), ids=lambda e: e.__name__)
def test_every_storage_error_has_words(error: type[storage_errors.StorageError]) -> None:
    said = str(Complaint("database", code=error.code, detail="x.db"))
    assert "\n" not in said
    assert said.endswith((".", "…", "pip install '.[postgres]'", "dondoc migrate"))
    if error.code != "spoilt":  # a mistake of the program, not of whoever runs it
        assert f"({error.code}" not in said


SAMPLES: dict[str, object] = {
    "size": 30_000_000,
    "limit": 20_971_520,
    "detail": "zip",
    "line": 3,
    "what": "rows",
    "count": 9,
    "question": "Q1",
    "kind": "missing_agency",
    "answer": "x",
    "proposals": ("Phòng Kinh tế",),
}


def appendix_samples() -> Iterator[appendix_errors.AppendixError]:
    """Yield every error of an appendix, once for each reason that its class documents."""
    for error in subclasses(appendix_errors.AppendixError):
        wanted = [name for name in inspect.signature(error).parameters if name != "reason"]
        values = {name: SAMPLES[name] for name in wanted}
        reasons = (
            re.findall(r'"([a-z_]+)"', error.__doc__ or "") if "reason" in inspect.signature(error).parameters else []
        )
        assert ("reason" in inspect.signature(error).parameters) == bool(reasons), f"{error} documents no reason"
        for code in reasons:
            yield error(**values, reason=code)
        if not reasons:
            yield error(**values)


@pytest.mark.parametrize("error", list(appendix_samples()), ids=lambda e: f"{e.code}-{e.values.get('reason', '')}")
def test_every_error_of_an_appendix_has_words(error: appendix_errors.AppendixError) -> None:
    said = str(Complaint("appendix", path="x.txt", code=error.code, values=dict(error.values)))
    assert "\n" not in said
    assert "!" not in said
    assert f"({error.code})" not in said
    unknown = dict(error.values, reason="no_such_reason")
    if "reason" in error.values and error.code != "bad_answer":  # its reasons are worded where it is answered
        assert said != str(Complaint("appendix", path="x.txt", code=error.code, values=unknown)).replace(
            "no_such_reason", str(error.values["reason"])
        ), "a reason without words of its own"


def test_every_reason_an_answer_is_not_taken_for_has_words() -> None:
    source = (TEMPLATES / "cli" / "bad_answer.txt").read_text(encoding="utf-8")
    for code in re.findall(r'"(not_\w+|date_\w+)"', appendix_errors.BadAnswer.__doc__ or ""):
        said = render("cli/bad_answer", values={"reason": code})
        assert f'"{code}"' in source, f"{code} has no words"
        assert said.startswith("❓ Chưa nhận câu trả lời đó:")


@pytest.mark.parametrize("kind", get_args(QuestionKind))
def test_every_kind_of_question_has_words_of_its_own(kind: QuestionKind) -> None:
    question = Question("Q1", kind, (1, 2), "Phòng X", ("Phòng Kinh tế",))
    draft = read_plan(vu_duong(), "xa_vu_duong_2026.txt")
    said = render("cli/question", question=question, draft=draft, optional=False)
    assert "1. Phòng Kinh tế" in said
    if kind != "secret_wording":
        assert f'kind == "{kind}"' in (TEMPLATES / "cli" / "_question.txt").read_text(encoding="utf-8")


def test_codes_are_read_as_people_pass_them_on() -> None:
    for code in [new_code() for _ in range(50)]:
        assert set(code) <= set(ALPHABET)
        shown = printed(code)
        for typed in (
            shown,
            f"MỜI {shown}",
            f"mời {shown.lower()}",
            f"moi {code}",
            f"Mã mời: {shown.replace('-', ' ')}.",
        ):
            assert read_code(typed) == code, typed
    for words in ("xin chào", "66,5", "chưa có số liệu", "12345678", "abcdefgh", "tình hình", ""):
        assert read_code(words) is None
