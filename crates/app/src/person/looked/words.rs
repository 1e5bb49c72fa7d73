//! A row of the journal as sentences: "On 3 May at 9:15am Septimus Harding, hub lead at
//! Barchester Royal Infirmary, read your record to care for you. They saw 12 lines."
//!
//! Of staff nothing is told but name, role and organisation. Source: RULES H.12 (an access
//! report that the patient can see); the wording is this product's own.

use super::Voice;
use ::person::opening::OpeningReason;
use access::{Action, Role};
use jiff::Timestamp;
use kernel::calendar::{local, time_in_words};
use store::looks::Look;

/// The look at this very list.
pub(super) const WHO_LOOKED: &str = "see who looked";

/// The whole of what is told of a row. `reason` is why it was opened without a link, where it was.
pub(super) fn sentences(row: &Look, reason: Option<&str>, voice: Voice, now: Timestamp) -> String {
    let own = row.purpose == "own record";
    let who = who(row, own, voice);
    let did = did(row);
    let mut told = format!("{} {who} {did}", when(row.at, now));
    // Neither twice a purpose, nor one where nothing was got.
    if !own && !did.contains(',') && !row.action.contains("refused") {
        let purpose = purpose(&row.purpose);
        if row.kind != "look" && !purpose.is_empty() {
            told.push(',');
        }
        told.push_str(purpose);
    }
    told.push('.');
    if let Some(reason) = reason {
        let given = OpeningReason::parse(reason).map_or(reason, |one| one.in_words());
        told.push_str(" They had no link with {you}. The reason they gave: “");
        told.push_str(given);
        told.push_str("”.");
    }
    told.push_str(&saw(row, own, voice));
    // Speaking of themselves, the person is "they" to others.
    voiced(&told, voice, own)
}

/// "On 3 May at 9:15am", with the year unless it is this one.
fn when(at: Timestamp, now: Timestamp) -> String {
    let (at, today) = (local(at), local(now));
    let day = match at.year() == today.year() {
        true => at.strftime("%-d %B"),
        false => at.strftime("%-d %B %Y"),
    };
    format!("On {day} at {}", time_in_words(at))
}

fn who(row: &Look, own: bool, voice: Voice) -> String {
    if own {
        return match voice {
            Voice::Own => "you".to_owned(),
            Voice::Other => "the person themselves".to_owned(),
        };
    }
    if let Some(program) = row.actor.strip_prefix(store::journal::PROGRAM) {
        return format!("the computer system “{program}” of {}", row.organisation);
    }
    if row.actor == crate::flow::forms::PUBLIC {
        return "somebody who did not sign in".to_owned();
    }
    let role = Role::parse(&row.role);
    if role == Some(Role::Operator) || (row.name.is_none() && role.is_none()) {
        return "somebody who looks after this system".to_owned();
    }
    let name = row.name.as_deref().unwrap_or("somebody");
    if row.purpose == "carer's view" {
        return format!("{name}, whom {{you_s}} invited,");
    }
    if role == Some(Role::Person) {
        return format!("{name}, who signs in from home,");
    }
    let at = match row.organisation.is_empty() {
        true => String::new(),
        false => format!(" at {}", row.organisation),
    };
    format!("{name}, {}{at},", role.map_or("staff", role_in_words))
}

const fn role_in_words(role: Role) -> &'static str {
    match role {
        Role::HubLead => "hub lead",
        Role::Practitioner => "practitioner",
        Role::Provider => "care provider",
        Role::Finance => "finance staff",
        Role::BoardMember => "board member",
        Role::Analyst => "analyst",
        Role::PrivacyOfficer => "privacy officer",
        Role::Administrator => "administrator",
        Role::Person | Role::Operator => "staff",
    }
}

