//! What may be seen of one person's record: the record as a whole, where they live, its parts.
//!
//! `policy/access/records.cedar` decides; here its questions are put, and its answers about
//! parts are said once more as an [`ItemScope`], by which queries leave out what may not be
//! seen. A part is withheld for its category or for its sector or because all is, so asking of
//! each category and each sector says everything; a property test holds the two together.

use crate::policy::{Question, ask};
use crate::{Allowed, Role, allowed_for};
use jiff::Timestamp;
use person::category::Categories;
use person::relationship::Relationship;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};
use store::scope::ItemScope;

/// Something that ties whoever asks to the person.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tie {
    /// What kind of tie.
    pub kind: Relationship,
    /// As what, such as `social worker`; empty if that is not said.
    pub capacity: String,
    /// The instant it ends, if it is known.
    pub ends_at: Option<Timestamp>,
}

/// What the policy asks about: the ties, and what is to be minded about the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    /// Ties that hold now.
    pub ties: Vec<Tie>,
    /// Even that the person is here is kept secret.
    pub restricted: bool,
    /// Where they live is kept secret.
    pub hidden_address: bool,
    /// Categories that the person asked not to share; an empty text is everything.
    pub objections: Vec<String>,
    /// An objection was set aside, with a reason.
    pub overridden: bool,
    /// The place's agreement wants the person asked before the other sector looks.
    pub agreement_needed: bool,
    /// The person was asked and agreed, or why not to ask is on record.
    pub agreed: bool,
    /// Sector of whoever asks: `nhs`, `council` or `other`.
    pub sector: String,
    /// Names of the organisations of whoever asks.
    pub own: Vec<String>,
    /// Kinds of lines that the person let their carer see; `None` is all of them.
    pub carer_kinds: Option<Vec<String>>,
}

/// One part of a record: a line of the timeline with what hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Which organisation it came from.
    pub source: &'a str,
    /// Its category; empty for most.
    pub category: &'a str,
    /// `nhs`, `council` or `other`.
    pub sector: &'a str,
    /// Its kind, such as `Condition`.
    pub kind: &'a str,
}

/// Why a record is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nothing is said, not even that the person is here.
    Unknown,
    /// There is no tie: it can be asked for.
    NoTie,
}

/// What is shown of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// What the use rests on.
    pub allowed: Allowed,
    /// The tie it is shown for: the surest of those that hold; `None` for the command line.
    pub tie: Option<Tie>,
    /// Which lines are shown.
    pub items: ItemScope,
    /// Whether address, telephone and practice are shown.
    pub address: bool,
    /// Categories that the person objected to sharing and that are withheld; an empty text is
    /// everything.
    pub objected: Vec<String>,
    /// Whether the other sector's part is withheld until the person has been asked.
    pub ask_first: bool,
}

const SECTORS: [&str; 3] = ["nhs", "council", "other"];

impl Facts {
    fn has(&self, kinds: &[Relationship]) -> bool {
        self.ties.iter().any(|tie| kinds.contains(&tie.kind))
    }

