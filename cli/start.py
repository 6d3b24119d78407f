"""Where the ``guanai`` program begins; so light that processes started beside it, which load it again, lose nothing."""


def main() -> None:
    """Run the command line; Ctrl-C ends it without a traceback."""
    from cli.app import run  # noqa: PLC0415 - see above

    run()
