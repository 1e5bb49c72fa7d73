#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::{Action, Actor, decide};
use std::fmt::Write;

fn tie(kind: Relationship) -> Tie {
    Tie {
        kind,
        capacity: String::new(),
        ends_at: None,
    }
}

fn with(ties: &[Relationship]) -> Facts {
    Facts {
        ties: ties.iter().copied().map(tie).collect(),
        sector: "council".to_owned(),
        own: vec!["Barsetshire County Council".to_owned()],
        ..Facts::default()
    }
}

/// One row of the matrix: what is asked, and a mark for each role.
fn row(text: &mut String, name: &str, may: impl Fn(Role) -> bool) {
    let _ = write!(text, "{name:<58}");
    for role in Role::ALL {
        let _ = write!(text, "{:<17}", if may(*role) { "y" } else { "-" });
    }
    text.push('\n');
}

fn heading(text: &mut String, what: &str) {
    let _ = write!(text, "\n{what:<58}");
    for role in Role::ALL {
        let _ = write!(text, "{:<17}", role.as_str());
    }
    text.push('\n');
}

/// Ties that are told apart, each by itself.
const TIES: [(&str, &[Relationship]); 7] = [
    ("no tie", &[]),
    ("relationship", &[Relationship::Ward]),
    ("on their caseload", &[Relationship::Caseload]),
    ("emergency", &[Relationship::Emergency]),
    (
        "emergency, approved by a second person",
        &[Relationship::SecondPerson],
    ),
    ("it is their own record", &[Relationship::Oneself]),
    ("invited as a carer", &[Relationship::Carer]),
];

/// Conditions of a part that are told apart.
fn parts() -> Vec<(&'static str, Facts, Part<'static>)> {
    let plain = Part {
        source: "Barchester Hospitals Trust",
        category: "",
        sector: "council",
        kind: "Condition",
    };
    let own = Part {
        source: "Barsetshire County Council",
        ..plain
    };
    let sensitive = Part {
        category: "sexual-health",
        ..plain
    };
    let mental = Part {
        category: "mental-health",
        ..plain
    };
    let other = Part {
        sector: "nhs",
        ..plain
    };
    let objected = Facts {
        objections: vec!["mental-health".to_owned()],
        ..with(&[])
    };
    let everything = Facts {
        objections: vec![String::new()],
        ..with(&[])
    };
    let overridden = Facts {
        overridden: true,
        ..objected.clone()
    };
    let asking = Facts {
        agreement_needed: true,
        ..with(&[])
    };
    let agreed = Facts {
        agreed: true,
        ..asking.clone()
    };
    let carers = Facts {
        carer_kinds: Some(vec!["Appointment".to_owned()]),
        ..with(&[])
    };
    let own_sensitive = Part {
        category: "sexual-health",
        ..own
    };
    let own_mental = Part {
        category: "mental-health",
        ..own
    };
    vec![
        ("a plain part", with(&[]), plain),
        ("withheld by default", with(&[]), sensitive),
        ("withheld by default, one's own", with(&[]), own_sensitive),
        ("objected to", objected.clone(), mental),
        ("objected to, one's own", objected.clone(), own_mental),
        ("objected to, set aside", overridden, mental),
        ("of another kind than objected to", objected, plain),
        ("all sharing objected to", everything.clone(), plain),
        ("all sharing objected to, one's own", everything, own),
        ("other sector, agreement not needed", with(&[]), other),
        ("other sector, not asked yet", asking, other),
        ("other sector, agreed", agreed, other),
        ("outside what a carer may see", carers, plain),
    ]
}

