//! What the board's and the stay page's templates show: words, ready to print.

use super::chain::{ChainPart, NotesPart};
use super::tabs::Tabs;
use crate::components::{Pagination, Select, Tag};
use crate::person::who::Who;
use crate::shell::Shell;
use askama::Template;

/// That somebody is back soon after they left.
#[derive(Clone, Debug)]
pub struct BackLine {
    /// "Back in hospital, 3 days after leaving on 13 October 2018".
    pub words: String,
    /// The last stay.
    pub href: String,
    /// So soon that the discharge has failed.
    pub failed: bool,
}

/// One person's row on the board.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Id of the stay, for the address and to keep the focus when rows are renewed.
    pub id: String,
    /// Name as lists have it.
    pub name: String,
    /// NHS number in 3-3-4, or words.
    pub nhs_number: String,
    /// "82 years", or "Age not known".
    pub age: String,
    /// Things to know at once.
    pub flags: Vec<Tag>,
    /// Hospital.
    pub hospital: String,
    /// Ward and bed.
    pub bed: String,
    /// "9 days in hospital".
    pub length: String,
    /// "Over 21 days", when a mark is passed.
    pub mark: Option<Tag>,
    /// Whether the person is back soon after they left.
    pub back: Option<BackLine>,
    /// Ready date, or the expected date in words.
    pub ready: String,
    /// "12 days past it", empty before it.
    pub past: String,
    /// Pathway in words.
    pub pathway: String,
    /// Reason in words.
    pub reason: String,
    /// Who is responsible for this step.
    pub responsible: String,
    /// What comes next.
    pub action: String,
    /// Who does it.
    pub owner: String,
    /// By when.
    pub due: String,
    /// "Overdue by 3 hours"; empty when it is not.
    pub overdue: String,
    /// The step that has the move, whose it is, and whether it is offered; a line each.
    pub step: Vec<String>,
    /// Reviews that are due or late; a line each.
    pub reviews: Vec<String>,
    /// "4 of 7 done".
    pub checklist: String,
    /// "Assessed 6 August 2018".
    pub assessment: String,
    /// Whether a service is looked for or found.
    pub package: &'static str,
    /// Which; empty if there is none.
    pub package_of: String,
    /// Where the person goes.
    pub destination: String,
    /// How far that has come.
    pub destination_state: Option<Tag>,
    /// "Starts 6 August 2018"; empty when not known.
    pub starts: String,
}

/// A column of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Who.
    Person,
    /// Hospital, ward, bed.
    Where,
    /// Ready date, and how long past it.
    Ready,
    /// Pathway.
    Pathway,
    /// Reason and side.
    Waiting,
    /// Next action and the step that has the move.
    Action,
    /// Where the person goes, and when it begins.
    Destination,
    /// How much of the list for leaving is done.
    Checklist,
    /// Reviews that are due.
    Reviews,
    /// Whether the council has assessed.
    Assessment,
    /// Whether a service is looked for or found.
    Package,
}

impl Column {
    /// Its heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::Where => "Where",
            Self::Ready => "Ready since",
            Self::Pathway => "Pathway",
            Self::Waiting => "Waiting for",
            Self::Action => "Next action",
            Self::Destination => "Destination",
            Self::Checklist => "List for leaving",
            Self::Reviews => "Reviews due",
            Self::Assessment => "Assessment",
            Self::Package => "Package",
        }
    }

    /// The class that makes it broader or narrower than the others, which share what is left.
    pub const fn width(self) -> &'static str {
        match self {
            Self::Action => " almoner-broad",
            Self::Pathway => " almoner-narrow",
            _ => "",
        }
    }
}

/// The rows with their counts: what is renewed while the page stands.
#[derive(Template)]
#[template(path = "flow/board-rows.html")]
pub struct Rows {
    /// What the table is, and in which order.
    pub caption: &'static str,
    /// Columns in order.
    pub columns: &'static [Column],
    /// Whether the reviews have a column of their own.
    pub reviews_apart: bool,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// "143 people. 61 ready to leave."
    pub counts: String,
    /// "Updated at 8:05am."
    pub updated: String,
    /// Page numbers.
    pub pages: Pagination,
    /// Where the rows are renewed from, with what is shown now.
    pub poll: String,
    /// Whether the status line comes along, to be put in its place.
    pub renewed: bool,
}

