//! `almoner demo`: makes the fictional place Barsetshire and serves it.

mod forms;
mod home;
mod hub;
mod privacy;
mod referrals;

use crate::failure::Failure;
use crate::open::At;
use crate::serve::serve;
use access::{Actor, Role};
use app::App;
use app::session::NewAccount;
use clap::Args;
use kernel::OrganisationId;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use store::Location;
use synth::{Barsetshire, Config, Organisations};

/// Make the fictional place Barsetshire and serve it: everybody in it is made up.
///
/// Without --data the place is made anew in a folder that goes when the command
/// ends. With --data it is kept, and found again the next time.
///
/// Example: almoner demo --people 10000 --listen 127.0.0.1:8080
#[derive(Args)]
pub(crate) struct Demo {
    /// How many people to make.
    #[arg(long, default_value_t = 10_000, value_name = "N",
          value_parser = clap::value_parser!(u32).range(50..=1_000_000))]
    people: u32,
    /// How many people are in hospital; as many as suit the number of people if not given.
    #[arg(long, value_name = "N")]
    open_stays: Option<u32>,
    /// The same seed on the same day makes the same people and stays.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Address and port to listen on; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Make the place and stop; needs --data.
    #[arg(long)]
    no_serve: bool,
}

/// The password of every demo account. It is printed and it is no secret: nothing
/// real is behind it.
const PASSWORD: &str = "barsetshire";

/// The file that says what a folder's demo place was made with.
const SETTINGS: &str = "demo.json";

/// What a demo place was made with.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    /// Version of almoner.
    version: String,
    /// People.
    people: u32,
    /// People in hospital, if that was asked for.
    open_stays: Option<u32>,
    /// Seed.
    seed: u64,
    /// True once everything is in.
    complete: bool,
}

impl Demo {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let began = Instant::now();
        if at.database_url.is_some() {
            return Err(Failure::Usage(
                "the demo place is made in a folder: leave out --database-url".to_owned(),
            ));
        }
        if self.no_serve && at.data.is_none() {
            return Err(Failure::Usage("--no-serve needs --data DIR".to_owned()));
        }
        let folder = Folder::of(at.data.as_deref())?;
        let app = self.open(at, folder.path())?;
        if self.no_serve {
            println!("The demo place is in {}", folder.path().display());
            return Ok(());
        }
        let config = web::Config {
            demo: true,
            demo_accounts: shown_accounts(),
            ..web::Config::default()
        };
        let done = serve(Arc::new(app), config, self.listen, |address| {
            // Whoever reads may have gone: that is no reason to stop serving.
            let _ = std::io::stdout().write_all(welcome(address, began).as_bytes());
        });
        folder.close();
        done
    }

    fn settings(&self, complete: bool) -> Made {
        Made {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            people: self.people,
            open_stays: self.open_stays,
            seed: self.seed,
            complete,
        }
    }

    /// Opens the demo place in a folder, making it if it is not there.
    fn open(&self, at: &At, folder: &Path) -> Result<App, Failure> {
        match read_settings(folder)? {
            Some(made) if made == self.settings(true) => {
                return at.open_at(Location::Folder(folder.to_owned()));
            }
            Some(made) if made.complete => {
                return Err(Failure::Usage(format!(
                    "{} holds a demo place of {} people with seed {}, made by version {}: ask for \
                     the same, or name another folder",
                    folder.display(),
                    made.people,
                    made.seed,
                    made.version
                )));
            }
            Some(_) => remove_unfinished(folder)?,
            None if is_empty(folder)? => {}
            None => {
                return Err(Failure::Usage(format!(
                    "{} has something in it that is no demo place: name an empty folder",
                    folder.display()
                )));
            }
        }
        write_settings(folder, &self.settings(false))?;
        let app = at.open_at(Location::Folder(folder.to_owned()))?;
        self.make(&app)?;
        write_settings(folder, &self.settings(true))?;
        Ok(app)
    }

    /// Makes the place and everything that goes with it.
    fn make(&self, app: &App) -> Result<(), Failure> {
        let place = Barsetshire::make(&Config {
            people: self.people,
            seed: self.seed,
            now: app.now(),
            open_stays: self.open_stays,
        })
        .map_err(|error| Failure::Usage(error.to_string()))?;
        app.store().load(|| synth::fill::fill(app, &place))?;
        synth::arrivals::deliver(app, &place)?;
        synth::directory::deliver(app, &place)?;
        let operator = Actor::operator();
        app.load_official_slice(&operator)?;
        for account in accounts(&place.organisations) {
            app.make_account(
                &operator,
                &NewAccount {
                    username: account.username,
                    password: PASSWORD,
                    display_name: account.name,
                    role: account.role,
                    organisation: account.organisation,
                },
            )?;
        }
        synth::passports::make(app, &place, "social.worker")?;
        synth::services::deliver(app, &place)?;
        synth::offers::make(app, &place, "hub.lead")?;
        home::make(app, &place)?;
        synth::plans::make(app, &place, &home::whose(&place))?;
        synth::pool::make(app, &place, self.seed)?;
        privacy::make(app, &place)?;
        hub::make(app, &place)?;
        forms::make(app, &place)?;
        referrals::make(app, &place)?;
        Ok(())
    }
}

