"""The registry of conversations. A flow is one file here; flows do not know one another."""

from __future__ import annotations

from domain.conversation import Flow
from handlers.flows import join, report

FLOWS: dict[str, Flow] = {flow.name: flow for flow in (join.FLOW, report.FLOW)}
