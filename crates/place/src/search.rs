//! Finding services: by need, by the words people type, by where and by when.
//!
//! In words: words are compared without capitals, marks and endings in "s"; small words do not
//! count. Words that say a need find every service that meets it, before services that have the
//! words in their names; words in what is said of a service count where no need is understood.
//! A place and a time leave out what is known not to be there or not to be open. What may be
//! there comes after what is, and says so. Among equals, who does fewer things comes first. The
//! same question gives the same answer in the same order.

use crate::opening::State;
use crate::service::{Serves, Service};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{Calendar, Need, Needs};
use std::collections::BTreeSet;

/// What is looked for. What is empty is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words as typed.
    pub words: String,
    /// Code of a need.
    pub need: String,
    /// A postcode, or the name of a district, town or village.
    pub area: String,
    /// Only those that are open at this instant, or may be.
    pub open_at: Option<Timestamp>,
    /// Those that have ended, in the place of those that have not.
    pub ended: bool,
}

/// One service found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its number among the services that were searched, from 0.
    pub index: usize,
    /// Whether it is for where was asked.
    pub serves: Serves,
    /// Whether it was found by its hours only for want of knowing them.
    pub hours_unknown: bool,
    score: u32,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Codes of the needs that the words were taken to say.
    pub understood: Vec<String>,
    /// The services, the best first.
    pub hits: Vec<Hit>,
}

/// Weight of meeting a need that was said.
const BY_NEED: u32 = 20;
/// Weight of a word in the name.
const IN_NAME: u32 = 5;
/// Weight of a word in what is said of the service.
const IN_TEXT: u32 = 1;

/// Words that say nothing of what is looked for.
const SMALL: [&str; 94] = [
    "a", "about", "after", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "can",
    "cannot", "cant", "dad", "do", "does", "doing", "ever", "father", "find", "for", "from", "get",
    "gets", "getting", "go", "going", "had", "has", "have", "he", "help", "her", "him", "his",
    "how", "husband", "i", "im", "in", "is", "it", "its", "live", "lives", "me", "mother", "mum",
    "my", "need", "needs", "no", "not", "of", "on", "or", "our", "out", "over", "please",
    "service", "services", "she", "so", "some", "somebody", "someone", "that", "the", "them",
    "there", "they", "this", "to", "too", "up", "us", "want", "was", "we", "were", "what", "when",
    "where", "who", "wife", "will", "with", "would", "you", "your",
];

/// Words in the form in which they are compared.
fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace(['\'', '’'], "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(plain)
        .collect()
}

/// A word without its ending in "s", where enough is left of it.
fn plain(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(stem) if stem.chars().count() >= 3 && !stem.ends_with('s') => stem.to_owned(),
        _ => word.to_owned(),
    }
}

fn is_small(word: &str) -> bool {
    SMALL.contains(&word)
}

/// The needs that words say: those of which a word or a whole phrase was typed, in any order;
/// those that say it in most words first. A need that is part of a longer one is kept too.
pub fn understood<'a>(typed: &str, needs: &'a Needs) -> Vec<&'a Need> {
    let typed: BTreeSet<String> = words(typed).into_iter().collect();
    let mut said: Vec<(usize, &Need)> = Vec::new();
    for need in needs {
        let phrases = need.words.iter().chain([&need.label]);
        let longest = phrases
            .map(|phrase| words(phrase))
            .filter(|phrase| phrase.iter().any(|word| !is_small(word)))
            .filter(|phrase| phrase.iter().all(|word| typed.contains(word)))
            .map(|phrase| phrase.len())
            .max();
        said.extend(longest.map(|length| (length, need)));
    }
    said.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    said.into_iter().map(|(_, need)| need).collect()
}

/// Finds services. Those that have ended are found only where they are asked for.
pub fn search(
    services: &[&Service],
    query: &Query,
    needs: &Needs,
    calendar: &Calendar,
    today: Date,
) -> Found {
    let understood = understood(&query.words, needs);
    let typed: BTreeSet<String> = words(&query.words)
        .into_iter()
        .filter(|word| !is_small(word))
        .collect();
    let asks_words = !query.words.trim().is_empty();
    // A need that was understood is better than a word somewhere in a text.
    let least = if understood.is_empty() {
        IN_TEXT
    } else {
        IN_NAME
    };
    let mut hits = Vec::new();
    for (index, service) in services.iter().enumerate() {
        if service.has_ended(today) != query.ended {
            continue;
        }
        if !query.need.is_empty() && !service.needs.contains(&query.need) {
            continue;
        }
        let serves = service.serves(&query.area);
        if serves == Serves::No {
            continue;
        }
        let score = score(service, &understood, &typed);
        if asks_words && score < least {
            continue;
        }
        let state = query.open_at.map(|at| service.hours.at(at, calendar));
        if state.as_ref().is_some_and(State::is_closed) {
            continue;
        }
        hits.push(Hit {
            index,
            serves,
            hours_unknown: state.is_some_and(|state| !state.is_open()),
            score,
        });
    }
    let by_need = asks_words || !query.need.is_empty();
    hits.sort_by_key(|hit| {
        let service = services.get(hit.index);
        // Who does one thing comes before who does it among others.
        let breadth = service.filter(|_| by_need).map(|one| one.needs.len());
        (
            hit.serves,
            hit.hours_unknown,
            std::cmp::Reverse(hit.score),
            breadth,
            service.map(|one| one.name.as_str()),
            hit.index,
        )
    });
    Found {
        understood: understood.iter().map(|need| need.code.clone()).collect(),
        hits,
    }
}

