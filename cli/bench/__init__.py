"""``guanai bench``: how fast the long steps are, beside the least that each could cost on the same machine."""

from cli.bench.command import bench_command

__all__ = ["bench_command"]
