"""The command line. Only `run` is here, so that `mlscore --version` answers before anything is imported."""

import sys


def run() -> None:
    """Run the command line of this process and exit with its code."""
    if sys.argv[1:] == ["--version"] and sys.stdout is not None:
        from mlscore import __version__

        try:
            print(f"mlscore {__version__}", flush=True)  # noqa: T201
        except OSError:
            pass  # said below
        else:
            return
    import gc

    # Nothing cyclic piles up in one run: collecting it would cost a twentieth of start-up.
    gc.disable()
    from mlscore.cli.main import main, settle

    sys.exit(settle(main(sys.argv[1:])))
