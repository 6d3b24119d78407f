"""Servers on this machine that take messages in and count them: a mail server, and a group's bot."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer

_MESSAGE_ID = re.compile(rb"(?im)^Message-ID: *<([^@>]+)@")
_NUMBER = re.compile(r"第(\d+)号")


class Taken:
    """What came in, by the message's own mark; ``accepted`` is called once one is taken and before that is said."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()
        self.accepted: Callable[[], None] = self.nothing
        self._lock = threading.Lock()

    def nothing(self) -> None:
        """What is done once a message is taken, unless somebody wants something else."""

    def take(self, mark: str) -> None:
        """Count one more copy of a message."""
        with self._lock:
            self.copies[mark] += 1
        self.accepted()


class _Mail(StreamRequestHandler):
    """A talk with whoever brings mail."""

    taken: Taken

    def handle(self) -> None:
        """Take everything."""
        with suppress(OSError):  # whoever sent was killed
            self._say(b"220 sink")
            while line := self.rfile.readline():
                if line[:4].upper() == b"DATA":
                    self._say(b"354 go on")
                    self.taken.take(self._mark())
                self._say(b"221 bye" if line[:4].upper() == b"QUIT" else b"250 taken")

    def _mark(self) -> str:
        """The mark of a mail that came in whole."""
        content = b""
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            content += line
        if not line:
            raise ConnectionResetError
        found = _MESSAGE_ID.search(content)
        return found[1].decode() if found else ""

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


@contextmanager
def mail_sink(into: Taken) -> Iterator[int]:
    """A mail server that takes everything; gives its port."""

    class Talk(_Mail):
        taken = into

    with _serving(ThreadingTCPServer(("127.0.0.1", 0), Talk)) as port:
        yield port


@contextmanager
def bot_sink(taken: Taken) -> Iterator[str]:
    """A group's bot of WeCom that takes everything, marked by the number in its text; gives its address."""

    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            found = _NUMBER.search(json.loads(content)["text"]["content"])
            taken.take(found[1] if found else "")
            answer = b'{"errcode":0,"errmsg":"ok"}'
            try:
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            except OSError:
                self.close_connection = True  # whoever sent was killed

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Talk)) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _serving(server: ThreadingTCPServer | ThreadingHTTPServer) -> Iterator[int]:
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