/// The hub board.
#[derive(Template)]
#[template(path = "flow/board.html")]
pub struct BoardPage {
    /// Around it.
    pub shell: Shell,
    /// Pages of the quarter.
    pub tabs: Tabs,
    /// Filters with what is chosen.
    pub filters: Vec<Select>,
    /// What is chosen, in words; empty for nothing.
    pub chosen: String,
    /// Where nothing is chosen.
    pub clear: String,
    /// Views: address, name, and whether it is the one shown.
    pub views: Vec<(String, &'static str, bool)>,
    /// The view that the address names; empty for that which whoever asks starts with.
    pub view: &'static str,
    /// Whose people the view is narrowed to, in words; empty if it is not.
    pub of: String,
    /// The rows.
    pub table: Rows,
}

/// That somebody was back, on the page of the stay.
#[derive(Clone, Debug)]
pub struct BackPart {
    /// How soon, and that the discharge has failed if so.
    pub line: BackLine,
    /// What is known of the last stay, a key and a value each.
    pub facts: Vec<(&'static str, String)>,
    /// Care that was running, a line each.
    pub care: Vec<String>,
    /// Where care can be asked to come again; empty if none can.
    pub restart: String,
}

/// One line of "Where things stand".
#[derive(Clone, Debug, Default)]
pub struct SummaryRow {
    /// What it is.
    pub key: &'static str,
    /// Its value, a line each.
    pub lines: Vec<String>,
    /// What must not be overlooked, such as "Overdue by 3 hours".
    pub strong: String,
    /// Address of the form that changes it; empty for none.
    pub change: String,
    /// What the link changes, for those who hear links alone.
    pub hidden: &'static str,
}

/// One step with its clock.
#[derive(Clone, Debug)]
pub struct StepLine {
    /// The step.
    pub name: String,
    /// Whose move it is.
    pub owner: String,
    /// When it began, is due or was done, and how many days; a line each.
    pub clock: Vec<String>,
    /// Where it stands, in words.
    pub words: String,
    /// What to know about it.
    pub note: String,
    /// Where it stands.
    pub state: Tag,
}

/// One stretch of delay, standing or corrected.
#[derive(Clone, Debug)]
pub struct DelayLine {
    /// "6 August 2018 to now".
    pub dates: String,
    /// "9 days".
    pub days: String,
    /// Reason in words.
    pub reason: String,
    /// Responsible side and organisation.
    pub responsible: String,
    /// Who recorded it and when.
    pub recorded: String,
    /// When and why it was corrected; empty while it stands.
    pub corrected: String,
    /// Address of the form that corrects it; empty for none.
    pub correct: String,
}

/// One notice or answer.
#[derive(Clone, Debug)]
pub struct NoticeCard {
    /// Where it stands in full, to print.
    pub href: String,
    /// What it is.
    pub title: String,
    /// When it was sent.
    pub sent: String,
    /// Where it stands.
    pub status: Tag,
    /// From, to, answer, reason and so on.
    pub facts: Vec<(&'static str, String)>,
    /// Free text that came with it.
    pub text: String,
}

/// One change by hand.
#[derive(Clone, Debug)]
pub struct ChangeLine {
    /// When.
    pub when: String,
    /// Who, for which organisation.
    pub who: String,
    /// Which field.
    pub what: String,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
    /// The reason given.
    pub why: String,
}

/// The page of one stay.
#[derive(Template)]
#[template(path = "flow/stay.html")]
pub struct StayPage {
    /// Around it.
    pub shell: Shell,
    /// What was just saved; empty for nothing.
    pub saved: String,
    /// Whose stay.
    pub who: Who,
    /// The stay in one sentence.
    pub headline: String,
    /// Address of the form that looks for a service; empty for none.
    pub need: String,
    /// That the person was back soon after they left, with what is known of the last stay.
    pub back: Option<BackPart>,
    /// Where things stand.
    pub summary: Vec<SummaryRow>,
    /// The chain of steps with their owners.
    pub chain: Option<ChainPart>,
    /// What the hub and the ward wrote down.
    pub notes: NotesPart,
    /// Dates and notices with their clocks, in order.
    pub steps: Vec<StepLine>,
    /// Stretches of delay by start, corrected ones among them.
    pub delays: Vec<DelayLine>,
    /// Address where notices are written; empty for those who may not.
    pub write_notice: String,
    /// Notices, newest first.
    pub notices: Vec<NoticeCard>,
    /// Letters about choice, the latest first: title, address, and when, by whom, to whom.
    pub letters: Vec<(&'static str, String, String)>,
    /// Address where one is written; empty for those who may not.
    pub write_letter: String,
    /// Addresses and titles of documents that came with notices.
    pub documents: Vec<(String, String)>,
    /// Changes, newest first.
    pub changes: Vec<ChangeLine>,
    /// Who changed it last and when.
    pub updated: String,
}
