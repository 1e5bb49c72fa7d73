//! All SQL lives in `store`, and only `app` opens its transactions.

use super::Finding;
use super::tree::{Tree, is_test_file, product_lines};

/// Beginnings of statements; a space follows.
const STATEMENTS: &[&str] = &[
    "SELECT",
    "INSERT INTO",
    "UPDATE",
    "DELETE FROM",
    "CREATE TABLE",
    "CREATE INDEX",
    "ALTER TABLE",
];
/// Tests make databases, and benchmarks compare with bare rows; `xtask` only names the words.
const MAY_HAVE_SQL: &[&str] = &[
    "crates/store/",
    "crates/testkit/",
    "crates/trial/",
    "crates/xtask/",
];
/// Besides `app` and tests, the demonstration's data goes in by the batch.
const MAY_OPEN: &[&str] = &[
    "crates/store/",
    "crates/synth/",
    "crates/xtask/",
    "crates/testkit/",
    "crates/trial/",
    "crates/app/",
];

/// Checks every Rust file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| !is_test_file(path)) {
        for (number, line) in product_lines(text) {
            if !starts_with_any(path, MAY_HAVE_SQL) && has_statement(line) {
                let text = "SQL outside `store`: make it a typed function in crates/store/src and call that";
                findings.push(Finding::new(path, number, "sql", text));
            }
            if !starts_with_any(path, MAY_OPEN) && opens_transaction(line) {
                let text = "only `app` opens transactions: make this a command or query of `app`";
                findings.push(Finding::new(path, number, "transactions", text));
            }
        }
    }
    findings
}

fn starts_with_any(path: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| path.starts_with(start))
}

fn has_statement(line: &str) -> bool {
    let start = line.trim_start().trim_start_matches('"');
    STATEMENTS.iter().any(|statement| {
        let begins = |text: &str| {
            text.strip_prefix(statement)
                .is_some_and(|rest| rest.starts_with(' '))
        };
        begins(start)
            || line
                .match_indices('"')
                .any(|(at, _)| begins(&line[at + 1..]))
    })
}

fn opens_transaction(line: &str) -> bool {
    [
        "store.read(|",
        "store.write(|",
        "store().read(|",
        "store().write(|",
    ]
    .iter()
    .any(|call| line.contains(call))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_and_transactions_out_of_place_are_found() {
        let tree = Tree::of(&[
            (
                "crates/web/src/board.rs",
                "let rows = \"SELECT 1\";\nlet label = \"Select a council\";\n",
            ),
            ("crates/web/src/page.rs", "app.store.read(|tx| x(tx))\n"),
            ("crates/app/src/flow.rs", "self.store.write(|tx| x(tx))\n"),
            ("crates/store/src/flow.rs", "tx.query(\"SELECT 1\", &[])\n"),
        ]);
        let found: Vec<_> = check(&tree)
            .into_iter()
            .map(|f| (f.file, f.line, f.rule))
            .collect();
        assert_eq!(
            found,
            [
                ("crates/web/src/board.rs".to_owned(), 1, "sql"),
                ("crates/web/src/page.rs".to_owned(), 1, "transactions"),
            ]
        );
    }
}
