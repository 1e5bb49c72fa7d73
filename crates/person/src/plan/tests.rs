#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use jiff::civil::date;

const TODAY: Date = date(2026, 5, 1);

fn plan() -> Plan {
    Plan {
        goals: vec![Goal {
            words: "I want to get to the shop by myself".to_owned(),
            measure: "I go twice a week".to_owned(),
            now: "Not at all".to_owned(),
        }],
        actions: vec![Doing {
            what: "Practise the way to the shop with me".to_owned(),
            who: "Kofi".to_owned(),
            by: Some(date(2026, 5, 20)),
            status: Status::UnderWay,
            confidence: Some(7),
        }],
        week: vec![
            Care {
                day: 0,
                at: 510,
                minutes: 30,
                what: "Help to wash, Framley Home Care".to_owned(),
            },
            Care {
                day: 3,
                at: 840,
                minutes: 120,
                what: "Lunch club".to_owned(),
            },
        ],
        contingency: "Ring my daughter. If she is away, ring Careline.".to_owned(),
        telecare: Considered {
            used: Some(false),
            words: "I have tried one and do not want it".to_owned(),
        },
        equipment: Considered {
            used: Some(true),
            words: "A frame and a perching stool".to_owned(),
        },
        budget: Some(14_250),
        coordinator: Named {
            name: "Priya Nair".to_owned(),
            telephone: "01632 960 111".to_owned(),
            ..Named::default()
        },
        verdict: Verdict::Eligible,
        assessment: "Needs assessment of April".to_owned(),
        review_on: Some(date(2026, 6, 12)),
        ..Plan::default()
    }
}

#[test]
fn what_is_missing_is_said_by_its_field() {
    let fields = |change: &dyn Fn(&mut Plan)| -> Vec<&'static str> {
        let mut plan = plan();
        change(&mut plan);
        faults(&plan, TODAY, 365)
            .into_iter()
            .map(|one| one.0)
            .collect()
    };
    assert_eq!(fields(&|_| {}), [""; 0]);
    assert_eq!(fields(&|p| p.goals.clear()), ["goals"]);
    assert_eq!(fields(&|p| p.goals[0].measure.clear()), ["goals"]);
    assert_eq!(fields(&|p| p.actions[0].who.clear()), ["actions"]);
    assert_eq!(fields(&|p| p.actions[0].confidence = Some(11)), ["actions"]);
    assert_eq!(fields(&|p| p.week[0].minutes = 0), ["week"]);
    assert_eq!(fields(&|p| p.contingency.clear()), ["contingency"]);
    assert_eq!(fields(&|p| p.telecare.used = None), ["telecare"]);
    assert_eq!(fields(&|p| p.telecare.words.clear()), ["telecare"]);
    assert_eq!(fields(&|p| p.coordinator.name.clear()), ["coordinator"]);
    assert_eq!(fields(&|p| p.review_on = None), ["review_on"]);
    assert_eq!(
        fields(&|p| p.review_on = Some(date(2026, 4, 30))),
        ["review_on"]
    );
    // A year to the day is in time; a day more is not.
    assert_eq!(fields(&|p| p.review_on = Some(date(2027, 5, 1))), [""; 0]);
    assert_eq!(
        fields(&|p| p.review_on = Some(date(2027, 5, 2))),
        ["review_on"]
    );
}

#[test]
fn a_plan_without_an_eligible_verdict_needs_its_reason() {
    let on = date(2026, 4, 20);
    let form = String::new();
    let signed = Some(Assessed { form, on });
    for (verdict, named, signed, why, expected) in [
        (Verdict::Eligible, "In April", None, "", None),
        (Verdict::Eligible, "", signed.clone(), "", None),
        (Verdict::Eligible, "", None, "", Some("assessment")),
        (Verdict::NotAssessed, "", None, "", Some("without_why")),
        (Verdict::NotAssessed, "", None, "She is alone", None),
        // What is undetermined is never taken for eligible.
        (
            Verdict::Undetermined,
            "In April",
            signed.clone(),
            "",
            Some("without_why"),
        ),
        (Verdict::Undetermined, "", signed.clone(), "Urgent", None),
        (
            Verdict::NotEligible,
            "In April",
            signed.clone(),
            "",
            Some("without_why"),
        ),
        (
            Verdict::NotEligible,
            "In April",
            signed,
            "It prevents worse",
            None,
        ),
    ] {
        let plan = Plan {
            verdict,
            assessment: named.to_owned(),
            assessed: signed,
            without_why: why.to_owned(),
            ..plan()
        };
        let found: Vec<_> = faults(&plan, TODAY, 365)
            .into_iter()
            .map(|one| one.0)
            .collect();
        assert_eq!(
            found.first().copied(),
            expected,
            "{verdict:?} {named} {why}"
        );
    }
}

