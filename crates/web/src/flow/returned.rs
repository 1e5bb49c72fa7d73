//! Who is back in hospital soon after they left, in words: on the board, on the stay, in a huddle.

use super::board;
use super::view::{BackLine, BackPart};
use crate::words;
use access::{Action, Actor};
use app::flow::{BackCounts, BackIn, BackPage};
use kernel::StayId;

/// "5 back in hospital soon after leaving, 2 of them within 2 days".
pub(super) fn counts(counts: BackCounts) -> String {
    let all = words::count(counts.back);
    let failed = match counts.failed {
        0 => String::new(),
        failed => format!(", {} after a discharge that failed", words::count(failed)),
    };
    format!("{all} back in hospital soon after leaving{failed}")
}

/// "Back in hospital, 3 days after leaving on 13 October 2018".
pub(super) fn in_words(back: &BackIn) -> String {
    let days = match back.back.days {
        0 => "on the day of leaving,".to_owned(),
        days => format!("{} after leaving on", words::counted(days, "day")),
    };
    format!("Back in hospital, {days} {}", words::date(back.left_on))
}

/// A line with its link to the last stay.
pub(super) fn line(back: &BackIn) -> BackLine {
    BackLine {
        words: in_words(back),
        href: format!("/flow/stay/{}", back.last),
        failed: back.back.failed,
    }
}

/// What the page of a stay says of the last one.
pub(super) fn part(page: &BackPage, stay: StayId, open: bool, actor: &Actor) -> BackPart {
    let last = &page.last;
    let destination = match last.destination.as_str() {
        "" => "Not known".to_owned(),
        known => known.to_owned(),
    };
    let may = access::decide(actor, Action::SeekService).is_ok();
    BackPart {
        line: line(&page.back),
        facts: vec![
            ("Left", words::known(&page.hospital).to_owned()),
            ("Pathway then", board::pathway(last.stay.pathway)),
            ("Destination then", destination),
        ],
        care: page.care.clone(),
        restart: match may && open && page.restarts {
            true => format!("/flow/stay/{stay}/need"),
            false => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ::flow::readmission::Back;
    use jiff::civil::date;

    #[test]
    fn it_is_said_in_words() {
        let last: StayId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        for (days, said) in [
            (
                0,
                "Back in hospital, on the day of leaving, 13 October 2018",
            ),
            (
                1,
                "Back in hospital, 1 day after leaving on 13 October 2018",
            ),
            (
                3,
                "Back in hospital, 3 days after leaving on 13 October 2018",
            ),
        ] {
            let back = BackIn {
                back: Back {
                    days,
                    failed: false,
                },
                last,
                left_on: date(2018, 10, 13),
            };
            assert_eq!(in_words(&back), said);
        }
        let counts_of = |back, failed| counts(BackCounts { back, failed });
        assert_eq!(counts_of(5, 0), "5 back in hospital soon after leaving");
        assert_eq!(
            counts_of(5, 2),
            "5 back in hospital soon after leaving, 2 after a discharge that failed"
        );
    }
}