fn score(service: &Service, understood: &[&Need], typed: &BTreeSet<String>) -> u32 {
    let by_need = understood
        .iter()
        .filter(|need| service.needs.contains(&need.code))
        .count();
    let name = words(&format!("{} {}", service.name, service.organisation));
    let text = words(&format!("{} {}", service.what, service.who_for));
    let counted = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let of = |among: &[String]| counted(typed.iter().filter(|word| among.contains(word)).count());
    counted(by_need) * BY_NEED + of(&name) * IN_NAME + of(&text) * IN_TEXT
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::service::{Typed, read};
    use jiff::civil::date;

    fn needs() -> Needs {
        Needs::parse(include_str!("../../../policy/directory/needs.csv")).0
    }

    fn service(name: &str, needs_met: &str, areas: &str, hours: &str, what: &str) -> Service {
        let typed = Typed {
            name: name.to_owned(),
            what: what.to_owned(),
            needs: needs_met.to_owned(),
            areas: areas.to_owned(),
            referral: "self".to_owned(),
            hours: hours.to_owned(),
            telephone: "01632 960 001".to_owned(),
            checked_on: "2026-11-01".to_owned(),
            ..Typed::default()
        };
        read(&typed, &needs(), date(2026, 11, 25)).unwrap()
    }

    fn place() -> Vec<Service> {
        let mut all = vec![
            service(
                "Falls Clinic",
                "falls",
                "ZZ1; ZZ2",
                "Mon-Fri 9am-5pm",
                "Checks your balance.",
            ),
            service(
                "Night Care Line",
                "alarms; falls",
                "",
                "every day 24 hours; bank holidays as usual",
                "Answers alarms.",
            ),
            service(
                "Carers' Hub",
                "carers; breaks",
                "West Barsetshire",
                "",
                "Support for those who look after somebody.",
            ),
            service(
                "Handy Folk",
                "adaptations",
                "ZZ11",
                "Sat 9am-1pm",
                "Small repairs, so that nobody falls.",
            ),
            service("Old Club", "company", "", "", "Closed in spring."),
        ];
        all[4].ended_on = Some(date(2026, 4, 1));
        all
    }

    fn found(query: &Query) -> Vec<String> {
        let all = place();
        let all: Vec<&Service> = all.iter().collect();
        let calendar = Calendar::parse(include_str!("../../../policy/bank-holidays.csv")).0;
        search(&all, query, &needs(), &calendar, date(2026, 11, 25))
            .hits
            .iter()
            .map(|hit| {
                let mark = if hit.serves == Serves::Perhaps {
                    "?"
                } else {
                    ""
                };
                format!("{}{mark}", all[hit.index].name)
            })
            .collect()
    }

    fn words_of(text: &str) -> Query {
        Query {
            words: text.to_owned(),
            ..Query::default()
        }
    }

    #[test]
    fn words_find_needs_first_and_then_words() {
        assert_eq!(
            found(&words_of("Mum fell over")),
            ["Falls Clinic", "Night Care Line"]
        );
        // "falls" is a need, a name and a word of what is said, which does not count then.
        assert_eq!(
            found(&words_of("falls")),
            ["Falls Clinic", "Night Care Line"]
        );
        assert_eq!(found(&words_of("carer's hub")), ["Carers' Hub"]);
        assert_eq!(found(&words_of("nobody")), ["Handy Folk"]);
        assert_eq!(found(&words_of("help me please")), [""; 0]);
        assert_eq!(found(&words_of("old club")), [""; 0], "it has ended");
        assert_eq!(found(&Query::default()).len(), 4);
        let ended = Query {
            ended: true,
            ..Query::default()
        };
        assert_eq!(found(&ended), ["Old Club"]);
    }

    #[test]
    fn place_and_time_leave_out_what_is_not_there() {
        let at = |area: &str| Query {
            area: area.to_owned(),
            ..Query::default()
        };
        assert_eq!(
            found(&at("ZZ1 4AB")),
            ["Falls Clinic", "Night Care Line", "Carers' Hub?"]
        );
        assert_eq!(
            found(&at("West Barsetshire")),
            [
                "Carers' Hub",
                "Night Care Line",
                "Falls Clinic?",
                "Handy Folk?"
            ]
        );
        let open = |when: &str| Query {
            open_at: kernel::calendar::instant(when.parse().unwrap()),
            ..Query::default()
        };
        // What is not known to be closed comes last.
        assert_eq!(
            found(&open("2026-11-28T10:00")),
            ["Handy Folk", "Night Care Line", "Carers' Hub"]
        );
        assert_eq!(
            found(&open("2026-11-25T10:00")),
            ["Falls Clinic", "Night Care Line", "Carers' Hub"]
        );
        let need = Query {
            need: "falls".to_owned(),
            ..Query::default()
        };
        assert_eq!(found(&need), ["Falls Clinic", "Night Care Line"]);
    }

    #[test]
    fn what_people_type_says_a_need() {
        let needs = needs();
        for (typed, expected) in [
            ("my husband is getting forgetful", "memory"),
            ("Meals on Wheels", "meals"),
            ("I look after my mum", ""),
            ("looking after my wife, I need a break", "breaks"),
            ("he wants to end my life", "crisis"),
            ("blue badge", "transport"),
            ("attendance allowance", "money"),
            ("stair-lift", "adaptations"),
            ("wound", "nursing"),
            ("xyzzy", ""),
        ] {
            let said = understood(typed, &needs);
            let first = said.iter().any(|need| need.code == expected);
            assert!(
                first || (expected.is_empty()),
                "{typed}: {:?}",
                said.iter().map(|need| &need.code).collect::<Vec<_>>()
            );
        }
    }
}
