//! The health and wellbeing board: its statutory members, and whether a meeting can decide.
//!
//! Source: Health and Social Care Act 2012 section 194 (RULES M.1, from memory): at least one
//! councillor; the directors of adult social services, of children's services and of public
//! health; a representative of Local Healthwatch; and of each integrated care board (of each
//! clinical commissioning group before July 2022). One person may represent several of these with
//! consent. The quorum is local. Legislation of 2026 may change this (RULES N, item 12: not
//! established), so memberships have dates.
//!
//! In words: a statutory member that a board lacks on a day is a warning with who is missing. A
//! meeting can decide when as many voting members as the board's own rules say are there, and
//! every kind of member that they ask for.

use crate::words::words;
use jiff::civil::Date;

words!(
    /// As what somebody is a member.
    Seat {
        /// A councillor of the council.
        Councillor = "councillor",
        /// Director of adult social services.
        AdultServices = "director of adult social services",
        /// Director of children's services.
        ChildrensServices = "director of children's services",
        /// Director of public health.
        PublicHealth = "director of public health",
        /// A representative of Local Healthwatch.
        Healthwatch = "Local Healthwatch",
        /// A representative of an integrated care board or commissioning group.
        IntegratedCareBoard = "integrated care board",
        /// Anybody else whom council or board think right.
        Other = "other",
    }
);

/// A membership. One person may have several, for instance of two integrated care boards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Whose: a short name that is the same for all memberships of one person.
    pub member: String,
    /// As what.
    pub seat: Seat,
    /// For which organisation, where the seat is one of several; else empty.
    pub organisation: String,
    /// First day.
    pub from: Date,
    /// Last day; `None` while it lasts.
    pub to: Option<Date>,
    /// May vote.
    pub votes: bool,
}

impl Membership {
    fn holds_on(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|last| on <= last)
    }
}

/// Statutory members that are missing on a day, as sentences. `boards` are the integrated care
/// boards of the area.
pub fn missing(members: &[Membership], boards: &[&str], on: Date) -> Vec<String> {
    let there = |seat: Seat| {
        members
            .iter()
            .filter(move |one| one.seat == seat && one.holds_on(on))
    };
    let mut missing: Vec<String> = [
        Seat::Councillor,
        Seat::AdultServices,
        Seat::ChildrensServices,
        Seat::PublicHealth,
        Seat::Healthwatch,
    ]
    .into_iter()
    .filter(|seat| there(*seat).next().is_none())
    .map(|seat| format!("no {seat} is a member"))
    .collect();
    for board in boards {
        if !there(Seat::IntegratedCareBoard).any(|one| one.organisation.eq_ignore_ascii_case(board))
        {
            missing.push(format!("nobody represents {board}"));
        }
    }
    missing
}

/// A board's own rule of quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// How many people who may vote must be there.
    pub least: usize,
    /// Seats of which somebody must be there.
    pub seats: Vec<Seat>,
}

/// What a meeting lacks to decide; nothing if it can. Whoever has two seats is counted once.
pub fn lacks(quorum: &Quorum, members: &[Membership], present: &[&str], on: Date) -> Vec<String> {
    let here: Vec<&Membership> = members
        .iter()
        .filter(|one| one.holds_on(on) && present.contains(&one.member.as_str()))
        .collect();
    let mut voters: Vec<&str> = here
        .iter()
        .filter(|one| one.votes)
        .map(|one| one.member.as_str())
        .collect();
    voters.sort_unstable();
    voters.dedup();
    let mut lacks = Vec::new();
    if voters.len() < quorum.least {
        lacks.push(format!(
            "{} of {} who may vote are there",
            voters.len(),
            quorum.least
        ));
    }
    for seat in &quorum.seats {
        if !here.iter().any(|one| one.seat == *seat) {
            lacks.push(format!("no {seat} is there"));
        }
    }
    lacks
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn member(name: &str, seat: Seat, organisation: &str) -> Membership {
        Membership {
            member: name.to_owned(),
            seat,
            organisation: organisation.to_owned(),
            from: date(2024, 4, 1),
            to: None,
            votes: seat != Seat::Other,
        }
    }

    fn members() -> Vec<Membership> {
        vec![
            member("m1", Seat::Councillor, ""),
            member("m2", Seat::AdultServices, ""),
            member("m2", Seat::ChildrensServices, ""),
            member("m3", Seat::PublicHealth, ""),
            member("m4", Seat::Healthwatch, ""),
            member("m5", Seat::IntegratedCareBoard, "East"),
            member("m5", Seat::IntegratedCareBoard, "West"),
            member("m6", Seat::Other, "Police"),
        ]
    }

    #[test]
    fn statutory_members_by_day() {
        let on = date(2025, 5, 1);
        let boards = ["East", "west"];
        assert_eq!(missing(&members(), &boards, on), [""; 0]);
        let mut without = members();
        without[4].to = Some(date(2025, 4, 30));
        without.remove(6);
        assert_eq!(
            missing(&without, &boards, on),
            ["no Local Healthwatch is a member", "nobody represents west"]
        );
        assert_eq!(missing(&without, &["East"], date(2025, 4, 30)), [""; 0]);
        assert_eq!(missing(&members(), &boards, date(2024, 3, 31)).len(), 7);
    }

    #[test]
    fn a_meeting_decides_by_its_own_quorum() {
        let quorum = Quorum {
            least: 3,
            seats: vec![Seat::Councillor, Seat::IntegratedCareBoard],
        };
        for (present, expected) in [
            (&["m1", "m5", "m3"][..], vec![]),
            (&["m1", "m2", "m5"][..], vec![]),
            (
                &["m1", "m5", "m6"][..],
                vec!["2 of 3 who may vote are there"],
            ),
            (&["m2", "m3", "m5"][..], vec!["no councillor is there"]),
            (
                &["m1", "m2", "m3", "stranger"][..],
                vec!["no integrated care board is there"],
            ),
        ] {
            let on = date(2025, 5, 1);
            assert_eq!(
                lacks(&quorum, &members(), present, on),
                expected,
                "{present:?}"
            );
        }
    }
}
