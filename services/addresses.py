"""Addresses of contacts: where a channel reaches somebody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.canonical import clean_text
from domain.problems import Problem, ProblemKind
from models.messages import CHANNEL

ADDRESS = 320
"""Characters of an address."""


@dataclass(frozen=True)
class Address:
    """Where a channel reaches somebody."""

    channel: str
    address: str


def checked(addresses: Iterable[Address]) -> Iterator[Address]:
    """Addresses as they are stored, in their order.

    Raises:
        Problem: 1103 for one that cannot be used; 1104 for two of one channel.
    """
    seen: set[str] = set()
    for rank, one in enumerate(addresses, start=1):
        channel, address = clean_text(one.channel), clean_text(one.address)
        fault = ""
        if not channel or not address:
            fault = "渠道或地址没有写"
        elif len(channel) > CHANNEL or len(address) > ADDRESS:
            fault = "渠道名或地址太长"
        elif any(c.isspace() for c in channel + address):
            fault = "其中有空格"
        if fault:
            raise Problem(ProblemKind.ADDRESS_INVALID, rank=rank, fault=fault, limit=ADDRESS)
        if channel in seen:
            raise Problem(ProblemKind.ADDRESS_TWICE, channel=channel)
        seen.add(channel)
        yield Address(channel, address)
