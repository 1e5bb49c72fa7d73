//! `almoner passport`: keys, and the check of a passport without a store.

use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use app::person::passport::last_day;
use app::{Clock, SystemClock};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use person::passport::{OnFile, Outcome, PublicKey, Reading, check, code};
use std::io::Read;

/// Keys of passports, and the check of one that is shown.
///
/// Example: almoner passport check --key 8a88…0c2f < code.txt
#[derive(Args)]
pub(crate) struct Passport {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Check a code from standard input; needs no store and asks nobody. Exit 3 if it is refused.
    Check {
        /// Public key of the place that made it, 64 hexadecimal digits. Can be given several times.
        #[arg(long, value_name = "KEY", required = true)]
        key: Vec<String>,
        /// The instant to check for, instead of now.
        #[arg(long, value_name = "TIME")]
        at: Option<Timestamp>,
    },
    /// Print the public keys of the place, the one that signs first.
    Keys {
        /// Make a new key that signs from now on. What the old ones signed still checks.
        #[arg(long)]
        renew: bool,
    },
}

impl Passport {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        match &self.what {
            What::Check { key, at } => {
                let mut text = String::new();
                std::io::stdin()
                    .lock()
                    .take(1 << 16)
                    .read_to_string(&mut text)?;
                checked(&text, key, at.unwrap_or_else(|| SystemClock.now()))
            }
            What::Keys { renew } => {
                let app = at.open()?;
                if *renew {
                    app.renew_passport_key(&Actor::operator())?;
                }
                for key in app.passport_keys()? {
                    let until = match key.retired_at {
                        None => "signs".to_owned(),
                        Some(until) => format!("until {until}"),
                    };
                    println!("{} since {} {until}", key.public, key.made_at);
                }
                Ok(())
            }
        }
    }
}

/// Says what a code is worth by its signature and its time.
fn checked(text: &str, keys: &[String], now: Timestamp) -> Result<(), Failure> {
    let keys = keys
        .iter()
        .map(|key| {
            PublicKey::parse(key)
                .ok_or_else(|| Failure::Usage(format!("--key {key}: no public key")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let stated = match code::read(text, &keys) {
        Reading::Signed(stated) => stated,
        Reading::Elsewhere => return Err(refused(Outcome::Elsewhere)),
        Reading::Forged => return Err(refused(Outcome::Forged)),
        Reading::Unreadable => return Err(refused(Outcome::Unreadable)),
    };
    let outcome = check::judge(&stated, OnFile::NotAsked, now);
    if outcome != Outcome::Genuine {
        return Err(refused(outcome));
    }
    let content = &stated.content;
    let born = content.born.map(|day| day.to_string()).unwrap_or_default();
    println!(
        "genuine: made in {}, version {}",
        stated.place, stated.version
    );
    println!("{}\nName: {}\nBorn: {born}", content.title, content.name);
    for (label, answer) in &content.answers {
        println!("{label}: {answer}");
    }
    println!("Valid until: {}", last_day(&stated));
    eprintln!("almoner: whether it was ended or replaced is known only to the place that made it");
    Ok(())
}

fn refused(outcome: Outcome) -> Failure {
    Failure::Refused(outcome.as_str().to_owned())
}
