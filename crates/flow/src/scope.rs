//! Whom the count of delays of 2010 to 2020 is about.
//!
//! Source: Monthly Delayed Transfers of Care definitions (NHS England, v1.09,
//! 2015); RULES A.2. From memory.
//!
//! In words: adults (18 and over) in acute and non-acute beds, but nobody
//! admitted for maternity or by birth. A person whose age or admission method is
//! not known is counted: what is not known never takes a day away.

use crate::policy::{Policy, RestsOn};
use jiff::civil::Date;
use kernel::parameters::ParameterError;

/// The scope that holds on a day.
#[derive(Clone, Debug)]
pub struct Scope {
    minimum_age: i64,
    /// Values from memory that it rests on.
    pub rests_on: RestsOn,
}

impl Scope {
    /// Looks the scope of a day up.
    ///
    /// # Errors
    /// If `dtoc.minimum_age` has no value for that day.
    pub fn on(policy: &Policy, day: Date) -> Result<Self, ParameterError> {
        let mut rests_on = RestsOn::default();
        let minimum_age = rests_on
            .note(policy.on("dtoc.minimum_age", day)?)
            .integer()?;
        Ok(Self {
            minimum_age,
            rests_on,
        })
    }

    /// True if the delays of a stay count. `age` is in whole years on the ready day.
    pub fn holds(&self, age: Option<i16>, admission_method: Option<&str>, policy: &Policy) -> bool {
        let adult = age.is_none_or(|age| i64::from(age) >= self.minimum_age);
        let maternity = admission_method
            .is_some_and(|code| policy.admission_methods.in_group(code, "maternity"));
        adult && !maternity
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn examples() {
        let policy = Policy::builtin();
        let scope = Scope::on(&policy, date(2018, 10, 1)).unwrap();
        for (age, method, expected) in [
            (Some(80), Some("21"), true),
            (Some(18), None, true),
            (Some(17), Some("21"), false),
            (None, None, true),
            (Some(30), Some("31"), false),
            (Some(0), Some("82"), false),
        ] {
            assert_eq!(
                scope.holds(age, method, &policy),
                expected,
                "{age:?} {method:?}"
            );
        }
    }
}
