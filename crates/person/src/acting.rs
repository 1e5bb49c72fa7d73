//! Who acts for a person, and what they may do.
//!
//! Source: Mental Capacity Act 2005 sections 1 to 3 (capacity is for one decision at a time),
//! 9 to 11 (lasting powers of attorney), 16 to 20 (deputies), 35 to 39 (independent mental
//! capacity advocates); Care Act 2014 sections 67 and 68 with SI 2014/2889 (independent advocates
//! and the appropriate individual); RULES G.5, G.9. From memory.
//!
//! In words: an attorney or a deputy acts within the scope of the power: health and welfare,
//! property and affairs, or both. A power over health and welfare is used only for a decision that
//! the person cannot make. An advocate supports and speaks, and decides nothing. Neither does the
//! next of kin, or somebody who is told of: they are asked and told. Whether a power is there is
//! known only from its document or the public register; what somebody says of it is noted as told,
//! and nobody decides by it. Whoever acts does so from a day, to a day, and while it was not ended.

use jiff::civil::Date;

/// The part that somebody plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Attorney under a lasting power of attorney.
    Attorney,
    /// Deputy appointed by the Court of Protection.
    Deputy,
    /// Independent mental capacity advocate.
    CapacityAdvocate,
    /// Independent advocate under the Care Act.
    CareAdvocate,
    /// Appropriate individual under the Care Act, who supports the person.
    Supporter,
    /// Next of kin, as told.
    NextOfKin,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Attorney,
        Self::Deputy,
        Self::CapacityAdvocate,
        Self::CareAdvocate,
        Self::Supporter,
        Self::NextOfKin,
    ];

    /// The word it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attorney => "attorney",
            Self::Deputy => "deputy",
            Self::CapacityAdvocate => "capacity-advocate",
            Self::CareAdvocate => "care-advocate",
            Self::Supporter => "supporter",
            Self::NextOfKin => "next-of-kin",
        }
    }

    /// Reads the word back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

impl Part {
    /// As people say it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Attorney => "Attorney (lasting power of attorney)",
            Self::Deputy => "Deputy (Court of Protection)",
            Self::CapacityAdvocate => "Independent mental capacity advocate",
            Self::CareAdvocate => "Independent advocate (Care Act)",
            Self::Supporter => "Supports the person in assessment and planning",
            Self::NextOfKin => "Next of kin, as told",
        }
    }

    /// Whether the part comes with a power to decide, within its scope.
    pub const fn has_power(self) -> bool {
        matches!(self, Self::Attorney | Self::Deputy)
    }
}

/// How it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// The document was seen.
    Seen,
    /// The register of the Office of the Public Guardian was asked.
    Register,
    /// The service that provides advocates said so.
    Service,
    /// Somebody said so.
    Told,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Seen, Self::Register, Self::Service, Self::Told];

    /// The word it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Register => "register",
            Self::Service => "service",
            Self::Told => "told",
        }
    }

    /// Reads the word back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

impl Source {
    /// As people say it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Seen => "the document was seen",
            Self::Register => "the public register was asked",
            Self::Service => "the advocacy service said so",
            Self::Told => "somebody said so",
        }
    }

    /// Whether a power may rest on it.
    pub const fn proves_power(self) -> bool {
        matches!(self, Self::Seen | Self::Register)
    }
}

/// What a power is over. Empty for parts without one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Health and welfare.
    pub welfare: bool,
    /// Property and affairs.
    pub property: bool,
}

impl Scope {
    /// As people say it; empty for none.
    pub const fn in_words(self) -> &'static str {
        match (self.welfare, self.property) {
            (true, true) => "health and welfare, property and affairs",
            (true, false) => "health and welfare",
            (false, true) => "property and affairs",
            (false, false) => "",
        }
    }
}

