"""Validate the training data with Great Expectations, and keep its own result file."""

import json
from pathlib import Path

import great_expectations as gx
import pandas as pd

HERE = Path(__file__).parent

frame = pd.read_csv(HERE / "data" / "train.csv")
context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("churn").add_dataframe_asset("train")
batches = asset.add_batch_definition_whole_dataframe("all")
suite = gx.ExpectationSuite(
    name="train",
    expectations=[
        gx.expectations.ExpectColumnValuesToNotBeNull(column="customer_id"),
        gx.expectations.ExpectColumnValuesToBeUnique(column="customer_id"),
        gx.expectations.ExpectColumnValuesToBeBetween(column="tenure_months", min_value=0, max_value=120),
        gx.expectations.ExpectColumnValuesToBeBetween(column="monthly_charge", min_value=5, max_value=150),
        gx.expectations.ExpectColumnValuesToBeInSet(column="plan", value_set=["basic", "plus", "pro"]),
        gx.expectations.ExpectColumnMeanToBeBetween(column="churned", min_value=0.02, max_value=0.5),
    ],
)
# A validation definition, since what it returns says when it ran; `batch.validate` does not.
definition = gx.ValidationDefinition(name="train", data=batches, suite=context.suites.add(suite))
result = context.validation_definitions.add(definition).run(batch_parameters={"dataframe": frame})
(HERE / "reports" / "train.json").write_text(json.dumps(result.to_json_dict(), indent=1) + "\n")
print(f"Great Expectations: {'passed' if result.success else 'failed'}")
