//! The hub board: everyone in hospital, what each waits for and whose move it is.

mod counts;
mod numbers;

pub use counts::{BoardCounts, Choice};
pub(crate) use numbers::BoardNumbers;

use super::returned::{BackCounts, BackIn, Returned};
use crate::{App, Error, Subject, lock};
use ::flow::board_view::BoardView;
use ::flow::reside::{Due, due};
use ::flow::steps::{Moment, overdue_by};
use ::person::list_name;
use access::{Action, Actor, Role};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use kernel::calendar::{days_between, local};
use kernel::{hex, limits};
use numbers::Shown;
use sha2::{Digest, Sha256};
use store::flow::{self as rows, BoardFilter, BoardLine, BoardOrder, BoardPage};
use store::organisation::Organisation;
use store::scope::PeopleScope;
use store::{Content, Of, Tx};

/// How long a page of rows is kept when nothing in the store changes.
const PAGE_KEPT: SignedDuration = SignedDuration::from_secs(2);
/// How many pages are kept at a time.
const PAGES: usize = 100;

/// A page of rows, and what it was read from.
pub(crate) struct KeptPage {
    content: Content,
    at: Timestamp,
    page: BoardPage,
}

/// What one reading of the board gives: a page of its rows, of whom it may speak, and, where the
/// filter asks for it, who is back.
struct Read {
    page: BoardPage,
    filter: BoardFilter,
    scope: PeopleScope,
    returned: Option<Returned>,
    view: BoardView,
    of: Option<String>,
}

/// Makes a filter that of a view, where it says nothing else itself: whose people, in which order.
/// Gives the name of whose people they are, where the view is narrowed to them.
fn narrowed(filter: &mut BoardFilter, view: BoardView, family: &[Organisation]) -> Option<String> {
    let own = family.first();
    let order = match view {
        BoardView::Ward => BoardOrder::Bed,
        BoardView::Hub => BoardOrder::LongestReady,
        BoardView::Council => BoardOrder::Due,
        BoardView::Provider => BoardOrder::Start,
    };
    filter.order.get_or_insert(order);
    match view {
        BoardView::Ward if filter.hospital.is_none() && filter.ward.is_none() => {
            let own = own?;
            match own.kind.as_str() {
                "ward" => {
                    filter.hospital = own.parent;
                    filter.ward = Some(own.name.clone());
                }
                "hospital" => filter.hospital = Some(own.id),
                _ => return None,
            }
            Some(own.name.clone())
        }
        BoardView::Council if filter.council.is_none() && !filter.council_not_known => {
            let council = family.iter().find(|one| one.kind == "council")?;
            filter.council = Some(council.id);
            Some(council.name.clone())
        }
        BoardView::Provider => {
            filter.taken_by = Some(family.iter().map(|one| one.id).collect());
            own.map(|own| own.name.clone())
        }
        BoardView::Ward | BoardView::Hub | BoardView::Council => None,
    }
}

/// The view that somebody starts with.
pub(super) fn usual_view(
    tx: &mut dyn Tx,
    actor: &Actor,
    family: &[Organisation],
) -> Result<BoardView, Error> {
    let kinds: Vec<&str> = family.iter().map(|one| one.kind.as_str()).collect();
    let leads = actor.role == Role::HubLead;
    // Asked only where the answer matters: the board is looked at every few seconds.
    let own = family
        .first()
        .filter(|_| BoardView::depends_on_services(leads, &kinds));
    let runs = match own.and_then(|own| own.code.as_deref()) {
        Some(code) => store::directory::any_run_by(tx, code)?,
        None => false,
    };
    Ok(BoardView::usual(leads, &kinds, runs))
}

/// A row of the board with what is worked out from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    /// What the store has.
    pub line: BoardLine,
    /// `JONES, Arthur`.
    pub list_name: String,
    /// Whole years of age today, if known.
    pub age: Option<i16>,
    /// Days since admission.
    pub days_in_hospital: i64,
    /// The highest long-stay mark passed: 7, 14 or 21 days.
    pub mark: Option<i64>,
    /// Days past the ready date; `None` before it.
    pub days_past_ready: Option<i64>,
    /// The reason in plain words; `None` if none is on file.
    pub reason: Option<String>,
    /// `overdue by 3 hours`; `None` while the next action is in time.
    pub overdue: Option<String>,
    /// The same of the step that has the move.
    pub step_overdue: Option<String>,
    /// Where today's review of the need for a hospital bed stands.
    pub reside_due: Option<Due>,
    /// The mark of a long stay whose review is due.
    pub review_due: Option<i64>,
    /// Whether the person is back soon after they left.
    pub back: Option<BackIn>,
}

