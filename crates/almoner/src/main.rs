//! The one binary: commands, configuration, telemetry.

mod account;
mod client;
mod demo;
mod doctor;
mod dtoc;
mod failure;
mod flow;
mod fund;
mod inbox;
mod journal;
mod link;
mod load;
mod memory;
mod nhs_number;
mod open;
mod outbox;
mod passport;
mod person;
mod returns;
mod rounds;
mod serve;
mod simulate;

use clap::{Parser, Subcommand, ValueEnum};
use std::any::Any;
use std::process::ExitCode;

/// Software for health and social care in one place: one record, one way home.
#[derive(Parser)]
#[command(name = "almoner", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    at: open::At,
}

/// How a command prints its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For reading.
    Text,
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Make a fictional place and serve it, to try everything out.
    Demo(demo::Demo),
    /// Serve an existing store.
    Serve(serve::Serve),
    /// Load real files into the store, through the inbox.
    Load(load::Load),
    /// See what arrived, and read it again.
    Inbox(inbox::Inbox),
    /// Messages written here that wait to be handed over.
    Outbox(outbox::Outbox),
    /// A person's record.
    Person(person::Person),
    /// Make a return from the stays in the store.
    Return(returns::Returns),
    /// Rules of the way from the front door to home.
    Flow(flow::Flow),
    /// Pooled money: its ledger, shares by the agreement, plans, payment for performance.
    Fund(fund::Fund),
    /// Official delayed days.
    Dtoc(dtoc::Dtoc),
    /// Find the records that are one person, in files.
    Link(link::Link),
    /// Plan home care rounds: who visits whom, and when.
    Rounds(rounds::Rounds),
    /// Simulate how people flow through hospital and care: what happens if?
    Simulate(simulate::Simulate),
    /// Accounts of those who sign in.
    Account(account::Account),
    /// Programs that may use the API.
    Client(client::Client),
    /// Prove that the journal was not changed, to whoever wants to check.
    Journal(journal::Journal),
    /// Keys of passports, and the check of one that is shown.
    Passport(passport::Passport),
    /// Check NHS numbers.
    NhsNumber(nhs_number::NhsNumber),
    /// Check every invariant of the store; exit 1 if anything is wrong.
    Doctor(doctor::Doctor),
}

/// Whether a panic only says that whoever read the output has stopped, as `head` does.
fn reader_gone(payload: &(dyn Any + Send)) -> bool {
    let text = payload.downcast_ref::<String>();
    text.is_some_and(|text| text.starts_with("failed printing to stdout: Broken pipe"))
}

fn main() -> ExitCode {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !reader_gone(info.payload()) {
            usual(info);
        }
    }));
    match std::panic::catch_unwind(run) {
        Ok(code) => code,
        Err(panic) if reader_gone(&*panic) => ExitCode::from(failure::READER_GONE),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Demo(demo) => demo.run(&cli.at),
        Command::Serve(serve) => serve.run(&cli.at),
        Command::Load(load) => load.run(&cli.at),
        Command::Inbox(inbox) => inbox.run(&cli.at),
        Command::Outbox(outbox) => outbox.run(&cli.at),
        Command::Person(person) => person.run(&cli.at),
        Command::Return(returns) => returns.run(&cli.at),
        Command::Flow(flow) => flow.run(&cli.at),
        Command::Fund(fund) => fund.run(&cli.at),
        Command::Dtoc(dtoc) => dtoc.run(&cli.at),
        Command::Link(link) => link.run(),
        Command::Rounds(rounds) => rounds.run(&cli.at),
        Command::Simulate(simulate) => simulate.run(),
        Command::Account(account) => account.run(&cli.at),
        Command::Client(client) => client.run(&cli.at),
        Command::Journal(journal) => journal.run(&cli.at),
        Command::Passport(passport) => passport.run(&cli.at),
        Command::NhsNumber(nhs_number) => nhs_number.run(),
        Command::Doctor(doctor) => doctor.run(&cli.at),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
