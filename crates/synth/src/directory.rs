//! The directory of Barsetshire: services, practices and pharmacies, all fictional, as the files
//! in which such lists arrive.

use crate::{Barsetshire, lists};
use app::App;
use app::inbox::Report;
use kernel::calendar::add_days;
use store::inbox::InboxKind;

/// Services, with the number of days since each was checked in the place of the day.
const SERVICES: &str = include_str!("../data/services.csv");
/// The list that they come from.
const SOURCE: &str = "Barsetshire list of services";
/// Towns with a pharmacy, and its name.
const PHARMACIES: [(&str, &str); 7] = [
    ("Barchester", "CLOSE PHARMACY"),
    ("Barchester", "MINSTER STREET PHARMACY"),
    ("Plumstead Episcopi", "PLUMSTEAD PHARMACY"),
    ("Hogglestock", "HOGGLESTOCK CHEMIST"),
    ("Silverbridge", "BRIDGE PHARMACY"),
    ("Greshamsbury", "GRESHAM'S PHARMACY"),
    ("Guestwick", "GUESTWICK DISPENSING CHEMIST"),
];
/// Columns of a list of organisations.
const COLUMNS: usize = 27;

/// Takes the directory in, through the inbox as any such file.
///
/// # Errors
/// The store's.
pub fn deliver(app: &App, place: &Barsetshire) -> Result<Vec<Report>, app::Error> {
    let operator = access::Actor::operator();
    let take = |kind, name: &str, text: &str| app.take_in(&operator, kind, name, text.as_bytes());
    Ok(vec![
        take(InboxKind::Organisations, "epraccur.csv", &practices(place))?,
        take(InboxKind::Organisations, "edispensary.csv", &pharmacies())?,
        take(InboxKind::Directory, "services.csv", &services(place))?,
    ])
}

/// The services as a file of the directory, each checked some days before the present.
pub fn services(place: &Barsetshire) -> String {
    let mut text = String::new();
    for (at, line) in SERVICES.lines().enumerate() {
        // The number of days is the last cell and has no mark in it.
        let (cells, days) = line.rsplit_once(',').unwrap_or((line, ""));
        let last = match days.parse::<i64>() {
            Ok(days) => format!("{SOURCE},{}", add_days(place.today, -days)),
            Err(_) if at == 0 => "source,checked_on".to_owned(),
            Err(_) => format!("{SOURCE},"),
        };
        text.push_str(&format!("{cells},{last}\n"));
    }
    text
}

/// The practices as the NHS would list them.
fn practices(place: &Barsetshire) -> String {
    let practices = place.organisations.practices.iter();
    practices
        .enumerate()
        .map(|(at, (code, town))| {
            let organisation = place.organisations.all.iter().find(|one| one.code == *code);
            let name = organisation.map_or("", |one| &one.name).to_uppercase();
            line(code, &name, town, at, "4")
        })
        .collect()
}

fn pharmacies() -> String {
    let named = PHARMACIES.iter().enumerate();
    named
        .map(|(at, (town, name))| line(&format!("BARSETPH{:02}", at + 1), name, town, at + 50, ""))
        .collect()
}

fn line(code: &str, name: &str, town: &str, at: usize, setting: &str) -> String {
    let places = lists::Places::read();
    let found = places.towns.iter().find(|one| one.name == town);
    let postcode = found.map_or("ZZ1", |one| one.postcode);
    let mut cells = vec![String::new(); COLUMNS];
    for (column, value) in [
        (1, code.to_owned()),
        (2, name.to_owned()),
        (5, format!("{} HIGH STREET", at + 1)),
        (7, town.to_uppercase()),
        (10, format!("{postcode} 1AA")),
        (11, "19990401".to_owned()),
        (18, format!("01632 960{:03}", 200 + at)),
        (26, setting.to_owned()),
    ] {
        cells[column - 1] = value;
    }
    let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
    quoted.join(",") + "\r\n"
}
