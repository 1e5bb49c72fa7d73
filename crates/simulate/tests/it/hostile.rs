//! Hostile models: the corpus of the fuzz target, and the examples with words, numbers and lines
//! changed by chance. Each is refused with a place and a reason, or runs to its end or its limits.

use proptest::prelude::*;
use proptest::sample::Index;
use simulate::{Limits, Model, Plan, Settings};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Asked so often whether to go on, a run that has a limit is over.
const PATIENCE: u32 = 50;

/// Reads and runs; whether it was taken.
fn taken(text: &str) -> bool {
    let plan = match Model::parse(text).and_then(|model| Plan::new(&model)) {
        Ok(plan) => plan,
        Err(error) => {
            assert!(error.to_string().len() > 10, "{text}: {error}");
            return false;
        }
    };
    let asked = AtomicU32::new(0);
    let limits = Limits {
        people: 2_000,
        bytes: 16 << 20,
        go_on: &|| asked.fetch_add(1, Ordering::Relaxed) < PATIENCE,
    };
    let settings = Settings {
        scenario: "baseline".to_owned(),
        seed: 1,
        replications: 1,
        precision: None,
    };
    simulate::run(&plan, &settings, &limits).is_ok()
}

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    std::fs::read_to_string(path.join(name)).unwrap()
}

#[test]
fn the_corpus_is_refused_or_ends() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/simulate_model");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 6);
    for file in files {
        taken(&String::from_utf8(std::fs::read(&file).unwrap()).unwrap());
    }
}

#[test]
fn the_examples_are_taken() {
    for name in ["reablement.toml", "discharge.toml", "mm20.toml"] {
        assert!(taken(&example(name)), "{name}");
    }
}

/// What takes the place of a word or a number.
const INSTEAD: [&str; 14] = [
    "",
    "0",
    "-1",
    "1e300",
    "-0.0",
    "nan",
    "inf",
    "4294967296",
    "0.1",
    "\"\"",
    "\"hospital\"",
    "[]",
    "{}",
    "true",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn an_example_with_anything_changed_is_refused_or_ends(
        which in 0..2_usize,
        changes in prop::collection::vec((any::<Index>(), any::<Index>(), 0..3_u8), 1..3),
    ) {
        let text = example(["reablement.toml", "discharge.toml"][which]);
        // Few days and one run: what is asked is whether it ends, not what comes of it.
        let mut lines: Vec<String> = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| match line.split_once(" = ") {
                Some(("days", _)) => "days = 20".to_owned(),
                Some(("warm_up_days", _)) => "warm_up_days = 2".to_owned(),
                _ => line.to_owned(),
            })
            .collect();
        for (line, word, what) in changes {
            let at = line.index(lines.len());
            match what {
                0 => {
                    lines.remove(at);
                }
                1 => lines.insert(at, lines[word.index(lines.len())].clone()),
                _ => {
                    let words: Vec<&str> = lines[at].split(' ').collect();
                    let number = word.index(words.len() * INSTEAD.len());
                    let (word, instead) = (number / INSTEAD.len(), number % INSTEAD.len());
                    let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
                    let end = if words[word].ends_with(',') { "," } else { "" };
                    words[word] = format!("{}{end}", INSTEAD[instead]);
                    lines[at] = words.join(" ");
                }
            }
        }
        taken(&lines.join("\n"));
    }
}
