"""Where each conversation stands. Steps are stored by name; what was offered last is stored with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.conversation import Place
from domain.messages import Address
from storage.database import Transaction
from storage.values import instant, packed


def save(
    tx: Transaction, address: Address, place: Place | None, prompt: Any, last_choice: str | None, now: datetime
) -> None:
    """Queue keeping where a conversation stands, the choices offered last and the one pressed last."""
    tx.later(
        "INSERT INTO conversations (channel, external_id, flow, step, data, prompt, last_choice, updated_at)"
        " VALUES (:channel, :external_id, :flow, :step, :data, :prompt, :last_choice, :now)"
        " ON CONFLICT (channel, external_id) DO UPDATE SET flow = excluded.flow, step = excluded.step,"
        " data = excluded.data, prompt = excluded.prompt, last_choice = excluded.last_choice,"
        " updated_at = excluded.updated_at, overlaid_at = NULL",
        channel=address.channel,
        external_id=address.id,
        flow=place.flow if place else None,
        step=place.step if place else None,
        data=packed(place.plain) if place else None,
        prompt=None if prompt is None else packed(prompt),
        last_choice=last_choice,
        now=instant(now),
    )


def leave(tx: Transaction, address: Address) -> None:
    """Queue leaving whatever place a conversation stands at; what it recorded is kept."""
    tx.later(
        "UPDATE conversations SET flow = NULL, step = NULL, data = NULL, prompt = NULL"
        " WHERE channel = :channel AND external_id = :external_id",
        channel=address.channel,
        external_id=address.id,
    )


def offer(tx: Transaction, address: Address, prompt: Any, now: datetime) -> None:
    """Queue keeping the choices of a message nobody asked for, unless a form is in progress: that one goes on.

    It is noted then where another numbered list stands below its question.
    """
    tx.later(
        "INSERT INTO conversations (channel, external_id, prompt, updated_at)"
        " VALUES (:channel, :external_id, :prompt, :now)"
        " ON CONFLICT (channel, external_id) DO UPDATE SET"
        " prompt = CASE WHEN conversations.flow IS NULL THEN excluded.prompt ELSE conversations.prompt END,"
        " overlaid_at = CASE WHEN conversations.flow IS NULL THEN NULL WHEN :lists = 0 THEN conversations.overlaid_at"
        " ELSE excluded.updated_at END",
        channel=address.channel,
        external_id=address.id,
        prompt=packed(prompt),
        now=instant(now),
        lists=len(prompt.get("listed", ())),
    )
