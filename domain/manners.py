"""How an agency is addressed: units of the People's Committee are asked to report, partners are asked to work together.

The Fatherland Front with its mass organisations, the Party's bodies and whoever is not part of the administration are
partners of the People's Committee and take no orders from it.
"""

from __future__ import annotations

import re

from domain.model import AgencyKind
from domain.vietnamese import fold

_PARTNERS = re.compile(
    r"\b(?:mttq|mat tran|hoi (?:nong dan|phu nu|lien hiep phu nu|lhpn|cuu chien binh|ccb|nguoi cao tuoi|chu thap do)"
    r"|doan thanh nien|doan tncs|doan tn|tncs|cong doan|lien doan lao dong"
    r"|dang uy|vpdu|ban xay dung dang|bxdd|uy ban kiem tra|ubkt|chi bo|trung tam chinh tri"
    r"|hoi dong nhan dan xa|thuong truc hdnd|toa an|vien kiem sat|buu dien|vnpt|viettel|dien luc|ngan hang|agribank)\b"
)


def is_partner(name: str, kind: AgencyKind) -> bool:
    """Tell whether an agency of a commune is a partner, by its name or because it is an outside body."""
    return kind == "external" or _PARTNERS.search(fold(name)) is not None
