//! Programs that use the API: making them, revoking them, and knowing them by their token.
//!
//! A token is 256 random bits, shown once; the store has its SHA-256. It is looked up in the
//! transaction of each request, or known there from one before while nothing in the store has
//! changed ([`super::kept`]), so a revoked token opens nothing from that moment on.

use super::kept::Sights;
use super::{Refusal, Why, Window};
use crate::person::Asker;
use crate::{App, Error, Subject};
use access::{Action, Actor, Allowed, Role};
use jiff::{SignedDuration, Timestamp};
use kernel::hex;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::api::{self, Client};
use store::{Tx, journal, organisation};

/// What a token may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Find people and read their details.
    PatientRead,
    /// Read and search resources of a person.
    ResourceRead,
    /// Send Bundles.
    BundleWrite,
    /// Read who looked at a person's record.
    AuditRead,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [
        Self::PatientRead,
        Self::ResourceRead,
        Self::BundleWrite,
        Self::AuditRead,
    ];

    /// The word it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PatientRead => "patient.read",
            Self::ResourceRead => "resource.read",
            Self::BundleWrite => "bundle.write",
            Self::AuditRead => "audit.read",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// The one use of people's data that the API is open for. Other uses need the national data
/// opt-out applied before anything is given (RULES H.7), which one request cannot do.
pub const PURPOSE: &str = "direct care";

/// Longest life of a token.
const LONGEST: i64 = 366;

/// What journal rows about tokens rest on.
const KNOWING: Allowed = Allowed {
    purpose: "signing in",
    legal_basis: "UK GDPR 6(1)(e), 6(1)(c)",
};

/// What is needed to make a client.
#[derive(Clone, Debug)]
pub struct NewClient<'a> {
    /// Its name: lower-case letters, digits, dashes and dots.
    pub name: &'a str,
    /// Code of the organisation it acts for.
    pub organisation: &'a str,
    /// In what role.
    pub role: &'a str,
    /// For what use; see [`PURPOSE`].
    pub purpose: &'a str,
    /// What it may do.
    pub scopes: &'a [String],
    /// Days until its token ends.
    pub days: i64,
}

/// A client that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The token. It is not kept and cannot be shown again.
    pub token: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// A client that was recognised.
pub(super) struct Recognised {
    pub(super) actor: Actor,
    /// With what it acts for.
    pub(super) asker: Asker,
    scopes: Vec<Scope>,
    /// When its token ends.
    expires: Timestamp,
    /// What it may see of whom.
    pub(super) sights: Sights,
}

/// A client that was recognised, in its transaction.
pub(super) struct Known<'w> {
    pub(super) client: Arc<Recognised>,
    pub(super) window: &'w Window,
}

impl Known<'_> {
    /// That its token has a scope.
    pub(super) fn may(&self, scope: Scope) -> Result<(), Refusal> {
        if self.client.scopes.contains(&scope) {
            return Ok(());
        }
        Err(Refusal::new(
            Why::Forbidden,
            "",
            format!(
                "This token does not have the scope {}. Ask for a token that has it.",
                scope.as_str()
            ),
        ))
    }
}

fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

impl App {
    /// Makes a client and its token.
    ///
    /// # Errors
    /// Not allowed, something about it cannot be, or the store's.
    pub fn add_api_client(&self, actor: &Actor, new: &NewClient<'_>) -> Result<Made, Error> {
        let allowed = access::decide(actor, Action::Administer)?;
        let scopes = check(new)?;
        let now = self.now();
        let expires = now + SignedDuration::from_hours(24 * new.days);
        let token = hex(&self.ids().random::<32>());
        self.store().write(|tx| {
            let organisation = organisation::all(tx)?
                .into_iter()
                .find(|one| one.code.as_deref() == Some(new.organisation))
                .ok_or_else(|| {
                    Error::invalid("organisation", "no organisation here has this code")
                })?;
            let taken = api::clients(tx)?
                .iter()
                .any(|one| one.name == new.name && one.revoked_at.is_none());
            if taken {
                return Err(Error::invalid(
                    "name",
                    "is taken; revoke that client first or choose another name",
                ));
            }
            let client = Client {
                name: new.name.to_owned(),
                organisation: organisation.id,
                organisation_name: String::new(),
                role: new.role.to_owned(),
                purpose: new.purpose.to_owned(),
                scopes: scopes.clone(),
                created_at: now,
                expires_at: expires,
                revoked_at: None,
            };
            api::add_client(tx, &token_hash(&token), &client)?;
            let subject = Subject {
                thing: format!("client {}", new.name),
                results: 1,
                detail: scopes.clone(),
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "add API client", subject)
        })?;
        Ok(Made { token, expires })
    }

