//! A small fictional place with an application on it: a trust with a hospital
//! and a ward, two councils, a care home, and an account for each role.

use crate::clock::{FakeClock, Seeded};
use crate::database::{Keep, fresh};
use access::{Actor, Role};
use app::session::NewAccount;
use app::{App, Settings};
use jiff::Timestamp;
use kernel::{OrganisationId, PersonId, PlaceId};
use person::relationship::Relationship;
use std::sync::Arc;
use store::account::{self, Account};
use store::organisation::{self, Organisation};
use store::relationship::{self, Kept};
use store::{Error, Location};

/// The password of every account of a test place.
pub const PASSWORD: &str = "barchester towers";

/// An application on a fresh store, with a clock that stands still.
pub struct Place {
    /// The application.
    pub app: Arc<App>,
    /// Its clock; it shows 16 October 2018, 09:30 UTC at first.
    pub clock: FakeClock,
    /// Barsetshire Hospitals Trust.
    pub trust: OrganisationId,
    /// Barchester Royal Infirmary, of the trust.
    pub hospital: OrganisationId,
    /// Allington ward, of the hospital.
    pub ward: OrganisationId,
    /// Barsetshire County Council.
    pub council: OrganisationId,
    /// East Barsetshire Council, the neighbour.
    pub neighbour: OrganisationId,
    /// Ullathorne House, a care home.
    pub provider: OrganisationId,
    location: Location,
    // Last, so that it goes after the store that is on it.
    _keep: Keep,
}

/// Makes a place.
///
/// # Panics
/// When it cannot be made: a test that cannot run fails.
pub fn place() -> Place {
    place_with(flow::Policy::builtin())
}

/// Makes a place that has set values of its own.
///
/// # Panics
/// As [`place`].
pub fn place_with(policy: flow::Policy) -> Place {
    match make(policy) {
        Ok(place) => place,
        Err(error) => panic!("a test place can be made: {error}"),
    }
}

fn make(policy: flow::Policy) -> Result<Place, Box<dyn std::error::Error>> {
    let (location, keep) = fresh();
    let clock = FakeClock::at(Timestamp::from_second(1_539_682_200)?);
    let app = App::open(Settings {
        location: location.clone(),
        place: PlaceId::new("barsetshire").ok_or("a fitting name")?,
        clock: Arc::new(clock.clone()),
        randomness: Box::new(Seeded(1)),
        policy: Arc::new(policy),
    })?;
    let trust = add(&app, "trust", "ZRB", "Barsetshire Hospitals Trust", None)?;
    let hospital = add(
        &app,
        "hospital",
        "ZRB01",
        "Barchester Royal Infirmary",
        Some(trust),
    )?;
    let ward = add(&app, "ward", "ZRB01A", "Allington ward", Some(hospital))?;
    let council = add(
        &app,
        "council",
        "E10000099",
        "Barsetshire County Council",
        None,
    )?;
    let neighbour = add(
        &app,
        "council",
        "E10000098",
        "East Barsetshire Council",
        None,
    )?;
    let provider = add(&app, "provider", "ZVW01", "Ullathorne House", None)?;
    add_accounts(&app, trust, council, provider)?;
    Ok(Place {
        app: Arc::new(app),
        clock,
        trust,
        hospital,
        ward,
        council,
        neighbour,
        provider,
        location,
        _keep: keep,
    })
}

fn add(
    app: &App,
    kind: &str,
    code: &str,
    name: &str,
    parent: Option<OrganisationId>,
) -> Result<OrganisationId, Error> {
    let organisation = Organisation {
        id: app.ids().organisation(),
        kind: kind.to_owned(),
        code: Some(code.to_owned()),
        name: name.to_owned(),
        parent,
    };
    app.store()
        .write(|tx| organisation::insert(tx, &organisation))?;
    Ok(organisation.id)
}

