//! `almoner client`.

use crate::Format;
use crate::failure::Failure;
use crate::open::At;
use access::Actor;
use app::api::{NewClient, PURPOSE, Scope};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

/// Programs that may use the API.
///
/// Example: almoner client add gp-app --organisation ZRB --scope patient.read --scope resource.read
#[derive(Args)]
pub(crate) struct Client {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make a client and print its token, this once.
    Add {
        /// Its name: lower-case letters, digits, dashes and dots.
        name: String,
        /// Code of the organisation it acts for.
        #[arg(long, value_name = "CODE")]
        organisation: String,
        /// What its token opens; may be given several times.
        #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = scopes())]
        scopes: Vec<String>,
        /// In what role it acts.
        #[arg(long, default_value = "practitioner")]
        role: String,
        /// What it uses people's data for.
        #[arg(long, default_value = PURPOSE)]
        purpose: String,
        /// Days until the token ends.
        #[arg(long, default_value_t = 90)]
        days: i64,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// List the clients.
    List {
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Revoke a client's token, from this moment on.
    Revoke {
        /// Its name.
        name: String,
    },
}

fn scopes() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(Scope::ALL.map(Scope::as_str))
}

impl Client {
    pub(crate) fn run(&self, at: &At) -> Result<(), Failure> {
        let app = at.open()?;
        let actor = Actor::operator();
        match &self.what {
            What::Add {
                name,
                organisation,
                scopes,
                role,
                purpose,
                days,
                format,
            } => {
                let made = app.add_api_client(
                    &actor,
                    &NewClient {
                        name,
                        organisation,
                        role,
                        purpose,
                        scopes,
                        days: *days,
                    },
                )?;
                let expires = made.expires.to_string();
                match format {
                    Format::Json => println!(
                        "{}",
                        json!({ "name": name, "token": made.token, "expires": expires })
                    ),
                    Format::Csv => println!("name,token,expires\n{name},{},{expires}", made.token),
                    Format::Text => println!(
                        "Token of {name}, until {expires}. It is shown this once and is not kept:\n{}",
                        made.token
                    ),
                }
            }
            What::List { format } => list(&app.api_clients(&actor)?, *format, app.now()),
            What::Revoke { name } => {
                app.revoke_api_client(&actor, name)?;
                println!("The token of {name} is revoked.");
            }
        }
        Ok(())
    }
}

fn list(clients: &[store::api::Client], format: Format, now: jiff::Timestamp) {
    let state = |client: &store::api::Client| {
        if client.revoked_at.is_some() {
            "revoked"
        } else if client.expires_at <= now {
            "ended"
        } else {
            "open"
        }
    };
    match format {
        Format::Json => {
            let rows: Vec<Value> = clients
                .iter()
                .map(|client| {
                    json!({
                        "name": client.name,
                        "organisation": client.organisation_name,
                        "role": client.role,
                        "purpose": client.purpose,
                        "scopes": client.scopes.split(' ').collect::<Vec<_>>(),
                        "made": client.created_at.to_string(),
                        "expires": client.expires_at.to_string(),
                        "state": state(client),
                    })
                })
                .collect();
            println!("{}", Value::from(rows));
        }
        Format::Csv => {
            println!("name,organisation,role,purpose,scopes,expires,state");
            for client in clients {
                println!(
                    "{},\"{}\",{},{},{},{},{}",
                    client.name,
                    client.organisation_name.replace('"', "\"\""),
                    client.role,
                    client.purpose,
                    client.scopes,
                    client.expires_at,
                    state(client)
                );
            }
        }
        Format::Text if clients.is_empty() => println!("No clients."),
        Format::Text => {
            for client in clients {
                println!(
                    "{}: {}, until {}; {} for {}; {}",
                    client.name,
                    state(client),
                    client.expires_at,
                    client.role,
                    client.organisation_name,
                    client.scopes
                );
            }
        }
    }
}