/// A page of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// The rows, in order.
    pub rows: Vec<BoardRow>,
    /// How many rows fit the filter, on all pages.
    pub fitting: i64,
    /// Numbers over all open stays, and what can be filtered by.
    pub counts: BoardCounts,
    /// How many of all open stays are those of people who are back.
    pub back: BackCounts,
    /// The view that it stands in.
    pub view: BoardView,
    /// Whose people the view is narrowed to; `None` if it is not.
    pub of: Option<String>,
    /// Things on the list for leaving.
    pub to_check: i64,
    /// Page shown, from 1.
    pub page: usize,
    /// Number of pages, at least 1.
    pub pages: usize,
    /// When the board was read.
    pub as_of: Timestamp,
    /// Tells this page from what it becomes.
    pub digest: String,
}

impl App {
    /// A page of the board, from 1. The look is journalled with the filters used.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn board(&self, actor: &Actor, filter: &BoardFilter, page: usize) -> Result<Board, Error> {
        let allowed = access::decide(actor, Action::SeeBoard)?;
        let page = page.max(1);
        let read = self.store().write(|tx| {
            let read = self.board_rows(tx, actor, filter, page)?;
            let subject = Subject {
                results: read.page.lines.len(),
                detail: filters_used(filter, page),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, Action::SeeBoard, subject)?;
            Ok::<_, Error>(read)
        })?;
        self.board_shown(read, page)
    }

    /// Whether a page of the board is as its reader has it, by the digest that came with it. Says
    /// nothing else, so nothing is journalled: who has the page saw it before. Once a minute it
    /// is no longer as it was, so that what depends on the time of day is renewed.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn board_is_still(
        &self,
        actor: &Actor,
        filter: &BoardFilter,
        page: usize,
        digest: &str,
    ) -> Result<bool, Error> {
        access::decide(actor, Action::SeeBoard)?;
        let page = page.max(1);
        let read = self
            .store()
            .read(|tx| self.board_rows(tx, actor, filter, page))?;
        Ok(self.board_shown(read, page)?.digest == digest)
    }

    fn board_rows(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        filter: &BoardFilter,
        page: usize,
    ) -> Result<Read, Error> {
        let asker = self.asker(tx, actor)?;
        let scope = self.people_scope(&asker);
        let returned = match filter.back {
            Some(_) => Some(self.returned(tx, &scope)?),
            None => None,
        };
        let only = filter.back.zip(returned.as_ref()).map(|(which, all)| {
            let among = all.iter().filter(|(_, one)| which.has(one.back));
            among.map(|(stay, _)| *stay).collect()
        });
        let view = match filter.view {
            None if filter.usual_view => Some(usual_view(tx, actor, &asker.family)?),
            view => view,
        };
        let mut filter = filter.clone();
        let of = view.and_then(|view| narrowed(&mut filter, view, &asker.family));
        let wanted = BoardFilter {
            only,
            offset: (page - 1).saturating_mul(limits::ROWS_A_PAGE),
            limit: limits::ROWS_A_PAGE,
            ..filter
        };
        Ok(Read {
            page: self.board_page(tx, &wanted, &scope)?,
            filter: wanted,
            scope,
            returned,
            view: view.unwrap_or(BoardView::Hub),
            of,
        })
    }

    /// A page of rows: as it was read before, for the same scope and filter, while nothing in the
    /// store has changed; relationships end by the clock, so not for long.
    fn board_page(
        &self,
        tx: &mut dyn Tx,
        wanted: &BoardFilter,
        scope: &PeopleScope,
    ) -> Result<BoardPage, Error> {
        let Some(content) = tx.content(Of::Everything)? else {
            return Ok(rows::board(tx, wanted, scope)?);
        };
        let pages = || lock(&self.board_pages);
        let key = format!("{:?} {wanted:?}", scope.holders);
        let same = |kept: &&KeptPage| {
            kept.content == content && scope.now.duration_since(kept.at).abs() < PAGE_KEPT
        };
        if let Some(kept) = pages().get(&key).filter(same) {
            return Ok(kept.page.clone());
        }
        let page = rows::board(tx, wanted, scope)?;
        let mut pages = pages();
        if pages.len() >= PAGES {
            pages.clear();
        }
        let kept = KeptPage {
            content,
            at: scope.now,
            page: page.clone(),
        };
        pages.insert(key, kept);
        Ok(page)
    }

    fn board_shown(&self, read: Read, page: usize) -> Result<Board, Error> {
        let found = read.page;
        let now = self.now();
        let today = self.day_of(now);
        let marks = self.long_stay_marks(today)?;
        let times = self.review_times()?;
        let Shown {
            counts,
            returned,
            fitting,
        } = self.board_numbers(found.stamp.as_deref(), &read.scope, &read.filter)?;
        let returned = read.returned.unwrap_or(returned);
        let fits = usize::try_from(fitting).unwrap_or(0);
        let rows: Vec<BoardRow> = found
            .lines
            .into_iter()
            .map(|line| {
                let back = returned.get(&line.stay).cloned();
                self.board_row(line, back, (today, now), &marks, &times)
            })
            .collect();
        let back = BackCounts::of(returned.values());
        let minute = now.as_second() / 60;
        let shown = format!("{minute} {page} {fitting} {counts:?} {back:?} {rows:?}");
        Ok(Board {
            digest: hex(&Sha256::digest(shown.as_bytes())),
            counts,
            back,
            view: read.view,
            of: read.of,
            to_check: i64::try_from(self.policy().leaving_checklist.on(today).count()).unwrap_or(0),
            rows,
            fitting,
            page,
            pages: fits.div_ceil(limits::ROWS_A_PAGE).max(1),
            as_of: now,
        })
    }

    fn board_row(
        &self,
        line: BoardLine,
        back: Option<BackIn>,
        (today, now): (Date, Timestamp),
        marks: &[i64],
        times: &[Time],
    ) -> BoardRow {
        let days_in_hospital = days_between(line.admitted_on, today).max(0);
        let reason = line
            .reason
            .as_ref()
            .map(|(set, code)| self.reason_words(set, code));
        let late = |due: Option<Timestamp>| {
            due.filter(|due| *due < now)
                .map(|due| overdue_by(Moment::Time(local(due)), local(now)))
        };
        let overdue = late(line.next_due_at);
        let mark = marks
            .iter()
            .copied()
            .filter(|mark| days_in_hospital >= *mark)
            .max();
        BoardRow {
            step_overdue: late(line.step.as_ref().and_then(|step| step.due_at)),
            reside_due: due(times, line.reviewed_at.map(local), local(now)),
            review_due: mark.filter(|mark| line.long_stay_reviewed < Some(*mark)),
            list_name: list_name(&line.family_name, &line.given_name),
            age: line.birth_date.and_then(|born| age_on(born, today)),
            days_in_hospital,
            mark,
            days_past_ready: line.ready_on.map(|ready| days_between(ready, today).max(0)),
            reason,
            overdue,
            back,
            line,
        }
    }

    /// The long-stay marks of a day, in days.
    pub(crate) fn long_stay_marks(&self, today: Date) -> Result<Vec<i64>, Error> {
        let parameter = self
            .policy()
            .on("stay.long_stay_marks", today)
            .map_err(policy)?;
        let text = parameter.text().map_err(policy)?;
        Ok(text
            .split_whitespace()
            .filter_map(|mark| mark.parse().ok())
            .collect())
    }

    /// A reason in plain words; its code where no list has it.
    pub(crate) fn reason_words(&self, code_set: &str, code: &str) -> String {
        let found = self.policy().reasons.find(code_set, code);
        found.map_or_else(|| code.to_owned(), |reason| reason.plain.clone())
    }
}

