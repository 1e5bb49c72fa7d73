//! The code lists of the notices, as kept in `policy/codes/adw-*.csv`.

use flow::NoticeKind;
use flow::receive::Withdraws;

const EVENTS: &str = include_str!("../../../../policy/codes/adw-events.csv");
const LISTS: &str = include_str!("../../../../policy/codes/adw-lists.csv");
const QUESTIONS: &str = include_str!("../../../../policy/codes/adw-questions.csv");

/// The cells of each line of a file after its header. A cell may be quoted; none
/// of these files has a quote or a line break inside a cell.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).map(|line| {
        let mut cells = Vec::new();
        let mut rest = line;
        loop {
            let (cell, after) = match rest.strip_prefix('"') {
                Some(quoted) => match quoted.split_once('"') {
                    Some((cell, after)) => (cell, after.strip_prefix(',')),
                    None => (quoted, None),
                },
                None => match rest.split_once(',') {
                    Some((cell, after)) => (cell, Some(after)),
                    None => (rest, None),
                },
            };
            cells.push(cell);
            match after {
                Some(more) => rest = more,
                None => return cells,
            }
        }
    })
}

fn cell<'a>(row: &[&'a str], column: usize) -> &'a str {
    row.get(column).copied().unwrap_or_default()
}

/// What an event code means: the kind of message, and what it withdraws.
pub(super) fn event(code: &str) -> Option<(NoticeKind, Option<Withdraws>)> {
    let row = rows(EVENTS).find(|row| cell(row, 0) == code)?;
    Some((
        NoticeKind::parse(cell(&row, 2))?,
        Withdraws::parse(cell(&row, 3)),
    ))
}

/// The event code of a kind of message.
pub(super) fn event_code(kind: NoticeKind, withdraws: Option<Withdraws>) -> &'static str {
    let scope = match kind {
        NoticeKind::Withdrawal => withdraws.unwrap_or(Withdraws::All).as_str(),
        _ => "",
    };
    rows(EVENTS)
        .find(|row| cell(row, 2) == kind.as_str() && cell(row, 3) == scope)
        .map_or("", |row| cell(&row, 0))
}

/// The list a code system's address names: the last part of it.
fn list_name(system: &str) -> &str {
    system.rsplit('/').next().unwrap_or(system)
}

/// Whether a code system is one of the notices' own lists.
pub(super) fn is_list(system: &str) -> bool {
    let name = list_name(system);
    rows(LISTS).any(|row| cell(&row, 0) == name)
}

/// The words of a code in one of the notices' own lists.
pub fn label(system: &str, code: &str) -> Option<&'static str> {
    let name = list_name(system);
    rows(LISTS)
        .find(|row| cell(row, 0) == name && cell(row, 1) == code)
        .map(|row| cell(&row, 2))
}

/// The codes of one of the notices' own lists with their words, in order.
pub fn codes(list: &str) -> Vec<(&'static str, &'static str)> {
    rows(LISTS)
        .filter(|row| cell(row, 0) == list)
        .map(|row| (cell(&row, 1), cell(&row, 2)))
        .collect()
}

/// A question that the profile of a notice asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its exact words.
    pub text: &'static str,
    /// The code list of its answer; `None` if it is answered in words.
    pub list: Option<&'static str>,
    /// Whether it must be answered.
    pub needed: bool,
}

/// The questions of a kind of notice, in their order; none for most kinds.
pub fn questions(kind: NoticeKind) -> Vec<Question> {
    rows(QUESTIONS)
        .filter(|row| cell(row, 0) == kind.as_str())
        .map(|row| Question {
            text: cell(&row, 1),
            list: Some(cell(&row, 2)).filter(|list| !list.is_empty()),
            needed: cell(&row, 3) == "yes",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn every_kind_has_its_event_and_back() {
        for kind in NoticeKind::ALL {
            let scopes: &[Option<Withdraws>] = match kind {
                NoticeKind::Withdrawal => &[
                    Some(Withdraws::All),
                    Some(Withdraws::Assessment),
                    Some(Withdraws::Discharge),
                ],
                _ => &[None],
            };
            for scope in scopes {
                let code = event_code(*kind, *scope);
                assert_eq!(event(code), Some((*kind, *scope)), "{kind} {code}");
            }
        }
        assert_eq!(event("1"), None);
    }

    #[test]
    fn lists_and_questions_are_read() {
        let system = "https://fhir.nhs.uk/ADW-WithdrawalReason-1";
        assert_eq!(label(system, "08"), Some("Patient has died"));
        assert_eq!(label(system, "99"), None);
        assert!(is_list(system) && !is_list("http://snomed.info/sct"));
        let asked = questions(NoticeKind::Assessment);
        assert_eq!(asked.iter().filter(|one| one.needed).count(), 6);
        assert!(asked[3].text.ends_with("details of these."));
        for one in asked.iter().filter_map(|one| one.list) {
            assert!(is_list(one), "{one}");
        }
        assert_eq!(questions(NoticeKind::Discharge).len(), 2);
    }
}
