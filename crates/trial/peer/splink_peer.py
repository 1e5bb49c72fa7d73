"""The public reference beside `almoner link`: Splink 4 on DuckDB, set up as its own
documentation recommends for each kind of file.

    python splink_peer.py people  people.csv pairs.csv
    python splink_peer.py febrl3  dataset3.csv pairs.csv
    python splink_peer.py febrl4  dataset4a.csv dataset4b.csv pairs.csv

Writes pairs as `left,right,weight,probability,decision` and prints one line of JSON with
what it cost: processor seconds (user and system), wall seconds, peak memory, pairs.
"""

import json
import resource
import sys
import time

began = time.monotonic()

import duckdb  # noqa: E402
import pandas  # noqa: E402
import splink  # noqa: E402
import splink.comparison_library as cl  # noqa: E402
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: E402
from splink.blocking_analysis import (  # noqa: E402
    cumulative_comparisons_to_be_scored_from_blocking_rules_data,
)

# Pairs below this probability are not written.
LEAST = 0.005


def frame(path):
    """A file as text, with missing values as such."""
    table = pandas.read_csv(path, dtype=str, skipinitialspace=True, keep_default_na=True)
    table.columns = [name.strip() for name in table.columns]
    return table.apply(lambda column: column.str.strip())


PEOPLE_RULES = [
    block_on("given_name", "family_name"),
    block_on("family_name", "birth_date"),
    block_on("given_name", "birth_date"),
    block_on("postcode", "birth_date"),
    block_on("postcode", "family_name"),
    block_on("postcode", "given_name"),
    block_on("birth_date", "town"),
    block_on("birth_date", "substr(given_name, 1, 1)", "sex"),
    block_on("birth_date", "substr(family_name, 1, 2)"),
    block_on("postcode", "substr(birth_date, 1, 4)"),
    block_on("substr(birth_date, 1, 7)", "family_name", "town"),
    block_on("substr(birth_date, 1, 7)", "given_name", "town"),
]


def people():
    """English people: names, birth date, postcode, town and sex."""
    table = frame(sys.argv[2])
    for name in ("given_name", "family_name", "town"):
        table[name] = table[name].str.lower()
    table["full_name"] = table["given_name"] + " " + table["family_name"]
    rules = PEOPLE_RULES
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            cl.ForenameSurnameComparison(
                "given_name", "family_name", forename_surname_concat_col_name="full_name"
            ),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("town").configure(term_frequency_adjustments=True),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=rules,
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    sure = [
        block_on("given_name", "family_name", "birth_date"),
        block_on("given_name", "birth_date", "postcode"),
        block_on("family_name", "birth_date", "postcode"),
    ]
    passes = [block_on("birth_date"), block_on("given_name", "family_name")]
    return [table], settings, rules, sure, 0.8, passes


def febrl_comparisons(with_number):
    """The FEBRL columns, as Splink's own example of FEBRL 4 compares them."""
    comparisons = [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y%m%d"
        ),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]).configure(
            term_frequency_adjustments=True
        ),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
    ]
    if with_number:
        comparisons.append(cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]))
    return comparisons


FEBRL_RULES = [
    block_on("given_name", "surname"),
    "l.given_name = r.surname and l.surname = r.given_name",
    block_on("date_of_birth"),
    block_on("address_1"),
    block_on("suburb", "street_number"),
    block_on("postcode", "surname"),
    block_on("postcode", "given_name"),
    block_on("postcode", "street_number"),
    block_on("suburb", "surname"),
    block_on("suburb", "given_name"),
    block_on("substr(date_of_birth, 1, 4)", "surname"),
    block_on("substr(date_of_birth, 1, 4)", "given_name"),
    block_on("address_2"),
]


def febrl(link_type, tables, with_number):
    """A FEBRL set."""
    rules = FEBRL_RULES + ([block_on("soc_sec_id")] if with_number else [])
    settings = SettingsCreator(
        link_type=link_type,
        unique_id_column_name="rec_id",
        comparisons=febrl_comparisons(with_number),
        blocking_rules_to_generate_predictions=rules,
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    sure = [
        block_on("given_name", "surname", "date_of_birth"),
        block_on("given_name", "date_of_birth", "postcode"),
        block_on("surname", "date_of_birth", "postcode"),
    ]
    passes = [block_on("date_of_birth"), block_on("postcode")]
    return tables, settings, rules, sure, 0.8, passes


def main():
    kind = sys.argv[1]
    if kind == "people":
        tables, settings, rules, sure, recall, passes = people()
    elif kind == "febrl3":
        tables, settings, rules, sure, recall, passes = febrl("dedupe_only", [frame(sys.argv[2])], True)
    elif kind == "febrl4":
        both = [frame(sys.argv[2]), frame(sys.argv[3])]
        tables, settings, rules, sure, recall, passes = febrl("link_only", both, False)
    else:
        sys.exit(f"no such kind of file: {kind}")
    names = ["left_file", "right_file"][: len(tables)]
    connection = duckdb.connect()
    linker = Linker(
        tables if len(tables) > 1 else tables[0],
        settings,
        db_api=DuckDBAPI(connection=connection),
        input_table_aliases=names if len(tables) > 1 else None,
    )
    linker.training.estimate_probability_two_random_records_match(sure, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in passes:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    id_name = "id" if kind == "people" else "rec_id"
    connection.execute(
        f"""copy (select {id_name}_l as "left", {id_name}_r as "right",
                  match_weight as weight, match_probability as probability,
                  case when match_probability >= 0.95 then 'link' else 'review' end as decision
                  from {found.physical_name})
            to '{sys.argv[-1]}' (header, delimiter ',')"""
    )
    written = connection.execute(f"select count(*) from {found.physical_name}").fetchone()[0]
    used = resource.getrusage(resource.RUSAGE_SELF)
    wall = time.monotonic() - began
    # Counted after the measurement, which it is no part of.
    counted = cumulative_comparisons_to_be_scored_from_blocking_rules_data(
        table_or_tables=tables if len(tables) > 1 else tables[0],
        blocking_rules=rules,
        link_type="link_only" if len(tables) > 1 else "dedupe_only",
        unique_id_column_name=id_name,
        db_api=DuckDBAPI(),
        max_rows_limit=1e12,
    )
    print(
        json.dumps(
            {
                "splink": splink.__version__,
                "duckdb": duckdb.__version__,
                "cpu_seconds": used.ru_utime + used.ru_stime,
                "wall_seconds": wall,
                "peak_memory_mb": used.ru_maxrss // 1000,
                "pairs_scored": int(counted["cumulative_rows"].max()),
                "pairs_written": written,
            }
        )
    )


if __name__ == "__main__":
    main()