/// A parameter that is missing or of another type.
pub(crate) fn policy(error: impl std::fmt::Display) -> Error {
    Error::Policy(error.to_string())
}

/// Names of filters, for the journal: no value that could be personal.
fn filters_used(filter: &BoardFilter, page: usize) -> String {
    let used = [
        ("hospital", filter.hospital.is_some()),
        ("ward", filter.ward.is_some()),
        (
            "council",
            filter.council.is_some() || filter.council_not_known,
        ),
        (
            "pathway",
            filter.pathway.is_some() || filter.pathway_not_known,
        ),
        ("side", filter.side.is_some()),
        ("organisation", filter.organisation.is_some()),
        ("ready", filter.ready.is_some()),
        ("back", filter.back.is_some()),
        ("view", filter.view.is_some()),
    ];
    let names: Vec<&str> = used
        .iter()
        .filter(|(_, on)| *on)
        .map(|(name, _)| *name)
        .collect();
    if names.is_empty() {
        format!("page {page}")
    } else {
        format!("page {page}, by {}", names.join(", "))
    }
}

/// Whole years of age on a day; `None` before birth.
pub(crate) fn age_on(born: Date, day: Date) -> Option<i16> {
    let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
    let years = day.year() - born.year() - i16::from(!had_birthday);
    (years >= 0).then_some(years)
}
