"""Which words people agree to before anything is kept about them (Law on Personal Data Protection 91/2025/QH15).

Raise `VERSION` whenever templates/vi/join/_kept.txt says something else: who agreed to older words is shown the new
ones with the next code they send.
"""

from __future__ import annotations

VERSION = 2  # 1 did not say how long things are kept, nor how to withdraw alone