    fn ties(&self) -> [(&'static str, bool); 6] {
        use Relationship as R;
        let usual = [
            R::Practice,
            R::Ward,
            R::Referral,
            R::Hub,
            R::NextStep,
            R::Caseload,
            R::Duty,
            R::Sender,
        ];
        [
            ("ties.relationship", self.has(&usual)),
            ("ties.named", self.has(&[R::Caseload])),
            ("ties.emergency", self.has(&[R::Emergency, R::SecondPerson])),
            ("ties.secondPerson", self.has(&[R::SecondPerson])),
            ("ties.self", self.has(&[R::Oneself])),
            ("ties.invited", self.has(&[R::Carer])),
        ]
    }

    fn of_record(&self) -> Vec<(&'static str, bool)> {
        vec![
            ("restricted", self.restricted),
            ("hiddenAddress", self.hidden_address),
            ("optedOut", false),
        ]
    }

    /// The surest tie: the one that says most of why, and of two such the one that lasts longer.
    fn surest(&self) -> Option<&Tie> {
        use Relationship as R;
        const ORDER: [Relationship; 12] = [
            R::Oneself,
            R::Carer,
            R::Caseload,
            R::NextStep,
            R::Ward,
            R::Hub,
            R::Referral,
            R::Practice,
            R::Duty,
            R::Sender,
            R::SecondPerson,
            R::Emergency,
        ];
        let rank = |tie: &Tie| ORDER.iter().position(|kind| *kind == tie.kind);
        self.ties.iter().min_by(|a, b| {
            let lasts = |tie: &Tie| tie.ends_at.unwrap_or(Timestamp::MAX);
            rank(a).cmp(&rank(b)).then(lasts(b).cmp(&lasts(a)))
        })
    }
}

/// Whether the record as a whole may be opened.
///
/// # Errors
/// Why not.
pub fn open(role: Role, facts: &Facts) -> Result<(), Refused> {
    let answer = ask(Question {
        role,
        action: "OpenRecord",
        resource: "Record",
        attributes: facts.of_record(),
        context: facts.ties().to_vec(),
    });
    match answer.permitted {
        true => Ok(()),
        false if facts.restricted => Err(Refused::Unknown),
        false => Err(Refused::NoTie),
    }
}

/// Whether a part of an open record is shown.
pub fn shows(role: Role, facts: &Facts, part: Part<'_>) -> bool {
    let categories = Categories::builtin();
    let objected = |category: &str| {
        facts
            .objections
            .iter()
            .any(|one| one.is_empty() || one == category)
    };
    let other_sector = match facts.sector.as_str() {
        "nhs" => part.sector == "council",
        "council" => part.sector == "nhs",
        _ => part.sector != "other",
    };
    let carers = facts.carer_kinds.as_ref();
    let attributes = vec![
        ("own", facts.own.iter().any(|one| one == part.source)),
        (
            "sensitive",
            categories
                .find(part.category)
                .is_some_and(|one| one.withheld),
        ),
        ("objected", objected(part.category)),
        ("otherSector", other_sector),
        (
            "inCarersPart",
            carers.is_none_or(|kinds| kinds.iter().any(|one| one == part.kind)),
        ),
    ];
    let mut context = facts.ties().to_vec();
    context.extend([
        ("opened", open(role, facts).is_ok()),
        ("override", facts.overridden),
        ("agreementNeeded", facts.agreement_needed),
        ("agreed", facts.agreed),
    ]);
    ask(Question {
        role,
        action: "SeePart",
        resource: "Part",
        attributes,
        context,
    })
    .permitted
}

/// Most answers that are kept. Then they are worked out anew: what differs by person is only
/// when a tie ends.
const KEPT: usize = 4_096;

type Kept = HashMap<(Role, Facts), Result<Sight, Refused>>;

/// What is shown of a record. The answer follows from the role and the facts alone, so it is
/// kept under exactly these: most people of a place have the same facts for whoever asks.
///
/// # Errors
/// Why it is not.
pub fn sight(role: Role, facts: Facts) -> Result<Sight, Refused> {
    static KNOWN: LazyLock<RwLock<Kept>> = LazyLock::new(RwLock::default);
    let question = (role, facts);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(answer) = known.get(&question) {
        return answer.clone();
    }
    drop(known);
    let answer = worked_out(role, &question.1);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(question, answer.clone());
    answer
}

fn worked_out(role: Role, facts: &Facts) -> Result<Sight, Refused> {
    open(role, facts)?;
    let mut context = facts.ties().to_vec();
    context.push(("opened", true));
    let address = ask(Question {
        role,
        action: "SeeAddress",
        resource: "Record",
        attributes: facts.of_record(),
        context,
    })
    .permitted;
    let items = items(role, facts);
    let withheld = |category: &&String| {
        category.is_empty() && items.only_own || items.categories.contains(category)
    };
    let objected = facts.objections.iter().filter(withheld).cloned().collect();
    let tie = facts.surest().cloned();
    let purpose = match tie.as_ref().map(|tie| tie.kind) {
        Some(Relationship::Oneself) => "own record",
        Some(Relationship::Carer) => "carer's view",
        _ => "direct care",
    };
    Ok(Sight {
        allowed: allowed_for(purpose),
        tie,
        address,
        objected,
        ask_first: !items.sectors.is_empty(),
        items,
    })
}

/// The policy's answers about parts, as a scope.
fn items(role: Role, facts: &Facts) -> ItemScope {
    // A part of nobody's in particular, of the sector and kind that nothing is against.
    let own_sector = match facts.sector.as_str() {
        "nhs" | "council" => facts.sector.as_str(),
        _ => "other",
    };
    let kinds = facts
        .carer_kinds
        .clone()
        .filter(|_| !facts.has(&[Relationship::Oneself]) && role == Role::Person);
    let kind = kinds.as_ref().and_then(|kinds| kinds.first());
    let shown = |category: &str, sector: &str| {
        let part = Part {
            source: "",
            category,
            sector,
            kind: kind.map_or("", String::as_str),
        };
        shows(role, facts, part)
    };
    let categories = Categories::builtin().all().iter();
    ItemScope {
        own: facts.own.clone(),
        only_own: !shown("", own_sector),
        categories: categories
            .filter(|one| !shown(&one.code, own_sector))
            .map(|one| one.code.clone())
            .collect(),
        sectors: SECTORS
            .into_iter()
            .filter(|sector| !shown("", sector) && shown("", own_sector))
            .map(str::to_owned)
            .collect(),
        kinds,
    }
}

/// Whether somebody counts in a use beyond individual care.
pub fn counts(role: Role, opted_out: bool, opt_out_applies: bool) -> bool {
    ask(Question {
        role,
        action: "UseBeyondCare",
        resource: "Record",
        attributes: vec![
            ("restricted", false),
            ("hiddenAddress", false),
            ("optedOut", opted_out),
        ],
        context: vec![("optOutApplies", opt_out_applies)],
    })
    .permitted
}

#[cfg(test)]
#[path = "record/tests.rs"]
mod tests;