/// What it was for, after what was done. A purpose that is not known here is not told.
fn purpose(purpose: &str) -> &str {
    match purpose {
        "direct care" => " to care for {you}",
        "carer's view" => " because {you_s} said that they may",
        "safeguarding" => " to keep {you} or somebody else safe",
        "oversight of access" => " to check that records are used as they should be",
        "running the service" => " to keep this service running",
        "official return" => " for a return that the law asks for",
        "pooled money" => " to keep the books of the money for care",
        "planning" => " to plan services",
        "research" => " for research",
        _ => "",
    }
}

fn did(row: &Look) -> String {
    if row.action.contains("refused") {
        return "asked for {record} and was refused".to_owned();
    }
    let thing = row.subject.split(' ').next().unwrap_or_default();
    let named = Action::ALL
        .iter()
        .find(|action| action.in_words() == row.action)
        .copied();
    match (row.kind.as_str(), named) {
        ("look", Some(Action::SeePerson | Action::SeeOwnRecord)) => match thing {
            "document" => "opened a document in {record}".to_owned(),
            "journal" => "read the list of who looked at {record}".to_owned(),
            "about" => "read what {you_s} wrote under About me".to_owned(),
            "carers" => "read whom {you_s} invited to see {record}".to_owned(),
            "corrections" => "read what {you_s} asked to have put right".to_owned(),
            "home" => "read that there is a record of {you}".to_owned(),
            "plan" => "read {your} care and support plan".to_owned(),
            "letters" => "read which letters are in {record}".to_owned(),
            "referrals" => "read what became of requests for help for {you}".to_owned(),
            "wishes" => "read what {you_s} said about {your} data".to_owned(),
            _ => "read {record}".to_owned(),
        },
        // A restricted record stays shut until somebody else agrees.
        ("command", Some(Action::OpenWithoutTie)) if row.results == 0 => {
            looked(Action::OpenWithoutTie).to_owned()
        }
        ("look", Some(action)) => looked(action).to_owned(),
        ("look", None) if row.action == WHO_LOOKED => {
            "read the list of who looked at {record}".to_owned()
        }
        (_, Some(action)) => changed(action).to_owned(),
        ("load", None) => match row.action.as_str() {
            "load notice" => "took in a notice about {your} stay in hospital".to_owned(),
            _ => "took in news about {you}".to_owned(),
        },
        (_, None) => COMMANDS
            .iter()
            .find(|(command, _)| *command == row.action)
            .map_or_else(
                || by_its_quarter(&row.action),
                |(_, words)| (*words).to_owned(),
            ),
    }
}

/// What somebody did who looked.
const fn looked(action: Action) -> &'static str {
    match action {
        Action::SeeBoard => "saw {your} name on the list of people in hospital",
        Action::SeeStay => "read about {your} stay in hospital",
        Action::ChangeStay => "opened {your} stay in hospital to change it",
        Action::WorkSteps => "read what is to be done next for {you}",
        Action::SwitchWorkflow => "read which steps are used",
        Action::FindPerson => "found {you} in a search",
        Action::SeePerson | Action::SeeOwnRecord => "read {record}",
        Action::SeeStatistics => "read figures, which name nobody, that {you_s} {are} counted in",
        Action::MakeReturn => "counted {your} stay in hospital",
        Action::SeeInbox => "read a message about {you}",
        Action::LoadInbox => "took in a message about {you}",
        Action::ReviewIdentity => "compared {record} with others, to be sure whose it is",
        Action::OpenWithoutTie => "asked to see {record} without a link to {you}",
        Action::ReviewLooks => "read the list of who looked at {record}",
        Action::RecordWish => "read what {you_s} said about {your} data",
        Action::Restrict => "read who may see {record}",
        Action::TakeOn => "read who {your} case worker is",
        Action::MakePassport => "read {your} passport",
        Action::CheckPassport => "checked that {your} passport is genuine",
        Action::SeeDirectory | Action::ChangeDirectory => "looked for a service for {you}",
        Action::SeeCapacity | Action::TellCapacity => "looked at what services have free",
        Action::SeekService => "read which service is looked for",
        Action::AnswerOffer => "read what help {you_s} need",
        Action::MakePlan => "read {your} care and support plan",
        Action::HoldMeeting => "read what a meeting said about {you}",
        Action::AnswerCorrection => "read what {you_s} asked to have put right",
        Action::ChangeServices => "read which services {you_s} have",
        Action::SeeClocks | Action::ChangeClocks => {
            "read by when something is to be done for {you}"
        }
        Action::RecordActing => "read who acts for {you}",
        Action::Refer => "read a request for help for {you}",
        Action::Triage => "read a request for help for {you}, to decide on it",
        Action::Assess => "read an assessment of {your} needs",
        Action::SeeAgreements | Action::KeepAgreements => {
            "read whose assessment of {you} is accepted"
        }
        Action::SeeLedger | Action::PostLedger | Action::CloseLedger => {
            "read what is paid for {your} care"
        }
        Action::CheckStore => "checked that {record} is kept safely",
        Action::Administer => "looked after an account that has to do with {you}",
    }
}

