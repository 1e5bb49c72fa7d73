//! An amount as people and programs write it, in spreadsheets above all.
//!
//! Source: the ways of writing that finance systems and spreadsheets of councils and the NHS
//! export; the list is this product's own. English habits are read: a point before the pence, commas
//! between thousands, brackets or a minus for what is owed the other way. What could mean two
//! amounts is refused with what to write instead, never guessed.

use super::Pence;
use std::str::FromStr;

/// The hyphen that is typed, and the sign that is printed.
const MINUS: [char; 2] = ['-', '\u{2212}'];

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing is there.
    #[error("no amount is there; write nought as 0")]
    Empty,
    /// Something else than digits, signs, commas and one point.
    #[error("not an amount of pounds; write it as 1234.50")]
    NotAnAmount,
    /// Another currency than pounds.
    #[error("not in pounds; amounts are in pounds sterling")]
    Currency,
    /// A comma stands before the pence.
    #[error("a comma stands before the pence; write a point there, as in 1,234.50")]
    Comma,
    /// Commas are not between thousands.
    #[error("the commas are not between thousands; write 1,234.50 or 1234.50")]
    Thousands,
    /// A part of a penny.
    #[error("more than two figures stand after the point; amounts are in whole pence")]
    PartOfAPenny,
    /// Two signs, or half a bracket.
    #[error("it is not clear whether this is less than nought; write -3.00 or (3.00)")]
    Sign,
    /// A formula, as of a spreadsheet that was saved with formulas in place of values.
    #[error("a formula stands there; write what it comes to")]
    Formula,
    /// Spaces between digits.
    #[error("spaces stand between the digits; write 1,234.50 or 1234.50")]
    Spaces,
    /// Too large to be kept.
    #[error("the amount is too large")]
    TooLarge,
}

/// Reads an amount of pounds: `£1,234.50`, `1234.5`, `(300)`, `-£3`, `300-`, `minus £3`.
impl FromStr for Pence {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        if text.trim_start().starts_with('=') {
            return Err(MoneyError::Formula);
        }
        let (unsigned, below) = without_sign(text.trim())?;
        let digits = without_currency(unsigned)?;
        let (pounds, pence) = match digits.split_once('.') {
            Some((pounds, pence)) => (pounds, pence),
            None => (digits, ""),
        };
        if pence.contains(',') {
            return Err(MoneyError::Comma);
        }
        if pounds.is_empty() && pence.is_empty() {
            return Err(MoneyError::Empty);
        }
        only_digits(pence)?;
        if pence.len() > 2 {
            return Err(MoneyError::PartOfAPenny);
        }
        if digits.ends_with('.') {
            return Err(MoneyError::NotAnAmount);
        }
        let pounds: i64 = number(&without_commas(pounds, pence.is_empty())?)?;
        // A spreadsheet leaves the last nought away: .5 is fifty pence.
        let pence = number(pence)? * if pence.len() == 1 { 10 } else { 1 };
        let magnitude = pounds
            .checked_mul(100)
            .and_then(|whole| whole.checked_add(pence))
            .ok_or(MoneyError::TooLarge)?;
        Ok(Self(if below { -magnitude } else { magnitude }))
    }
}

/// What stands without its sign, and whether it is less than nought.
fn without_sign(text: &str) -> Result<(&str, bool), MoneyError> {
    let mut signs = Vec::new();
    let mut rest = text;
    if let Some(inner) = rest.strip_prefix('(') {
        rest = inner.strip_suffix(')').ok_or(MoneyError::Sign)?.trim();
        signs.push(true);
    }
    if let Some(before) = rest.strip_suffix(MINUS) {
        rest = before.trim_end();
        signs.push(true);
    }
    // The sign stands before the currency or after it.
    let bare = rest.strip_prefix('£').map_or(rest, str::trim_start);
    for (sign, below) in [
        ("-", true),
        ("\u{2212}", true),
        ("minus ", true),
        ("+", false),
    ] {
        let after = rest.strip_prefix(sign).or_else(|| bare.strip_prefix(sign));
        if let Some(after) = after {
            rest = after.trim_start();
            signs.push(below);
            break;
        }
    }
    match signs.as_slice() {
        [] | [_] if !rest.contains(['-', '\u{2212}', '+', '(', ')']) => {
            Ok((rest, signs.first() == Some(&true)))
        }
        _ => Err(MoneyError::Sign),
    }
}