/// The whole policy, printed for reading.
fn matrix() -> String {
    let mut text = String::from(
        "Who may do and see what. Printed by a test from policy/access/*.cedar; y = may.\n",
    );
    heading(&mut text, "AT ALL");
    for action in Action::ALL {
        row(&mut text, action.in_words(), |role| {
            let actor = Actor {
                role,
                ..Actor::operator()
            };
            decide(&actor, *action).is_ok()
        });
    }
    for restricted in [false, true] {
        let what = match restricted {
            false => "OPEN A RECORD",
            true => "OPEN A RESTRICTED RECORD",
        };
        heading(&mut text, what);
        for (name, ties) in TIES {
            let facts = Facts {
                restricted,
                ..with(ties)
            };
            row(&mut text, name, |role| open(role, &facts).is_ok());
        }
    }
    heading(&mut text, "SEE A PROTECTED ADDRESS");
    for (name, ties) in TIES {
        let facts = Facts {
            hidden_address: true,
            ..with(ties)
        };
        row(&mut text, name, |role| {
            sight(role, facts.clone()).is_ok_and(|sight| sight.address)
        });
    }
    for (condition, facts, part) in parts() {
        heading(
            &mut text,
            &format!("SEE A PART: {}", condition.to_uppercase()),
        );
        for (name, ties) in TIES {
            let facts = Facts {
                ties: ties.iter().copied().map(tie).collect(),
                ..facts.clone()
            };
            row(&mut text, name, |role| shows(role, &facts, part));
        }
    }
    heading(&mut text, "COUNT SOMEBODY BEYOND INDIVIDUAL CARE");
    for (name, opted_out, applies) in [
        ("no opt-out", false, true),
        ("opted out, and the opt-out applies", true, true),
        ("opted out, required by law", true, false),
    ] {
        row(&mut text, name, |role| counts(role, opted_out, applies));
    }
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "`cargo xtask bless` asks for the file by this variable"
)]
fn the_committed_matrix_is_the_policy() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../policy/access/matrix.txt"
    );
    if std::env::var_os("ALMONER_BLESS").is_some() {
        std::fs::write(file, matrix()).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(
        committed,
        matrix(),
        "run with ALMONER_BLESS=1 and read the difference"
    );
}

#[test]
fn the_scope_says_what_the_policy_says() {
    let sources = [
        "Barsetshire County Council",
        "Barchester Hospitals Trust",
        "",
    ];
    let mut categories = vec![""];
    categories.extend(
        Categories::builtin()
            .all()
            .iter()
            .map(|one| one.code.as_str()),
    );
    let kinds = ["Condition", "Appointment"];
    let mut asked = 0;
    for role in [
        Role::HubLead,
        Role::Practitioner,
        Role::Person,
        Role::Operator,
    ] {
        for (_, ties) in TIES {
            for (_, conditions, _) in parts() {
                for sector in ["nhs", "council", "other"] {
                    let facts = Facts {
                        ties: ties.iter().copied().map(tie).collect(),
                        sector: sector.to_owned(),
                        ..conditions.clone()
                    };
                    let Ok(sight) = sight(role, facts.clone()) else {
                        continue;
                    };
                    for source in sources {
                        for category in &categories {
                            for of in SECTORS {
                                for kind in kinds {
                                    let part = Part {
                                        source,
                                        category,
                                        sector: of,
                                        kind,
                                    };
                                    assert_eq!(
                                        sight.items.shows(source, category, of, kind),
                                        shows(role, &facts, part),
                                        "{role} {facts:?} {part:?}"
                                    );
                                    asked += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(asked > 10_000, "{asked} parts were asked about");
}

#[test]
fn what_is_secret_is_refused_as_if_it_were_not_there() {
    let restricted = Facts {
        restricted: true,
        ..with(&[Relationship::Ward])
    };
    assert_eq!(open(Role::Practitioner, &restricted), Err(Refused::Unknown));
    assert_eq!(open(Role::Practitioner, &with(&[])), Err(Refused::NoTie));
    let emergency = Facts {
        restricted: true,
        ..with(&[Relationship::Emergency])
    };
    assert_eq!(open(Role::Practitioner, &emergency), Err(Refused::Unknown));
}

#[test]
fn the_surest_tie_is_told() {
    let mut facts = with(&[
        Relationship::Emergency,
        Relationship::Practice,
        Relationship::Caseload,
    ]);
    let told = sight(Role::Practitioner, facts.clone())
        .unwrap()
        .tie
        .unwrap();
    assert_eq!(told.kind, Relationship::Caseload);
    facts.ties.retain(|tie| tie.kind == Relationship::Emergency);
    let told = sight(Role::Practitioner, facts.clone()).unwrap();
    assert_eq!(told.tie.unwrap().kind, Relationship::Emergency);
    assert_eq!(told.allowed.purpose, "direct care");
}
