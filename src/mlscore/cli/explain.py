"""`mlscore explain`: one test of a rubric."""

from typing import Annotated

import typer

from mlscore.cli.options import RubricOption, chosen_rubric
from mlscore.cli.output import emit, page_width


def _complete_test(incomplete: str) -> list[str]:
    return [test_id for test_id in chosen_rubric(None).tests if test_id.startswith(incomplete)]


def explain(
    test: Annotated[
        str,
        typer.Argument(help="Id of a test, such as data-1.", autocompletion=_complete_test),
    ],
    rubric: RubricOption = None,
) -> int:
    """Explain one test: why it matters, what counts as each level, what others score, examples, references.

    Without --rubric the test may be of any built-in rubric.
    """
    from mlscore import checklist
    from mlscore.errors import UsageError
    from mlscore.project import test_id
    from mlscore.text import said

    chosen = chosen_rubric(rubric)
    if rubric is None and test not in chosen.test_ids:
        from mlscore.loading import builtin_rubrics

        chosen = next((other for other in builtin_rubrics() if test in other.test_ids), chosen)
    try:
        found = test_id(chosen, test)
    except ValueError as error:
        hint = "" if rubric is not None else "; for a rubric of your own add --rubric FILE"
        raise UsageError(f"{said(error)}{hint}") from None
    return emit(checklist.explain(chosen, found, page_width()))
