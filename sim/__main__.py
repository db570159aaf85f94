"""The command `baton`, also as `python -m sim`: Ctrl-C is heard from the first moment on."""

import sys


def main() -> None:
    """Load the command and run it."""
    try:
        from sim.cli import main as command
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        sys.exit(130)
    command()


if __name__ == "__main__":
    main()
