"""Whatever is filed as frozen content: a year's reports, or a single document; and how it is written and read back."""

from pydantic import TypeAdapter

from domain.report.single import SingleSnapshot
from domain.report.snapshot import Snapshot

Frozen = Snapshot | SingleSnapshot

ADAPTER: TypeAdapter[Frozen] = TypeAdapter(Frozen)


def to_bytes(frozen: Frozen) -> bytes:
    """As :func:`domain.report.snapshot.to_bytes`, for either."""
    return ADAPTER.dump_json(frozen, indent=2) + b"\n"


def from_bytes(content: bytes) -> Frozen:
    """Read either back; which it is, its fields tell.

    Raises:
        pydantic.ValidationError: where a field is missing or strange; never half a snapshot.
    """
    return ADAPTER.validate_json(content)
