//! Codes of organisations and areas.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident($fits:expr)),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Trims, upper-cases and checks a code; `None` if it cannot be one.
            pub fn new(text: &str) -> Option<Self> {
                let text = text.trim().to_ascii_uppercase();
                let fits: fn(&str) -> bool = $fits;
                fits(&text).then_some(Self(text))
            }

            /// The code.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

codes! {
    /// An organisation's code from the NHS Organisation Data Service: 3 to 10
    /// letters and digits.
    OdsCode(|t| (3..=10).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric())),
    /// An area's nine-character code from the Office for National Statistics: a
    /// letter and eight digits, such as E10000014.
    OnsCode(|t| t.len() == 9
        && t.as_bytes()[0].is_ascii_uppercase()
        && t.bytes().skip(1).all(|b| b.is_ascii_digit())),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_checked() {
        assert_eq!(OnsCode::new(" e10000014 ").unwrap().as_str(), "E10000014");
        assert_eq!(
            OnsCode::new("E0800003"),
            None,
            "seven digits: a known fault of published files"
        );
        assert_eq!(OdsCode::new("rfm8c2").unwrap().as_str(), "RFM8C2");
        assert_eq!(OdsCode::new("R-1"), None);
    }
}
