//! Which law of the notices between hospital and council applies on a day.
//!
//! Source: Community Care (Delayed Discharges etc.) Act 2003; Care Act 2014, Schedule 3; COVID-19
//! hospital discharge service requirements of 19 March 2020; Health and Care Act 2022, section 91
//! (Schedule 3 omitted from 1 July 2022); RULES B.1. The days are data (`notice.law`).
//!
//! In words: the law of the day on which a notice is given counts, not that of the admission. A
//! notice is written while Schedule 3 applies and is used, or where hospitals and councils of the
//! place use the notices by their own agreement (`notice.local_agreement`); such a notice has no
//! force in law, and the page says so.

use crate::policy::Policy;
use crate::text_enum;
use jiff::civil::Date;

text_enum! {
    /// The law of the notices.
    NoticeLaw {
        /// Notices under the Act of 2003.
        Act2003 = "act of 2003",
        /// Notices under Schedule 3.
        Schedule3 = "schedule 3",
        /// Schedule 3 is law and its notices are not used.
        NotUsed = "schedule 3 not used",
        /// There are no notices.
        None = "none",
    }
}

impl NoticeLaw {
    /// What it means for whoever would write a notice, in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Act2003 => {
                "The notices of today are those of the Community Care (Delayed Discharges etc.) \
                 Act 2003. They are not written here."
            }
            Self::Schedule3 => {
                "Schedule 3 to the Care Act 2014 applies today. The hospital gives an assessment \
                 notice, then a discharge notice, and the council answers."
            }
            Self::NotUsed => {
                "Schedule 3 to the Care Act 2014 is law today, but its notices are not used since \
                 19 March 2020 (COVID-19 discharge requirements)."
            }
            Self::None => {
                "The law has no such notices today. Schedule 3 to the Care Act 2014 was left out \
                 on 1 July 2022 (Health and Care Act 2022). Hospital and council plan together, \
                 and involve the person and their carers as soon as they can."
            }
        }
    }
}

/// What applies on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applies {
    /// The law.
    pub law: NoticeLaw,
    /// Whether the place uses the notices by its own agreement.
    pub agreed: bool,
}

impl Applies {
    /// What applies on a day. A law that is not on file is none.
    pub fn on(policy: &Policy, day: Date) -> Self {
        let text = policy.on("notice.law", day).ok();
        let text = text.and_then(|one| one.text().ok().map(str::to_owned));
        let agreed = policy.on("notice.local_agreement", day).ok();
        Self {
            law: text
                .and_then(|text| NoticeLaw::parse(&text))
                .unwrap_or(NoticeLaw::None),
            agreed: agreed.and_then(|one| one.flag().ok()).unwrap_or(false),
        }
    }

    /// Whether a notice can be written.
    pub const fn may_write(self) -> bool {
        matches!(self.law, NoticeLaw::Schedule3) || self.agreed
    }

    /// Under what a notice is given, as it says itself; empty where none can be.
    pub const fn under(self) -> &'static str {
        match (self.law, self.agreed) {
            (NoticeLaw::Schedule3, _) => "given under Schedule 3 to the Care Act 2014",
            (_, true) => "given by agreement between hospital and council, not under a law",
            (_, false) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_decides_which_law_applies() {
        let policy = Policy::builtin();
        for (day, law, may) in [
            (date(2003, 12, 31), NoticeLaw::None, false),
            (date(2015, 3, 31), NoticeLaw::Act2003, false),
            (date(2015, 4, 1), NoticeLaw::Schedule3, true),
            (date(2020, 3, 18), NoticeLaw::Schedule3, true),
            (date(2020, 3, 19), NoticeLaw::NotUsed, false),
            (date(2022, 6, 30), NoticeLaw::NotUsed, false),
            (date(2022, 7, 1), NoticeLaw::None, false),
            (date(2026, 8, 6), NoticeLaw::None, false),
        ] {
            let applies = Applies::on(&policy, day);
            assert_eq!((applies.law, applies.may_write()), (law, may), "{day}");
        }
    }

    #[test]
    fn a_place_can_agree_to_go_on_with_them() {
        let parameters = include_str!("../../../policy/parameters/flow.csv").replace(
            "notice.local_agreement,England,2010-08-01,,no",
            "notice.local_agreement,England,2010-08-01,,yes",
        );
        let policy = Policy::from_texts(&[("parameters/flow.csv", &parameters)]).unwrap();
        let applies = Applies::on(&policy, date(2026, 8, 6));
        assert!(applies.may_write() && applies.under().contains("not under a law"));
        let then = Applies::on(&policy, date(2018, 8, 6));
        assert!(then.under().contains("Schedule 3"));
    }
}