/// What somebody did who changed something.
const fn changed(action: Action) -> &'static str {
    match action {
        Action::SeeBoard | Action::SeeStay | Action::ChangeStay => {
            "changed {your} stay in hospital"
        }
        Action::WorkSteps => "wrote down how far the work for {you} has come",
        Action::SwitchWorkflow => "changed which steps are used for {you}",
        Action::FindPerson | Action::SeePerson | Action::SeeOwnRecord => {
            "changed something in {record}"
        }
        Action::SeeStatistics | Action::MakeReturn => "counted {your} stay in hospital",
        Action::SeeInbox | Action::LoadInbox => "took in news about {you}",
        Action::ReviewIdentity => "decided which records are about {you}",
        Action::OpenWithoutTie => "opened {record} without a link to {you}",
        Action::ReviewLooks => "checked a look at {record}",
        Action::RecordWish => "wrote down what {you_s} said about {your} data",
        Action::Restrict => "changed who may see {record}",
        Action::TakeOn => "changed who {your} case worker is",
        Action::MakePassport => "made or changed {your} passport",
        Action::CheckPassport => "checked that {your} passport is genuine",
        Action::SeeDirectory | Action::ChangeDirectory => "noted a service for {you}",
        Action::SeeCapacity | Action::TellCapacity => "wrote down what services have free",
        Action::SeekService => "looked for a service",
        Action::AnswerOffer => "answered whether their service can help",
        Action::MakePlan => "changed {your} care and support plan",
        Action::HoldMeeting => "spoke about {you} in a meeting",
        Action::AnswerCorrection => "answered what {you_s} asked to have put right",
        Action::ChangeServices => "wrote down a service that {you_s} have",
        Action::SeeClocks | Action::ChangeClocks => {
            "wrote down by when something is to be done for {you}"
        }
        Action::RecordActing => "wrote down who acts for {you}",
        Action::Refer => "asked for help for {you}",
        Action::Triage => "decided on a request for help for {you}",
        Action::Assess => "wrote in an assessment of {your} needs",
        Action::SeeAgreements | Action::KeepAgreements => {
            "wrote down whose assessment of {you} is accepted"
        }
        Action::SeeLedger | Action::PostLedger | Action::CloseLedger => {
            "wrote down what is paid for {your} care"
        }
        Action::CheckStore => "checked that {record} is kept safely",
        Action::Administer => "changed an account that has to do with {you}",
    }
}

