//! `almoner nhs-number`.

use crate::failure::Failure;
use clap::{Args, Subcommand};

/// NHS numbers.
///
/// Example: almoner nhs-number check 9434765919 "943 476 5918"
#[derive(Args)]
pub(crate) struct NhsNumber {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Check numbers by their check digit: a line each; exit 3 if any is invalid.
    Check {
        /// The numbers, with or without spaces.
        #[arg(required = true, allow_hyphen_values = true)]
        numbers: Vec<String>,
    },
}

impl NhsNumber {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let What::Check { numbers } = &self.what;
        let (lines, all_valid) = check(numbers);
        print!("{lines}");
        if all_valid {
            Ok(())
        } else {
            Err(Failure::Rejected)
        }
    }
}

/// A line for each number, and whether all are valid.
fn check(numbers: &[String]) -> (String, bool) {
    let mut lines = String::new();
    let mut all_valid = true;
    for number in numbers {
        match kernel::NhsNumber::parse(number) {
            Ok(_) => lines.push_str(&format!("{number} valid\n")),
            Err(why) => {
                all_valid = false;
                lines.push_str(&format!("{number} invalid: {why}\n"));
            }
        }
    }
    (lines, all_valid)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RULES P, vector V1.
    #[test]
    fn a_line_each() {
        let numbers = [
            "9434765919",
            "9000000009",
            "4000000004",
            "9434765918",
            "12",
            "943 476 591x",
        ];
        let (lines, all_valid) = check(&numbers.map(str::to_owned));
        assert_eq!(
            lines,
            "9434765919 valid\n9000000009 valid\n4000000004 valid\n\
             9434765918 invalid: check digit is wrong\n\
             12 invalid: needs 10 digits, has 2\n\
             943 476 591x invalid: has a character that is not a digit\n"
        );
        assert!(!all_valid);
        assert!(check(&["9434765919".to_owned()]).1);
    }
}