#[test]
fn assessed_outcomes_are_taken_once_with_where_they_are_from() {
    let mut needs = vec![PlannedNeed {
        what: "Managing toilet needs".to_owned(),
        met_by: "Her daughter".to_owned(),
        ..PlannedNeed::default()
    }];
    let outcomes = ["managing toilet needs", "maintaining personal hygiene"];
    let outcomes = outcomes.map(str::to_owned);
    for _ in 0..2 {
        take_assessed(
            &mut needs,
            &outcomes,
            "Needs assessment, signed on 1 May 2026",
        );
    }
    assert_eq!(needs.len(), 2);
    assert_eq!(
        (needs[0].met_by.as_str(), needs[0].from.as_str()),
        ("Her daughter", "")
    );
    assert_eq!(needs[1].from, "Needs assessment, signed on 1 May 2026");
}

#[test]
fn a_week_is_counted_and_shown_by_day() {
    let plan = plan();
    assert_eq!(minutes_a_week(&plan.week), 7 * 30 + 120);
    let days = by_day(&plan.week);
    assert_eq!(days.len(), 7);
    assert_eq!((days[0].0, days[0].1.len()), ("Monday", 1));
    assert_eq!((days[2].0, days[2].1.len()), ("Wednesday", 2));
}

#[test]
fn a_review_says_how_it_stands() {
    for (day, words) in [
        (None, "No review is set"),
        (Some(date(2026, 5, 1)), "Review due today"),
        (Some(date(2026, 5, 2)), "Review in 1 day"),
        (Some(date(2026, 4, 29)), "Review overdue by 2 days"),
    ] {
        assert_eq!(review_in_words(day, TODAY), words);
    }
}

#[test]
fn sentences_are_parted_and_short_words_are_not_ends() {
    for (text, parts) in [
        ("", vec![]),
        ("Ring her", vec!["Ring her."]),
        ("Ring her. Then wait!", vec!["Ring her.", "Then wait!"]),
        (
            "See Dr. Frost at 2.30 today",
            vec!["See Dr. Frost at 2.30 today."],
        ),
        ("One thing\nAnother", vec!["One thing.", "Another."]),
    ] {
        assert_eq!(sentences(text), parts, "{text}");
    }
}

#[test]
fn the_easy_version_has_one_idea_a_line() {
    let told = easy_read(&plan());
    let text: Vec<String> = told
        .iter()
        .flat_map(|(heading, lines)| {
            let lines = lines.iter().map(|line| format!("- {line}"));
            std::iter::once((*heading).to_owned()).chain(lines)
        })
        .collect();
    assert_eq!(
        text,
        [
            "What I want",
            "- I want to get to the shop by myself.",
            "- We will know when: I go twice a week.",
            "What will happen",
            "- Kofi: Practise the way to the shop with me.",
            "- By 20 May 2026.",
            "My week",
            "- Every day at 8:30am: Help to wash, Framley Home Care.",
            "- Wednesday at 2pm: Lunch club.",
            "If something goes wrong",
            "- Ring my daughter.",
            "- If she is away, ring Careline.",
            "Things that help me",
            "- I do not have an alarm or other telecare.",
            "- I have tried one and do not want it.",
            "- I have equipment.",
            "- A frame and a perching stool.",
            "My money",
            "- My budget is £142.50 a week.",
            "Who to ask",
            "- Priya Nair looks after this plan.",
            "- Ring 01632 960 111.",
            "- We look at this plan again on 12 June 2026.",
        ]
    );
}
