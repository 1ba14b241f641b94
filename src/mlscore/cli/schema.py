"""`mlscore schema`: the JSON Schema for editors."""

from mlscore.cli.options import RubricOption, chosen_rubric
from mlscore.cli.output import emit


def schema(rubric: RubricOption = None) -> int:
    """Print the JSON Schema of project files, for completion and help in editors."""
    return emit(schema_text(rubric))


def schema_text(rubric: str | None) -> str:
    """Return the schema as the text of a file."""
    import json

    from mlscore.schema import project_schema

    return json.dumps(project_schema(chosen_rubric(rubric)), indent=2) + "\n"