/// Commands that have words of their own.
const COMMANDS: &[(&str, &str)] = &[
    (
        "ledger: open account",
        "opened an account for what is paid for {your} care",
    ),
    ("ledger: post", "wrote down what is paid for {your} care"),
    (
        "stay: set reason for delay",
        "wrote down why {you_s} {are} waiting to leave hospital",
    ),
    (
        "stay: correct reason for delay",
        "corrected why {you_s} {are} waiting to leave hospital",
    ),
    (
        "stay: set test of readiness",
        "wrote down whether {you_s} {are} ready to leave hospital",
    ),
    (
        "stay: set ready date",
        "wrote down since when {you_s} {are} ready to leave hospital",
    ),
    (
        "stay: set expected date",
        "wrote down when {you_s} {are} expected to leave hospital",
    ),
    (
        "stay: set day assessed",
        "wrote down when {your} needs were assessed",
    ),
    (
        "stay: set next action",
        "wrote down what happens next and who does it",
    ),
    (
        "stay: set pathway",
        "wrote down what kind of help {you_s} need to leave hospital",
    ),
    (
        "stay: set ward and bed",
        "wrote down which ward and bed {you_s} {are} in",
    ),
    (
        "stay: set council",
        "wrote down which council {you_s} live in",
    ),
    (
        "stay: set destination",
        "wrote down where {you_s} go after hospital",
    ),
    (
        "stay: give choice letter",
        "wrote down that {you_s} were given a letter about where to go after hospital",
    ),
    (
        "stay: send notice",
        "told the hospital or the council about {your} way home",
    ),
    ("hand over", "handed on a message about {you}"),
    (
        "plan: agree",
        "wrote down that {your} care and support plan is agreed",
    ),
    (
        "meeting: decide",
        "wrote down what a meeting decided about {you}",
    ),
    (
        "meeting: done",
        "wrote down that something a meeting wanted is done",
    ),
    ("need: write", "wrote down which help {you_s} need"),
    (
        "need: offer",
        "asked services whether they can help, without telling them {your} name",
    ),
    (
        "need: next in turn",
        "asked services whether they can help, or noted that their time was over, without {your} name",
    ),
    ("need: withdraw", "ended the search for a service"),
    ("need: start", "wrote down that a service has begun"),
    (
        "need: restart",
        "asked the service that {you_s} had before to come again",
    ),
    (
        "need: take later start",
        "agreed to a later first day of a service",
    ),
    ("need: make link", "made a link for a service to answer by"),
    ("offer: accept", "said that their service can help"),
    ("offer: decline", "said that their service cannot help"),
    (
        "offer: offer later start",
        "said from which later day their service can help",
    ),
    (
        "offer: answer without effect",
        "answered a question that was settled already",
    ),
    ("stay: discharge", "wrote down that {you_s} left hospital"),
    (
        "stay: undo discharge",
        "wrote down that {you_s} had not left hospital after all",
    ),
    (
        "identity: link",
        "decided that two records are both about {you}",
    ),
    (
        "identity: keep apart",
        "decided that another record is not about {you}",
    ),
    (
        "identity: ask the source",
        "asked whoever sent a record whether it is about {you}",
    ),
    (
        "identity: undo link",
        "took two records apart that had been put together",
    ),
    (
        "looks: approve opening",
        "agreed that {record} is opened without a link to {you}",
    ),
    (
        "looks: review opening",
        "checked why {record} was opened without a link to {you}",
    ),
    (
        "looks: look into",
        "looked into an unusual look at {record}",
    ),
    (
        "restriction: put",
        "made sure that fewer people may see {record}",
    ),
    ("restriction: lift", "ended a limit on who may see {record}"),
    ("restriction: name", "named somebody who may see {record}"),
    (
        "account: make own",
        "made an account with which {you_s} can read {record}",
    ),
    ("referral: send", "asked for help for {you}"),
    (
        "referral: take",
        "began to look at a request for help for {you}",
    ),
    (
        "referral: change priority",
        "changed how soon a request for help for {you} is looked at",
    ),
    (
        "referral: decide",
        "decided on a request for help for {you}",
    ),
    (
        "referral: put together",
        "put two requests for help for {you} together",
    ),
    ("form: begin", "began an assessment of {your} needs"),
    ("form: answer", "wrote in an assessment of {your} needs"),
    (
        "form: take over",
        "took over an answer of an earlier assessment of {your} needs",
    ),
    (
        "form: accept",
        "wrote down who accepts an assessment of {your} needs",
    ),
    ("form: sign", "signed an assessment of {your} needs"),
    ("form: give up", "gave up an assessment of {your} needs"),
    (
        "see the list of passports",
        "read which passports {you_s} have",
    ),
    ("see a passport", "read {your} passport"),
    ("make a passport", "made a passport for {you}"),
    ("replace a passport", "made {your} passport anew"),
    ("end a passport", "ended {your} passport"),
    (
        "check a passport",
        "checked {your} passport and found it genuine",
    ),
    (
        "refuse a passport",
        "checked a passport of {yours} and found that it does not hold",
    ),
    ("carer: invite", "invited a carer to see {record}"),
    ("carer: take up", "took up an invitation to see {record}"),
    ("carer: end", "ended a carer's leave to see {record}"),
    ("wish: object", "asked that {record} is not shared"),
    (
        "wish: take back objection",
        "took back what was said against sharing {record}",
    ),
    ("wish: opt out", "opted {record} out of uses beyond care"),
    (
        "wish: take back opt-out",
        "took back the opt-out from uses beyond care",
    ),
    ("wish: agree", "agreed that {record} is shared"),
    (
        "wish: take back agreement",
        "took back what was agreed about sharing {record}",
    ),
    ("about me: write", "wrote under the heading About me"),
    (
        "correction: ask",
        "asked to have something in {record} put right",
    ),
    (
        "correction: change",
        "put right what {you_s} asked about, and said so",
    ),
    (
        "correction: leave as it is",
        "answered why what {you_s} asked about was not changed",
    ),
];