/// An account for each role, with the role's text as its name. The password is
/// hashed once, because hashing is made to be slow.
fn add_accounts(
    app: &App,
    trust: OrganisationId,
    council: OrganisationId,
    provider: OrganisationId,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut hash = None;
    for role in Role::ALL
        .iter()
        .copied()
        .filter(|role| *role != Role::Operator)
    {
        let organisation = match role {
            Role::HubLead | Role::Administrator => trust,
            Role::Provider => provider,
            _ => council,
        };
        let name = format!("{} Harding", role.in_words());
        let Some(password_hash) = hash.clone() else {
            let new = NewAccount {
                username: role.as_str(),
                password: PASSWORD,
                display_name: &name,
                role,
                organisation,
            };
            app.make_account(&Actor::operator(), &new)?;
            let made = app
                .store()
                .read(|tx| account::by_username(tx, role.as_str()))?;
            hash = made.map(|account| account.password_hash);
            continue;
        };
        let account = Account {
            id: app.ids().account(),
            username: role.as_str().to_owned(),
            display_name: name,
            role: role.as_str().to_owned(),
            organisation,
            organisation_name: String::new(),
            password_hash,
        };
        app.store().write(|tx| account::insert(tx, &account))?;
    }
    Ok(())
}

impl Place {
    /// Whoever has this role here, as signing in would give them.
    ///
    /// # Panics
    /// When the account cannot be read.
    pub fn actor(&self, role: Role) -> Actor {
        if role == Role::Operator {
            return Actor::operator();
        }
        let found = self
            .app
            .store()
            .read(|tx| account::by_username(tx, role.as_str()));
        match found {
            Ok(Some(account)) => Actor {
                account: Some(account.id),
                username: account.username,
                display_name: account.display_name,
                role,
                organisation: Some(account.organisation),
                organisation_name: account.organisation_name,
            },
            Ok(None) => panic!("there is no account for {role}"),
            Err(error) => panic!("the account for {role} cannot be read: {error}"),
        }
    }

    /// Gives the trust and the county council a relationship with a person that lasts: what
    /// their people may see is then the whole of an ordinary record.
    ///
    /// # Panics
    /// When it cannot be kept.
    pub fn tie(&self, person: PersonId) {
        for holder in [self.trust, self.council] {
            self.relate(Relationship::Duty, &holder.to_string(), person);
        }
    }

    /// Gives an organisation or an account a relationship with a person, from now on.
    ///
    /// # Panics
    /// When it cannot be kept.
    pub fn relate(&self, kind: Relationship, holder: &str, person: PersonId) {
        let kept = Kept {
            id: self.app.ids().relationship(),
            person,
            kind,
            holder: holder.to_owned(),
            capacity: String::new(),
            starts_at: self.app.now(),
            ends_at: None,
            follows: String::new(),
            made_at: self.app.now(),
            made_by: "test".to_owned(),
        };
        if let Err(error) = self.app.store().write(|tx| relationship::put(tx, &kept)) {
            panic!("a relationship can be kept: {error}");
        }
    }

    /// Gives the trust and the county council a relationship with everybody who is here now.
    ///
    /// # Panics
    /// When it cannot be kept.
    pub fn tie_all(&self) {
        let people = self.app.store().read(|tx| {
            tx.query("SELECT DISTINCT head_id FROM person ORDER BY head_id", &[])?
                .iter()
                .map(|row| row.id(0))
                .collect::<Result<Vec<PersonId>, Error>>()
        });
        match people {
            Ok(people) => people.into_iter().for_each(|person| self.tie(person)),
            Err(error) => panic!("people can be read: {error}"),
        }
    }

    /// Where the store is, to open it a second time or to start the binary on it.
    pub fn location(&self) -> &Location {
        &self.location
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn each_role_can_sign_in() {
        let place = place();
        for role in [Role::HubLead, Role::Administrator] {
            let session = place.app.sign_in(role.as_str(), PASSWORD).unwrap().unwrap();
            assert_eq!(session.actor, place.actor(role));
        }
        assert!(place.app.sign_in("hub-lead", "wrong").unwrap().is_none());
        for role in Role::ALL {
            assert_eq!(place.actor(*role).role, *role);
        }
    }

    #[test]
    fn a_fresh_place_has_nothing_wrong() {
        let place = place();
        let problems = place.app.store().read(store::verify).unwrap();
        assert_eq!(problems, []);
    }
}
