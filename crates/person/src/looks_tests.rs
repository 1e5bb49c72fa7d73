#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;

const LIMITS: LookLimits = LookLimits {
    people_a_day: 80,
    times_usual: 2,
};

fn ordinary() -> LookFacts {
    LookFacts {
        staff: "Dr Septimus Harding".to_owned(),
        homes: vec!["ZZ9 9ZZ".to_owned()],
        family: "Bold".to_owned(),
        given: "Mary Ann".to_owned(),
        postcode: "ZZ1 4AB".to_owned(),
        linked: true,
        ordinal: 1,
        people: 1,
        usual: Some(20),
    }
}

fn rules(facts: &LookFacts) -> Vec<LookRule> {
    unusual(facts, &LIMITS)
        .into_iter()
        .map(|one| one.rule)
        .collect()
}

#[test]
fn each_rule_by_itself() {
    use LookRule as R;
    let named = |staff: &str, family: &str, given: &str| LookFacts {
        staff: staff.to_owned(),
        family: family.to_owned(),
        given: given.to_owned(),
        ..ordinary()
    };
    let home = |here: &str, there: &str| LookFacts {
        postcode: here.to_owned(),
        homes: vec![there.to_owned()],
        ..ordinary()
    };
    let many = |ordinal: i64, usual: Option<i64>| LookFacts {
        ordinal,
        people: 200,
        usual,
        ..ordinary()
    };
    for (facts, expected) in [
        (ordinary(), vec![]),
        // Own name: titles and second names do not matter, case and apostrophes neither.
        (named("Dr Mary Bold", "BOLD", "Mary Ann"), vec![R::OwnName]),
        (named("Mary O'Brien", "O’Brien", "Mary"), vec![R::OwnName]),
        (named("Mary Ann Bold", "Bold", "Ann"), vec![R::OwnName]),
        (named("Mary", "", "Mary"), vec![]),
        (named("", "", ""), vec![]),
        // Surname: the last word only, and the whole of it.
        (named("Anne Bold", "Bold", "Mary"), vec![R::Surname]),
        (named("Bold Harding", "Bold", "Mary"), vec![]),
        (
            named("Ann Jones-Quiverful", "Jones Quiverful", "Arthur"),
            vec![R::Surname],
        ),
        (named("Ann Quiverful", "Jones-Quiverful", "Arthur"), vec![]),
        // Home.
        (home("ZZ1 4AB", "zz14ab"), vec![R::Home]),
        (home("ZZ1 4AB", "ZZ1 4AC"), vec![]),
        (home("", ""), vec![]),
        // No link.
        (
            LookFacts {
                linked: false,
                ..ordinary()
            },
            vec![R::NoLink],
        ),
        // Many people: once, at the first person over both numbers.
        (many(80, None), vec![]),
        (many(81, None), vec![R::ManyPeople]),
        (many(82, None), vec![]),
        (many(81, Some(20)), vec![R::ManyPeople]),
        (many(81, Some(60)), vec![]),
        (many(121, Some(60)), vec![R::ManyPeople]),
        (many(i64::MAX, Some(i64::MAX)), vec![]),
    ] {
        assert_eq!(rules(&facts), expected, "{facts:?}");
    }
}

#[test]
fn what_is_said() {
    let facts = LookFacts {
        staff: "Anne Bold".to_owned(),
        homes: vec!["ZZ1 4AB".to_owned()],
        linked: false,
        ordinal: 81,
        people: 90,
        usual: None,
        ..ordinary()
    };
    let words: Vec<String> = unusual(&facts, &LIMITS)
        .into_iter()
        .map(|one| one.words)
        .collect();
    assert_eq!(
        words,
        [
            "The person has the surname of whoever looked.",
            "The person has the postcode of somebody with the name of whoever looked.",
            "Neither they nor their organisation had a link with the person at that moment.",
            "They looked at 90 people that day, more than 80. They have no usual yet.",
        ]
    );
}

proptest! {
    /// A look with a link, at somebody who shares no word of a name and no postcode, on a day
    /// that is not over the number, is never unusual.
    #[test]
    fn an_ordinary_look_is_never_unusual(
        staff in "[a-m]{1,8} [a-m]{1,8}",
        family in "[n-z]{1,8}( [n-z]{1,8})?",
        given in "[n-z]{1,8}( [n-z]{1,8})?",
        postcode in "(ZZ[0-4] [0-9][A-Z]{2})?",
        homes in proptest::collection::vec("(ZZ[5-9] [0-9][A-Z]{2})?", 0..4),
        ordinal in 1..=80_i64,
        more in 0..500_i64,
        usual in proptest::option::of(0..1_000_i64),
    ) {
        let facts = LookFacts {
            staff, homes, family, given, postcode,
            linked: true,
            ordinal,
            people: ordinal + more,
            usual,
        };
        prop_assert_eq!(unusual(&facts, &LIMITS), vec![]);
    }

    /// Whatever else holds, a look without a link is unusual, and no rule speaks twice.
    #[test]
    fn a_look_without_a_link_is_always_unusual(
        staff in "\\PC{0,20}", family in "\\PC{0,20}", given in "\\PC{0,20}",
        postcode in "\\PC{0,10}", ordinal in any::<i64>(), usual in proptest::option::of(any::<i64>()),
    ) {
        let facts = LookFacts {
            staff, family, given,
            homes: vec![postcode.clone()],
            postcode,
            linked: false,
            ordinal,
            people: ordinal,
            usual,
        };
        let found = rules(&facts);
        prop_assert!(found.contains(&LookRule::NoLink));
        let mut once = found.clone();
        once.dedup();
        prop_assert_eq!(found, once);
    }
}
