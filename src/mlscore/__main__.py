"""`python -m mlscore`. Prefer the console script, or `python -I -m mlscore`, in folders you do not trust."""

from mlscore.cli import run

if __name__ == "__main__":
    run()
