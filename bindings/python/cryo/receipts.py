"""What became of one message, and who wants to know."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional

from .codes import Outcome


@dataclass(frozen=True)
class Receipt:
    """The end of a message that was sent with a receipt."""

    outcome: Outcome
    rtt: Optional[float]
    """Milliseconds from leaving to acknowledgement; None unless it was acknowledged."""
    by: str
    """The extension that stopped it, or the rule that dropped it ("oldest", "refused", "replaced", "total"), else ""."""

    @property
    def arrived(self) -> bool:
        """True if the peer has acknowledged the message."""
        return self.outcome == Outcome.ACKNOWLEDGED


OnReceipt = Callable[[Receipt], Any]

# Numbers from here on are this package's own, for functions; those below are the application's.
FIRST_OWN = 1 << 63

_numbers = itertools.count(FIRST_OWN)
_functions: Dict[int, OnReceipt] = {}


def number_for(function: OnReceipt) -> int:
    """A number for a message; `function` waits under it."""
    number = next(_numbers)
    _functions[number] = function
    return number


def take(number: int) -> Optional[OnReceipt]:
    """The function that waited under this number, once."""
    return _functions.pop(number, None)


def receipt_of(outcome: int, rtt_ms: float, by: bytes) -> Receipt:
    """As the library tells it."""
    kind = Outcome(outcome)
    rtt = rtt_ms if kind == Outcome.ACKNOWLEDGED else None
    return Receipt(kind, rtt, by.decode("utf-8", "replace"))