/// Somebody who acts for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// The part.
    pub part: Part,
    /// Name.
    pub name: String,
    /// Who they are to the person, such as *daughter*; may be empty.
    pub relation: String,
    /// Telephone; may be empty.
    pub telephone: String,
    /// What the power is over.
    pub scope: Scope,
    /// First day, if known.
    pub starts_on: Option<Date>,
    /// Last day, if there is one.
    pub ends_on: Option<Date>,
    /// How it is known.
    pub source: Source,
    /// Who said so, or which document, in words.
    pub source_words: String,
}

impl Acting {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.starts_on.is_none_or(|first| first <= day)
            && self.ends_on.is_none_or(|last| day <= last)
    }

    /// Whether they may decide about health and welfare on a day, where the person cannot.
    pub fn decides_welfare(&self, day: Date) -> bool {
        self.holds_on(day)
            && self.part.has_power()
            && self.scope.welfare
            && self.source.proves_power()
    }

    /// What they may do, in a sentence.
    pub fn may(&self) -> String {
        let scope = self.scope.in_words();
        match (self.part.has_power(), self.source.proves_power()) {
            (true, true) if self.scope.welfare => format!(
                "May decide on {scope}. On health and welfare only what the person cannot decide"
            ),
            (true, true) => format!("May decide on {scope}, and not on health and welfare"),
            (true, false) => {
                format!(
                    "Said to have a power over {scope}. Ask for the document or the register before relying on it"
                )
            }
            (false, _) => match self.part {
                Part::NextOfKin => "Is asked and told. Has no power to decide".to_owned(),
                Part::Supporter => "Supports the person. Has no power to decide".to_owned(),
                _ => "Supports and speaks for the person. Has no power to decide".to_owned(),
            },
        }
    }
}

/// What is wrong with what was typed: field and what to do.
pub fn problems(one: &Acting) -> Vec<(&'static str, &'static str)> {
    let scoped = one.scope.welfare || one.scope.property;
    let mut wrong = Vec::new();
    if one.name.trim().is_empty() {
        wrong.push(("name", "Enter the name of who acts for the person"));
    }
    if one.part.has_power() && !scoped {
        wrong.push(("scope", "Choose what the power is over"));
    }
    if !one.part.has_power() && scoped {
        let text = "Only an attorney or a deputy has a power; leave this empty";
        wrong.push(("scope", text));
    }
    if !one.part.has_power() && one.source == Source::Register {
        let text = "The public register has attorneys and deputies only; choose how it is known";
        wrong.push(("source", text));
    }
    if one.source_words.trim().is_empty() {
        let text = "Say who said so, or which document was seen";
        wrong.push(("source_words", text));
    }
    if let (Some(first), Some(last)) = (one.starts_on, one.ends_on)
        && last < first
    {
        wrong.push(("ends_on", "The last day is before the first day"));
    }
    wrong
}

