"""A platform of toys: tiny web servers that behave well or badly, under the real supervisor.

Run as a program: ``python -m tests.deployments.toys FOLDER NAME=BEHAVIOUR ...``; it says what happens, a line each.
"""

import os
import socket
import sys
from pathlib import Path

from deployments.parts import Part
from deployments.supervisor import RENEW, Supervisor
from domain.problems import Problem
from services.running import PartState

SERVER = """
import os, signal, socket, sys, time
{first}
listener = socket.create_server(("127.0.0.1", {port}))
while True:
    answered, _ = listener.accept()
    answered.recv(4096)
    answered.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok")
    answered.close()
"""
BEHAVIOURS = {
    "good": "",
    "stubborn": "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
    "broken": "print('cannot start'); sys.exit(7)",
    "renewable": f"signal.signal(signal.SIGUSR1, lambda *_: os._exit({RENEW}))",
    # leaves a process behind that is in a session of its own
    "parent": "os.spawnlp(os.P_NOWAIT, 'setsid', 'setsid', 'sleep', '1000')",
}


def part(folder: Path, name: str, behaviour: str) -> Part:
    """A part that behaves in this way."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = SERVER.format(first=BEHAVIOURS[behaviour], port=port)
    return Part(
        name=name,
        title=name,
        command=(sys.executable, "-S", "-c", program),
        environment=dict(os.environ),
        health=f"http://127.0.0.1:{port}/",
        log=folder / f"{name}.log",
        seconds_to_stop=0.5,
    )


def say(line: str) -> None:
    """Tell the test."""
    print(line, flush=True)  # noqa: T201 - to its parent


def publish(states: tuple[PartState, ...]) -> None:
    """Tell the test how the parts do."""
    say("states " + " ".join(f"{s.name}:{s.pid}:{'up' if s.up else 'down'}:{s.restarts}" for s in states))


def main(folder: Path, wanted: list[str]) -> int:
    """Run the toys until told to stop; ends with the number of the problem where there is one."""
    parts = [part(folder, *one.split("=")) for one in wanted]
    try:
        Supervisor(parts, say, publish, lambda: "something new", look_seconds=0.05).run(lambda: say("ready"))
    except Problem as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
