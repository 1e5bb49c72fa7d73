"""The public reference for record linkage: Splink 4 on DuckDB, set up the way its own guide does.

    python splink_people.py RECORDS.csv PAIRS.csv

Writes left,right,weight,probability,decision and prints CPU seconds and peak memory as JSON.
"""

import csv
import json
import resource
import sys

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

records, pairs = sys.argv[1:3]
connection = duckdb.connect()
frame = connection.sql(f"SELECT * FROM read_csv('{records}', all_varchar=true)").df()
frame = frame.replace({"": None, "1900-01-01": None})
rules = [
    block_on("birth_date"),
    block_on("given_name", "family_name"),
    block_on("postcode", "substr(given_name, 1, 1)"),
    block_on("postcode", "family_name"),
    block_on("family_name", "substr(birth_date, 1, 4)", "town"),
    block_on("given_name", "substr(birth_date, 1, 4)", "town"),
    block_on("family_name", "substr(birth_date, 6, 5)"),
    block_on("given_name", "substr(birth_date, 6, 5)"),
    block_on("postcode", "substr(birth_date, 1, 4)"),
    block_on("postcode", "substr(birth_date, 6, 5)"),
    "l.given_name = r.family_name AND l.family_name = r.given_name",
]
settings = SettingsCreator(
    link_type="dedupe_only",
    unique_id_column_name="id",
    comparisons=[
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("family_name").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("birth_date", input_is_string=True),
        cl.PostcodeComparison("postcode").configure(term_frequency_adjustments=True),
        cl.ExactMatch("town").configure(term_frequency_adjustments=True),
        cl.ExactMatch("sex"),
    ],
    blocking_rules_to_generate_predictions=rules,
)
linker = Linker(frame, settings, DuckDBAPI())
linker.training.estimate_probability_two_random_records_match(
    [block_on("given_name", "family_name", "birth_date"), block_on("birth_date", "postcode")], recall=0.7
)
linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_date"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("given_name", "family_name"))
found = linker.inference.predict(threshold_match_probability=0.01).as_record_dict()
with open(pairs, "w", newline="") as out:
    writer = csv.writer(out)
    writer.writerow(["left", "right", "weight", "probability", "decision"])
    for one in found:
        chance = one["match_probability"]
        writer.writerow([one["id_l"], one["id_r"], one["match_weight"], chance, "link" if chance >= 0.95 else "review"])
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_memory_mb": usage.ru_maxrss / 1000}))
