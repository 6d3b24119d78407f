"""The keys with which this installation signs: what it hands out and wants to know again, and what it sends upward."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.problems import Problem, ProblemKind

KEY_FILE = "signing.key"
SENDER_FILE = "sender.key"
_BYTES = 32


def signing_key(home: Path) -> bytes:
    """The installation's key, made at the first call; lost with it are links and receipts of forms, nothing else.

    Raises:
        Problem: 301 where the file can be neither read nor made.
    """
    return _secret(home / KEY_FILE)


def sender_key(home: Path) -> Ed25519PrivateKey:
    """The key that signs packages upward, made at the first call; whoever receives them has to know it.

    With the file lost, the next package bears another fingerprint, which the receiver has to be told of.

    Raises:
        Problem: 301 where the file can be neither read nor made.
    """
    return Ed25519PrivateKey.from_private_bytes(_secret(home / SENDER_FILE)[:_BYTES])


def _secret(path: Path) -> bytes:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise _unusable(path) from error
    if len(key) < _BYTES:
        raise _unusable(path)
    return key


def _make(path: Path) -> None:
    """Two first starts at once agree on one key: the first whole file that has the name wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(secrets.token_bytes(_BYTES))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _unusable(path: Path) -> Problem:
    mend = f"请检查 {path} 的权限；文件损坏的请移走，重新启动时会另生成一个（此前发出的登录链接随之失效）。"
    return Problem(ProblemKind.SETTING_INVALID, name="GUANAI_HOME", found="签名密钥不可用", mend=mend)