fn without_currency(text: &str) -> Result<&str, MoneyError> {
    if text.contains(['€', '$', '¥']) {
        return Err(MoneyError::Currency);
    }
    let rest = text.strip_prefix('£').unwrap_or(text);
    let rest = rest.strip_prefix("GBP").unwrap_or(rest).trim_start();
    Ok(rest.strip_suffix("GBP").unwrap_or(rest).trim_end())
}

/// The pounds without commas, which must stand between thousands where there are any.
fn without_commas(pounds: &str, no_pence: bool) -> Result<String, MoneyError> {
    if !pounds.contains(',') {
        only_digits(pounds)?;
        return Ok(pounds.to_owned());
    }
    let groups: Vec<&str> = pounds.split(',').collect();
    for group in &groups {
        only_digits(group)?;
    }
    let first_fits = (1..=3).contains(&groups[0].len());
    if first_fits && groups[1..].iter().all(|group| group.len() == 3) {
        return Ok(groups.concat());
    }
    // One comma and one or two figures is a decimal comma.
    match groups.as_slice() {
        [_, last] if no_pence && last.len() < 3 => Err(MoneyError::Comma),
        _ => Err(MoneyError::Thousands),
    }
}

fn only_digits(text: &str) -> Result<(), MoneyError> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(match text.contains([' ', '\u{a0}', '\u{202f}']) {
        true => MoneyError::Spaces,
        false => MoneyError::NotAnAmount,
    })
}

fn number(digits: &str) -> Result<i64, MoneyError> {
    match digits {
        "" => Ok(0),
        digits => digits.parse().map_err(|_| MoneyError::TooLarge),
    }
}

#[cfg(test)]
mod tests {
    use super::MoneyError::*;
    use super::*;

    #[test]
    fn what_is_accepted() {
        for (text, pence) in [
            ("0", 0),
            ("3", 300),
            ("£3", 300),
            ("£1,234.5", 123_450),
            ("1234.50", 123_450),
            (" £ 1,234.50 ", 123_450),
            ("1,000,000.05", 100_000_005),
            (".5", 50),
            ("(300)", -30_000),
            ("(£1,234.50)", -123_450),
            ("-£3", -300),
            ("-5.50", -550),
            ("£-3", -300),
            ("\u{2212}3.00", -300),
            ("300.00-", -30_000),
            ("minus £3", -300),
            ("+3", 300),
            ("GBP 12.34", 1_234),
            ("12.34 GBP", 1_234),
        ] {
            assert_eq!(text.parse(), Ok(Pence(pence)), "{text}");
        }
    }

    #[test]
    fn what_is_refused_and_why() {
        for (text, why) in [
            ("", Empty),
            ("£", Empty),
            ("-", Empty),
            ("1.234,50", Comma),
            ("1234,5", Comma),
            ("1.234.567", NotAnAmount),
            ("12,34.50", Thousands),
            ("1,2345,678", Thousands),
            ("1,234,56", Thousands),
            (",234", Thousands),
            ("12.345", PartOfAPenny),
            ("3.", NotAnAmount),
            ("1e5", NotAnAmount),
            ("50p", NotAnAmount),
            ("three", NotAnAmount),
            ("1 234.50", Spaces),
            ("1\u{a0}234", Spaces),
            ("=SUM(A1:A3)", Formula),
            (" =12.50", Formula),
            ("(300", Sign),
            ("(-300)", Sign),
            ("--3", Sign),
            ("-3-", Sign),
            ("+-3", Sign),
            ("€300", Currency),
            ("99999999999999999999", TooLarge),
        ] {
            assert_eq!(text.parse::<Pence>(), Err(why), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_is_read_back(pence in -i64::MAX..=i64::MAX) {
            let amount = Pence(pence);
            proptest::prop_assert_eq!(amount.to_string().parse(), Ok(amount));
            proptest::prop_assert_eq!(amount.in_decimals().parse(), Ok(amount));
        }

        /// No text stops the reader, and what is read is written by its digits.
        #[test]
        fn digits_are_never_made_up(text in "[-+()£,. 0-9]{0,12}") {
            if let Ok(amount) = text.parse::<Pence>() {
                let digits = |text: &str| -> String {
                    text.chars().filter(char::is_ascii_digit).collect()
                };
                let shown = digits(&amount.in_decimals());
                let said = digits(&text);
                let (shown, said) = (shown.trim_matches('0'), said.trim_matches('0'));
                proptest::prop_assert_eq!(shown, said);
            }
        }
    }
}