/// A sign-in of the demo place.
struct Account {
    role: Role,
    username: &'static str,
    name: &'static str,
    organisation: OrganisationId,
}

/// Role, username, name: one for each role, three for practitioners.
const ACCOUNTS: &[(Role, &str, &str)] = &[
    (Role::HubLead, "hub.lead", "Grace Tolley"),
    (Role::Practitioner, "social.worker", "Priya Nair"),
    (Role::Practitioner, "ward.sister", "Fiona Kerr"),
    (Role::Practitioner, "community.nurse", "Ruth Ansell"),
    (Role::Provider, "provider", "Carol Mason"),
    (Role::Finance, "finance", "Helen Marsh"),
    (Role::BoardMember, "board.member", "Jane Thorne"),
    (Role::Analyst, "analyst", "Ravi Menon"),
    (Role::PrivacyOfficer, "privacy", "Edith Fry"),
    (Role::Administrator, "admin", "Sam Doyle"),
];

/// Those who sign in from home: user name, and who they are.
const AT_HOME: &[(&str, &str)] = &[
    (home::PERSON, "somebody in hospital"),
    (home::CARER, "their neighbour, who helps"),
];

fn accounts(places: &Organisations) -> Vec<Account> {
    let provider = places.home_care.first().copied().unwrap_or(places.county);
    ACCOUNTS
        .iter()
        .map(|(role, username, name)| Account {
            role: *role,
            username,
            name,
            organisation: match (role, *username) {
                (Role::HubLead, _) => places.hub,
                (Role::Practitioner, "ward.sister") => places.infirmary,
                (Role::Practitioner, "community.nurse") => places.community_trust,
                (Role::Practitioner, _) => places.hospital_team,
                (Role::Provider, _) => provider,
                (Role::Finance | Role::BoardMember, _) => places.county,
                (Role::PrivacyOfficer, _) => places.acute_trust,
                _ => places.board,
            },
        })
        .collect()
}

fn shown_accounts() -> Vec<web::DemoAccount> {
    ACCOUNTS
        .iter()
        .map(|(role, username, name)| web::DemoAccount {
            username: (*username).to_owned(),
            role: format!("{} ({name})", role.in_words()),
            password: PASSWORD.to_owned(),
        })
        .chain(AT_HOME.iter().map(|(username, who)| web::DemoAccount {
            username: (*username).to_owned(),
            role: format!("{} ({who})", Role::Person.in_words()),
            password: PASSWORD.to_owned(),
        }))
        .collect()
}

fn welcome(address: SocketAddr, began: Instant) -> String {
    let mut text = format!("Almoner is at http://{address}/\n\n");
    text.push_str("This is a demonstration: everybody in it is made up.\n\n");
    text.push_str(&format!("{:<18}{:<18}Password\n", "Role", "Username"));
    for (role, username, _) in ACCOUNTS {
        text.push_str(&format!(
            "{:<18}{username:<18}{PASSWORD}\n",
            role.in_words()
        ));
    }
    for (username, _) in AT_HOME {
        text.push_str(&format!(
            "{:<18}{username:<18}{PASSWORD}\n",
            Role::Person.in_words()
        ));
    }
    let took = began.elapsed().as_millis();
    text.push_str(&format!("\nReady after {took} ms. Ctrl-C stops it.\n"));
    text
}

/// Where the place is: a folder to keep, or one that goes at the end.
enum Folder {
    Kept(PathBuf),
    Passing(tempfile::TempDir),
}

impl Folder {
    fn of(given: Option<&Path>) -> Result<Self, Failure> {
        match given {
            Some(folder) => {
                std::fs::create_dir_all(folder)?;
                Ok(Self::Kept(folder.to_owned()))
            }
            None => {
                let folder = tempfile::Builder::new().prefix("almoner-demo-").tempdir()?;
                Ok(Self::Passing(folder))
            }
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Passing(folder) => folder.path(),
        }
    }

    /// Removes a folder that was not to be kept. What cannot be removed is left
    /// to the system's own tidying of temporary files.
    fn close(self) {
        if let Self::Passing(folder) = self {
            let _ = folder.close();
        }
    }
}

fn read_settings(folder: &Path) -> Result<Option<Made>, Failure> {
    match std::fs::read_to_string(folder.join(SETTINGS)) {
        Ok(text) => Ok(Some(serde_json::from_str(&text)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn write_settings(folder: &Path, made: &Made) -> Result<(), Failure> {
    std::fs::write(folder.join(SETTINGS), serde_json::to_string_pretty(made)?)?;
    Ok(())
}

fn is_empty(folder: &Path) -> Result<bool, Failure> {
    Ok(std::fs::read_dir(folder)?.next().is_none())
}

/// Takes away what an interrupted making left: the store that our own settings
/// file says is not complete.
fn remove_unfinished(folder: &Path) -> Result<(), Failure> {
    for name in ["almoner.sqlite", "almoner.sqlite-wal", "almoner.sqlite-shm"] {
        match std::fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}