/// Those of some who hold on a day, in the order in which they are turned to about health and
/// welfare: who may decide, then advocates, then who supports, then who is told; others last.
pub fn in_order(all: &[Acting], day: Date) -> Vec<&Acting> {
    let mut now: Vec<&Acting> = all.iter().filter(|one| one.holds_on(day)).collect();
    now.sort_by_key(|one| {
        let place = match one.part {
            Part::Attorney | Part::Deputy if one.decides_welfare(day) => 0,
            Part::CapacityAdvocate | Part::CareAdvocate => 1,
            Part::Supporter => 2,
            Part::NextOfKin => 3,
            Part::Attorney | Part::Deputy => 4,
        };
        (place, one.name.clone())
    });
    now
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DAY: Date = date(2026, 5, 12);
    const WELFARE: Scope = Scope {
        welfare: true,
        property: false,
    };
    const PROPERTY: Scope = Scope {
        welfare: false,
        property: true,
    };
    const NONE: Scope = Scope {
        welfare: false,
        property: false,
    };

    fn acting(part: Part, scope: Scope, source: Source) -> Acting {
        Acting {
            part,
            name: "Eleanor Bold".to_owned(),
            relation: "daughter".to_owned(),
            telephone: String::new(),
            scope,
            starts_on: Some(date(2026, 5, 1)),
            ends_on: None,
            source,
            source_words: "The paper of 3 May".to_owned(),
        }
    }

    #[test]
    fn who_decides_about_health_and_welfare() {
        use Part::{Attorney, CapacityAdvocate, CareAdvocate, Deputy, NextOfKin, Supporter};
        use Source::{Register, Seen, Service, Told};
        for (part, scope, source, decides) in [
            (Attorney, WELFARE, Seen, true),
            (Attorney, WELFARE, Register, true),
            (Deputy, WELFARE, Seen, true),
            // Of the other kind, or only told of.
            (Attorney, PROPERTY, Seen, false),
            (Deputy, PROPERTY, Register, false),
            (Attorney, WELFARE, Told, false),
            (Deputy, WELFARE, Service, false),
            // Nobody else decides, whatever is on the paper.
            (CapacityAdvocate, NONE, Service, false),
            (CareAdvocate, NONE, Seen, false),
            (Supporter, NONE, Told, false),
            (NextOfKin, WELFARE, Seen, false),
        ] {
            let one = acting(part, scope, source);
            assert_eq!(one.decides_welfare(DAY), decides, "{part:?} {source:?}");
            assert_eq!(
                one.may().starts_with("May decide"),
                part.has_power() && source.proves_power(),
                "{}",
                one.may()
            );
        }
    }

    #[test]
    fn only_from_its_first_to_its_last_day() {
        let mut one = acting(Part::Attorney, WELFARE, Source::Seen);
        one.ends_on = Some(date(2026, 5, 20));
        for (day, holds) in [(30, false), (1, true), (20, true), (21, false)] {
            let day = date(2026, if day == 30 { 4 } else { 5 }, day);
            assert_eq!(one.holds_on(day), holds, "{day}");
            assert_eq!(one.decides_welfare(day), holds, "{day}");
        }
        (one.starts_on, one.ends_on) = (None, None);
        assert!(one.holds_on(date(1950, 1, 1)));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_field() {
        let right = acting(Part::Attorney, WELFARE, Source::Seen);
        assert_eq!(problems(&right), []);
        let with = |change: fn(&mut Acting)| {
            let mut one = right.clone();
            change(&mut one);
            let fields = problems(&one).into_iter();
            fields.map(|(field, _)| field).collect::<Vec<_>>()
        };
        for (found, fields) in [
            (with(|one| one.name = " ".to_owned()), vec!["name"]),
            (with(|one| one.scope = NONE), vec!["scope"]),
            (with(|one| one.part = Part::NextOfKin), vec!["scope"]),
            (
                with(|one| {
                    one.part = Part::CareAdvocate;
                    one.scope = NONE;
                    one.source = Source::Register;
                }),
                vec!["source"],
            ),
            (
                with(|one| one.source_words = String::new()),
                vec!["source_words"],
            ),
            (
                with(|one| one.ends_on = Some(date(2026, 4, 30))),
                vec!["ends_on"],
            ),
        ] {
            assert_eq!(found, fields);
        }
    }

    #[test]
    fn who_decides_is_turned_to_first() {
        let named = |name: &str, part, scope, source| Acting {
            name: name.to_owned(),
            ..acting(part, scope, source)
        };
        let mut gone = named("Gone", Part::Attorney, WELFARE, Source::Seen);
        gone.ends_on = Some(date(2026, 5, 2));
        let all = [
            named("Money", Part::Attorney, PROPERTY, Source::Seen),
            named("Kin", Part::NextOfKin, NONE, Source::Told),
            named("Friend", Part::Supporter, NONE, Source::Told),
            named("Advocate", Part::CareAdvocate, NONE, Source::Service),
            named("Said", Part::Deputy, WELFARE, Source::Told),
            named("Deputy", Part::Deputy, WELFARE, Source::Seen),
            gone,
        ];
        let names: Vec<&str> = in_order(&all, DAY)
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(
            names,
            ["Deputy", "Advocate", "Friend", "Kin", "Money", "Said"]
        );
    }
}