/// Other commands, by the word before the colon; what is not known is told as it is kept.
fn by_its_quarter(action: &str) -> String {
    let (quarter, rest) = action.split_once(':').unwrap_or(("", action));
    let what = match quarter {
        "stay" => "{your} stay in hospital",
        "plan" => "{your} care and support plan",
        "meeting" => "what a meeting said about {you}",
        "need" | "offer" => "which service is looked for",
        "identity" => "which records are about {you}",
        "wish" => "what {you_s} said about {your} data",
        "restriction" => "who may see {record}",
        "caseload" | "relationship" => "who looks after {you}",
        "passport" => "{your} passport",
        "correction" => "what {you_s} asked to have put right",
        "carer" | "delegation" => "whom {you_s} invited",
        "ledger" => "what is paid for {your} care",
        "about me" => "what {you_s} say about {yourself}",
        _ => "{record}",
    };
    format!("changed {what}: {}", rest.trim())
}

/// How much was seen, where the number tells something.
fn saw(row: &Look, own: bool, voice: Voice) -> String {
    if row.kind != "look" || row.action.contains("refused") {
        return String::new();
    }
    let what = match row.subject.split(' ').next() {
        Some("person") => "line",
        Some("journal") => "entry",
        _ => return String::new(),
    };
    let they = match (own, voice) {
        (true, Voice::Own) => "You",
        _ if row.actor.starts_with(store::journal::PROGRAM) => "It",
        _ => "They",
    };
    match (row.results, what) {
        (0, _) => format!(" {they} saw none of its lines."),
        (1, what) => format!(" {they} saw 1 {what}."),
        (many, "entry") => format!(" {they} saw {many} entries."),
        (many, what) => format!(" {they} saw {many} {what}s."),
    }
}

/// Puts in who is spoken of.
fn voiced(text: &str, voice: Voice, own: bool) -> String {
    let pairs: [(&str, &str); 7] = match voice {
        Voice::Own => [
            ("{record}", "your record"),
            ("{you}", "you"),
            ("{you_s}", "you"),
            ("{your}", "your"),
            ("{yours}", "yours"),
            ("{yourself}", "yourself"),
            ("{are}", "are"),
        ],
        Voice::Other => [
            (
                "{record}",
                if own {
                    "their own record"
                } else {
                    "this record"
                },
            ),
            ("{you}", "them"),
            ("{you_s}", "they"),
            ("{your}", "their"),
            ("{yours}", "theirs"),
            ("{yourself}", "themselves"),
            ("{are}", "are"),
        ],
    };
    pairs
        .iter()
        .fold(text.to_owned(), |text, (word, by)| text.replace(word, by))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
