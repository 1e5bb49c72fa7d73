//! `almoner account`.

use crate::failure::Failure;
use crate::open::At;
use access::{Actor, Role};
use app::session::NewAccount;
use app::{App, Error};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use kernel::{NhsNumber, OrganisationId, PersonId};
use std::io::BufRead;
use store::organisation;

/// Accounts of those who sign in.
///
/// Example: almoner account add mary --name "Mary Bold" --role person
///   --person 9990000018 --born 1938-04-03 < password.txt
#[derive(Args)]
pub(crate) struct Account {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make an account. Its password is read from the first line of what is typed or piped in.
    Add {
        /// What is typed to sign in.
        username: String,
        /// Name shown on screen.
        #[arg(long)]
        name: String,
        /// In what role.
        #[arg(long, value_parser = roles())]
        role: String,
        /// Code of the organisation it acts for; for a person, any council if not given.
        #[arg(long, value_name = "CODE")]
        organisation: Option<String>,
        /// NHS number of the person whose own account it is. A carer's account has none.
        #[arg(long, value_name = "NHS-NUMBER", requires = "born")]
        person: Option<String>,
        /// Their date of birth, which must be the one on record.
        #[arg(long, value_name = "DATE", requires = "person")]
        born: Option<Date>,
    },
}

/// Shortest password.
const SHORTEST: usize = 10;

fn roles() -> clap::builder::PossibleValuesParser {
    let roles = Role::ALL.iter().filter(|role| **role != Role::Operator);
    clap::builder::PossibleValuesParser::new(roles.map(|role| role.as_str()))
}

impl Account {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let What::Add {
            username,
            name,
            role,
            organisation,
            person,
            born,
        } = &self.what;
        let role = Role::parse(role).ok_or_else(|| usage("there is no such role"))?;
        if person.is_some() && role != Role::Person {
            return Err(usage("--person goes with --role person"));
        }
        let app = at.open()?;
        let actor = Actor::operator();
        let organisation = organisation_of(&app, role, organisation.as_deref())?;
        let person = match (person, born) {
            (Some(number), Some(born)) => Some(person_of(&app, number, *born)?),
            _ => None,
        };
        let password = read_password()?;
        let new = NewAccount {
            username,
            password: &password,
            display_name: name,
            role,
            organisation,
        };
        match person {
            Some(person) => app.make_own_account(&actor, &new, person)?,
            None => app.make_account(&actor, &new)?,
        }
        println!("{username} can sign in.");
        Ok(())
    }
}

fn usage(text: &str) -> Failure {
    Failure::Usage(text.to_owned())
}

/// The organisation with a code. Somebody at home acts for none, so any council will do.
fn organisation_of(app: &App, role: Role, code: Option<&str>) -> Result<OrganisationId, Failure> {
    let all = app
        .store()
        .read(|tx| organisation::all(tx).map_err(Error::from))?;
    let found = match code {
        Some(code) => all.iter().find(|one| one.code.as_deref() == Some(code)),
        None if role == Role::Person => all
            .iter()
            .find(|one| one.kind == "council")
            .or_else(|| all.first()),
        None => return Err(usage("--organisation CODE is needed for this role")),
    };
    found
        .map(|one| one.id)
        .ok_or_else(|| usage("no organisation with that code is here"))
}

/// The person with an NHS number and a date of birth: both must fit.
fn person_of(app: &App, number: &str, born: Date) -> Result<PersonId, Failure> {
    let number = NhsNumber::parse(number)
        .map_err(|error| Failure::Usage(format!("the NHS number {error}")))?;
    let found = app
        .store()
        .read(|tx| store::person::by_nhs_number(tx, number).map_err(Error::from))?;
    match found.as_slice() {
        [one] if one.birth_date == Some(born) => Ok(one.id),
        _ => Err(usage(
            "nobody here has that NHS number and that date of birth",
        )),
    }
}

fn read_password() -> Result<String, Failure> {
    eprintln!("Type the password ({SHORTEST} characters or more), then Enter:");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    match password.chars().count() {
        ..SHORTEST => Err(usage("the password is too short")),
        _ => Ok(password),
    }
}
