//! Accounts and sessions: argon2id for passwords, a random token in the cookie,
//! its hash in the store.

use crate::{App, Error, Subject};
use access::{Action, Actor, Allowed, Role};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use jiff::{SignedDuration, Timestamp};
use kernel::{OrganisationId, hex};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;
use store::{account, journal};

/// How long a session lasts: 20 hours, so that no one loses work within a day.
const SESSION: SignedDuration = SignedDuration::from_hours(20);

const SIGNING_IN: Allowed = Allowed {
    purpose: "signing in",
    legal_basis: "UK GDPR 6(1)(e), 6(1)(c)",
};

/// A session that was opened.
#[derive(Clone)]
pub struct Session {
    /// The token for the cookie; only its hash is kept.
    pub token: String,
    /// When it ends.
    pub expires: Timestamp,
    /// Who signed in.
    pub actor: Actor,
}

/// What is needed to make an account.
#[derive(Clone)]
pub struct NewAccount<'a> {
    /// What is typed to sign in.
    pub username: &'a str,
    /// The password; only its argon2id hash is kept.
    pub password: &'a str,
    /// Name shown on screen.
    pub display_name: &'a str,
    /// Role.
    pub role: Role,
    /// For which organisation.
    pub organisation: OrganisationId,
}

/// argon2id with 19 MiB, two passes, one lane (the OWASP minimum of 2023).
fn argon2() -> Argon2<'static> {
    let parameters = Params::new(19_456, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
}

fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

impl App {
    /// Makes an account.
    ///
    /// # Errors
    /// Not allowed, the username is taken, or the store's.
    pub fn make_account(&self, actor: &Actor, new: &NewAccount<'_>) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::Administer)?;
        let account = self.new_account(new)?;
        self.store().write(|tx| {
            if account::by_username(tx, new.username)?.is_some() {
                return Err(Error::invalid("username", "is taken; choose another"));
            }
            account::insert(tx, &account)?;
            let subject = Subject {
                thing: format!("account {}", account.id),
                results: 1,
                ..Subject::default()
            };
            self.record(
                tx,
                actor,
                allowed,
                journal::Kind::Command,
                "make account",
                subject,
            )
        })
    }

    /// An account as it is put in, its password hashed. Its name is none that stands for a program in
    /// the journal: the looks of programs are not among those that are reviewed by account.
    pub(crate) fn new_account(&self, new: &NewAccount<'_>) -> Result<account::Account, Error> {
        if new.username.starts_with(journal::PROGRAM) {
            let text = "begins as the names of programs do; choose another";
            return Err(Error::invalid("username", text));
        }
        Ok(account::Account {
            id: self.ids().account(),
            username: new.username.to_owned(),
            display_name: new.display_name.to_owned(),
            role: new.role.as_str().to_owned(),
            organisation: new.organisation,
            organisation_name: String::new(),
            password_hash: self.hash_password(new.password)?,
        })
    }

    fn hash_password(&self, password: &str) -> Result<String, Error> {
        let salt = SaltString::encode_b64(&self.ids().random::<16>())
            .map_err(|_| Error::Policy("a salt could not be made".to_owned()))?;
        argon2()
            .hash_password(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|_| Error::Policy("a password could not be hashed".to_owned()))
    }

    /// Signs in. A wrong username and a wrong password take the same time and
    /// give the same answer, `None`. Every try is in the journal.
    ///
    /// # Errors
    /// The store's.
    pub fn sign_in(&self, username: &str, password: &str) -> Result<Option<Session>, Error> {
        let found = self.store().read(|tx| account::by_username(tx, username))?;
        let hash = found
            .as_ref()
            .map_or_else(|| self.nobodys_hash(), |a| a.password_hash.clone());
        let fits = PasswordHash::new(&hash)
            .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
        let actor = found.filter(|_| fits).and_then(actor_of);
        let now = self.now();
        let Some(actor) = actor else {
            // The name typed may be a password in the wrong box: it is not kept.
            let nobody = Actor {
                username: "unknown".to_owned(),
                ..Actor::operator()
            };
            self.store().write(|tx| {
                let kind = journal::Kind::SignIn;
                self.record(
                    tx,
                    &nobody,
                    SIGNING_IN,
                    kind,
                    "sign in refused",
                    Subject::default(),
                )
            })?;
            return Ok(None);
        };
        let token = hex(&self.ids().random::<32>());
        let expires = now + SESSION;
        self.store().write(|tx| {
            if let Some(account) = actor.account {
                account::open_session(tx, &token_hash(&token), account, now, expires)?;
            }
            let kind = journal::Kind::SignIn;
            self.record(tx, &actor, SIGNING_IN, kind, "sign in", Subject::default())
        })?;
        Ok(Some(Session {
            token,
            expires,
            actor,
        }))
    }

    /// Who a session's token belongs to; `None` when it has ended.
    ///
    /// # Errors
    /// The store's.
    pub fn actor_of(&self, token: &str) -> Result<Option<Actor>, Error> {
        let now = self.now();
        let found = self
            .store()
            .read(|tx| account::of_session(tx, &token_hash(token), now))?;
        Ok(found.and_then(actor_of))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The store's.
    pub fn sign_out(&self, actor: &Actor, token: &str) -> Result<(), Error> {
        self.store().write(|tx| {
            account::close_session(tx, &token_hash(token), self.now())?;
            let kind = journal::Kind::SignIn;
            self.record(tx, actor, SIGNING_IN, kind, "sign out", Subject::default())
        })
    }

    /// A hash that no password fits, so that an unknown name costs as much time
    /// as a wrong password.
    fn nobodys_hash(&self) -> String {
        static HASH: OnceLock<String> = OnceLock::new();
        HASH.get_or_init(|| {
            let password = hex(&self.ids().random::<32>());
            self.hash_password(&password).unwrap_or_default()
        })
        .clone()
    }
}

fn actor_of(account: account::Account) -> Option<Actor> {
    Some(Actor {
        account: Some(account.id),
        username: account.username,
        display_name: account.display_name,
        role: Role::parse(&account.role)?,
        organisation: Some(account.organisation),
        organisation_name: account.organisation_name,
    })
}
