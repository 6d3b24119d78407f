"""A relay before a server that leaves a program waiting in the middle of a conversation, so that a test may kill it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

_CHUNK = 65536


class Relay:
    """Passes everything on until a client sends ``last_words``.

    Args:
        server: host and port of the server.
        last_words: how the request begins after which the client hears nothing more: ``POST /api/events ``.
        heard: whether the request itself still reaches the server.

    Attributes:
        waiting: set once a client waits for an answer that will not come.
    """

    def __init__(self, server: tuple[str, int], last_words: str, *, heard: bool) -> None:
        self.waiting = Event()
        self._server, self._last_words, self._heard = server, last_words.encode(), heard
        self._cut_off: set[socket.socket] = set()

    def serve(self, listener: socket.socket) -> None:
        """Take clients until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(self._server) as server:
            Thread(target=self._answer, args=(server, client), daemon=True).start()
            while content := client.recv(_CHUNK):
                if content.startswith(self._last_words):
                    self._cut_off.add(client)
                if client not in self._cut_off or self._heard:
                    server.sendall(content)
                else:
                    self.waiting.set()

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while content := server.recv(_CHUNK):
                if client in self._cut_off:
                    self.waiting.set()
                else:
                    client.sendall(content)


@contextmanager
def relayed(server: tuple[str, int], last_words: str, *, heard: bool) -> Iterator[tuple[str, Relay]]:
    """A relay on loopback; gives its host and port, as they stand in an address."""
    relay = Relay(server, last_words, heard=heard)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=relay.serve, args=(listener,), daemon=True).start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}", relay
        finally:
            listener.shutdown(socket.SHUT_RDWR)
