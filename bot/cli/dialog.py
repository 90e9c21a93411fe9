"""The questions about a plan, asked at the terminal: every answer is echoed, can be taken back, and is confirmed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from bot.cli.terminal import say, write
from bot.complaint import Complaint
from documents.appendix.errors import BadAnswer
from domain.drafts import BLOCKING, LEAVE_TO_ADMIN, PlanDraft, Question
from domain.vietnamese import clean, fold
from handlers.plan_intake import beyond, understood

# What may be typed beside an answer, folded.
BACK, STOP = "quay lai", frozenset({"thoi", "dung", "thoat", "exit", "quit"})
PASS = frozenset({"bo qua", "giu nguyen"})  # a question that need not be answered
YES, NO = frozenset({"co", "c", "ok", "dong y", "y", "yes"}), frozenset({"khong", "k", "ko", "n", "no"})


def converse(draft: PlanDraft, questions: Sequence[Question], read: Callable[[], str] | None = None) -> dict[str, str]:
    """Ask the questions one after the other and return the answers once they are confirmed.

    What was passed over is not among them. Raises `Complaint` when the clerk leaves; nothing has been stored then.
    """
    listen = read or sys.stdin.readline
    given: dict[str, str] = {}
    at = 0
    while True:
        if at == len(questions):
            if _settled(draft, questions, given, listen):
                return {name: answer for name, answer in given.items() if answer}
            at -= 1
            continue
        answer = _ask(draft, questions[at], listen, first=at == 0)
        if answer is None:
            at -= 1
            continue
        given[questions[at].id] = answer
        at += 1


def _ask(draft: PlanDraft, question: Question, listen: Callable[[], str], *, first: bool) -> str | None:
    """Return an answer that fits; None to go back one question."""
    optional = question.kind not in BLOCKING and question.kind != "renamed_indicator"
    say("question", question=question, draft=draft, optional=optional)
    while True:
        typed = _typed(listen)
        if optional and fold(typed) in PASS | {LEAVE_TO_ADMIN}:
            say("passed_over")
            return ""
        if fold(typed) == BACK:
            if not first:
                return None
            say("first_question")
            continue
        if number := beyond(question, typed):
            say("no_proposal", count=number)
            continue
        try:
            said = understood(draft, question, typed)
        except BadAnswer as error:
            say("bad_answer", values=error.values)
            continue
        say("understood", said=said)
        return typed


def _settled(
    draft: PlanDraft, questions: Sequence[Question], given: Mapping[str, str], listen: Callable[[], str]
) -> bool:
    """Show all the answers and ask once more; False to go back to the last question."""
    answered = [question for question in questions if given[question.id]]
    said = {question.id: understood(draft, question, given[question.id]) for question in answered}
    say("answers", said=said)
    while True:
        typed = fold(_typed(listen))
        if typed in YES:
            return True
        if typed in NO:
            raise Complaint("left")
        if typed == BACK:
            return False
        say("yes_or_no", back=True)


def agrees(read: Callable[[], str] | None = None) -> bool:
    """Return whether the clerk says yes to what was just asked. Raises `Complaint` when they leave instead."""
    while True:
        typed = fold(_typed(read or sys.stdin.readline))
        if typed in YES or typed in NO:
            return typed in YES
        say("yes_or_no", back=False)


def _typed(listen: Callable[[], str]) -> str:
    write("> ")
    try:
        line = listen()
    except KeyboardInterrupt:
        line = ""
    if not line:
        write("\n")
    if not line or fold(line) in STOP:
        raise Complaint("left")
    return clean(line)
