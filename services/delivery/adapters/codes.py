"""What a vendor's numbers mean for a message: each table is the vendor's own, each entry what it asks of the sender."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from services.delivery.letter import Undelivered


@dataclass(frozen=True)
class Codes:
    """A vendor's numbers; one that stands nowhere is taken for passing.

    Attributes:
        vendor: what people call it.
        permanent: refused for this address or this message, and always will be.
        channel: the channel is not set up as the vendor wants it; the office can mend that.
        throttled: too many at once, and how long nothing more is taken.
        stale: the access token is no longer good; a new one helps.
    """

    vendor: str
    permanent: Collection[int] = ()
    channel: Collection[int] = ()
    throttled: Mapping[int, timedelta] = field(default_factory=dict)
    stale: Collection[int] = ()

    def refusal(self, code: int, words: str) -> Undelivered:
        """What a number other than 0 means."""
        return Undelivered(
            f"{self.vendor}未接受：{code} {words}".rstrip(),
            permanent=code in self.permanent,
            channel=code in self.channel or code in self.throttled or code in self.stale,
            wait=self.throttled.get(code),
        )