    /// Every client, revoked ones too.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn api_clients(&self, actor: &Actor) -> Result<Vec<Client>, Error> {
        access::decide(actor, Action::Administer)?;
        Ok(self.store().read(api::clients)?)
    }

    /// Revokes every token of a client, from now on.
    ///
    /// # Errors
    /// Not allowed, no such client with a token that opens anything, or the store's.
    pub fn revoke_api_client(&self, actor: &Actor, name: &str) -> Result<(), Error> {
        let allowed = access::decide(actor, Action::Administer)?;
        self.store().write(|tx| {
            if api::revoke_client(tx, name, self.now())? == 0 {
                return Err(Error::NotFound("client that is not revoked"));
            }
            let subject = Subject {
                thing: format!("client {name}"),
                results: 1,
                ..Subject::default()
            };
            let kind = journal::Kind::Command;
            self.record(tx, actor, allowed, kind, "revoke API client", subject)
        })
    }

    /// Who a token belongs to. A refusal is in the journal; the token is not. A token is
    /// looked up once while the store has the same content, so that nobody has revoked it.
    pub(super) fn recognise<'w>(
        &self,
        tx: &mut dyn Tx,
        window: &'w Window,
        token: Option<&str>,
    ) -> Result<Result<Known<'w>, Refusal>, Error> {
        let Some(token) = token else {
            self.unknown(window, None, "no token");
            let text = "Send a token: Authorization: Bearer, a space, and the token.";
            return Ok(Err(Refusal::new(Why::Unknown, "", text)));
        };
        let hash = token_hash(token);
        let now = self.now();
        let kept = window.known.borrow().client(&hash).map(Arc::clone);
        if let Some(client) = kept.filter(|client| now < client.expires) {
            return Ok(Ok(Known { client, window }));
        }
        let found = api::client_of(tx, &hash)?;
        let role = found.as_ref().and_then(|client| Role::parse(&client.role));
        let (Some(client), Some(role)) = (found, role) else {
            self.unknown(window, None, "unknown token");
            let text = "This token is not known here. Ask for a new one.";
            return Ok(Err(Refusal::new(Why::Unknown, "", text)));
        };
        let actor = Actor {
            account: None,
            username: format!("{}{}", journal::PROGRAM, client.name),
            display_name: client.name,
            role,
            organisation: Some(client.organisation),
            organisation_name: client.organisation_name,
        };
        let ended = if client.revoked_at.is_some() {
            Some((
                "revoked token",
                "This token was revoked. Ask for a new one.",
            ))
        } else if client.expires_at <= now {
            Some(("expired token", "This token has ended. Ask for a new one."))
        } else {
            None
        };
        if let Some((detail, text)) = ended {
            self.unknown(window, Some(&actor), detail);
            return Ok(Err(Refusal::new(Why::Unknown, "", text)));
        }
        let scopes = client.scopes.split(' ').filter_map(Scope::parse).collect();
        let client = Arc::new(Recognised {
            asker: self.asker(tx, &actor)?,
            actor,
            scopes,
            expires: client.expires_at,
            sights: Sights::default(),
        });
        window.known.borrow_mut().keep(hash, &client);
        Ok(Ok(Known { client, window }))
    }

    fn unknown(&self, window: &Window, actor: Option<&Actor>, detail: &str) {
        let nobody = || Actor {
            username: "unknown".to_owned(),
            ..Actor::operator()
        };
        let subject = Subject {
            detail: detail.to_owned(),
            ..Subject::default()
        };
        let kind = journal::Kind::SignIn;
        let actor = actor.cloned().unwrap_or_else(nobody);
        window.row(self.entry(&actor, KNOWING, kind, "API token refused", subject));
    }

    /// That a client that is known was refused.
    pub(super) fn refused(&self, known: &Known<'_>, refusal: &Refusal) {
        let subject = Subject {
            detail: refusal.why.in_words().to_owned(),
            ..Subject::default()
        };
        let (kind, action) = (journal::Kind::Look, "API request refused");
        let entry = self.entry(&known.client.actor, KNOWING, kind, action, subject);
        known.window.row(entry);
    }
}

/// Checks what is asked for; the scopes as they are kept.
fn check(new: &NewClient<'_>) -> Result<String, Error> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    if new.name.is_empty() || new.name.len() > 60 || !new.name.chars().all(plain) {
        return Err(Error::invalid(
            "name",
            "needs lower-case letters, digits, dashes or dots, at most 60",
        ));
    }
    match Role::parse(new.role) {
        None | Some(Role::Operator) => {
            return Err(Error::invalid(
                "role",
                "is not a role that a program can have",
            ));
        }
        Some(_) => {}
    }
    if new.purpose != PURPOSE {
        return Err(Error::invalid(
            "purpose",
            format!("the API is open for {PURPOSE} only"),
        ));
    }
    if !(1..=LONGEST).contains(&new.days) {
        return Err(Error::invalid(
            "days",
            format!("a token lasts from 1 to {LONGEST} days"),
        ));
    }
    let mut scopes = Vec::new();
    for word in new.scopes {
        let scope = Scope::parse(word).ok_or_else(|| {
            let known = Scope::ALL.map(Scope::as_str).join(", ");
            Error::invalid("scope", format!("is one of {known}"))
        })?;
        scopes.push(scope.as_str());
    }
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(Error::invalid("scope", "name at least one scope"));
    }
    Ok(scopes.join(" "))
}
