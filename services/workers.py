"""Processes beside this one for heavy work; they end with it, however it ends."""

import ctypes
import gc
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context, parent_process

MOST = 2
"""More processes than this win little on an office's machine, and each takes 200 MB for typesetting."""

_PR_SET_PDEATHSIG = 1


def pool() -> ProcessPoolExecutor:
    """A pool of as many processes as there are processors, at most :data:`MOST`.

    They are started anew rather than forked, because a forked copy of a process with threads may hang.
    """
    processors = len(os.sched_getaffinity(0))
    return ProcessPoolExecutor(min(MOST, processors), mp_context=get_context("spawn"), initializer=_begin)


def give_back() -> None:
    """Return to the system what the last piece of work needed: left alone, Python and its C library keep it for the next."""
    gc.collect()
    with suppress(AttributeError):  # another C library than Debian's has no such thing
        ctypes.CDLL(None).malloc_trim(0)


def end_with_parent() -> None:
    """Have the kernel end this process when its parent dies: nobody else would after a ``kill -9``."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if (parent := parent_process()) is not None and parent.pid != os.getppid():
        os.kill(os.getpid(), signal.SIGKILL)  # it died before we came to it


def _begin() -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
