//! Rows of what decisions on requests for help began.

use crate::{Error, Row, Tx};
use flow::text_enum;
use flow::triage::Outcome;
use jiff::Timestamp;
use kernel::ReferralId;

text_enum! {
    /// What kind of thing was begun.
    Thing {
        /// A case with a clock.
        Case = "case",
        /// A draft of a form.
        Form = "form",
        /// A need that services are asked to meet.
        Need = "need",
        /// A step of the request's chain.
        Step = "step",
    }
}

/// One thing that a decision began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The outcome that it is of.
    pub outcome: Outcome,
    /// What it is.
    pub thing: Thing,
    /// Its id.
    pub id: String,
    /// It was there already and goes on.
    pub joined: bool,
}

fn read(row: &Row) -> Result<Begun, Error> {
    let wrong = |column| Error::Column {
        column,
        expected: "one of the words of the schema",
    };
    Ok(Begun {
        outcome: Outcome::parse(row.text(0)?).ok_or(wrong(0))?,
        thing: Thing::parse(row.text(1)?).ok_or(wrong(1))?,
        id: row.text(2)?.to_owned(),
        joined: row.int(3)? != 0,
    })
}

/// Keeps what a decision began. The same of the same outcome is kept once.
///
/// # Errors
/// The database's.
pub fn keep(tx: &mut dyn Tx, referral: ReferralId, begun: &Begun) -> Result<(), Error> {
    let place = tx.place().to_owned();
    tx.execute(
        "INSERT INTO referral_begun (place, referral_id, outcome, thing, thing_id, joined) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (place, referral_id, outcome, thing) \
         DO NOTHING",
        &[
            place.into(),
            referral.into(),
            begun.outcome.as_str().into(),
            begun.thing.as_str().into(),
            begun.id.as_str().into(),
            i64::from(begun.joined).into(),
        ],
    )?;
    Ok(())
}

/// What the decision on a request began.
///
/// # Errors
/// The database's.
pub fn of_referral(tx: &mut dyn Tx, referral: ReferralId) -> Result<Vec<Begun>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT outcome, thing, thing_id, joined FROM referral_begun WHERE place = ?1 \
         AND referral_id = ?2 ORDER BY outcome, thing",
        &[place.into(), referral.into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// The requests for help out of which something was begun, the first one first.
///
/// # Errors
/// The database's.
pub fn out_of(tx: &mut dyn Tx, thing_id: &str) -> Result<Vec<ReferralId>, Error> {
    let place = tx.place().to_owned();
    tx.query(
        "SELECT referral_id FROM referral_begun WHERE place = ?1 AND thing_id = ?2 \
         ORDER BY joined, referral_id",
        &[place.into(), thing_id.into()],
    )?
    .iter()
    .map(|row| row.id(0))
    .collect()
}

/// Whether anything that the decision on a request began goes on, and when the last of it ended:
/// of one outcome, or of all.
///
/// # Errors
/// The database's.
pub fn goes_on(
    tx: &mut dyn Tx,
    referral: ReferralId,
    outcome: Option<Outcome>,
) -> Result<(bool, Option<Timestamp>), Error> {
    let place = tx.place().to_owned();
    let mut found = (false, None);
    let of = "FROM referral_begun b JOIN";
    let mine = "t.place = b.place AND t.id = b.thing_id WHERE b.place = ?1 AND b.referral_id = ?2 \
                AND (?3 = '' OR b.outcome = ?3)";
    let sql = format!(
        "SELECT t.closed_at {of} statutory_case t ON {mine} AND b.thing = 'case' UNION ALL \
         SELECT t.ended_at {of} chain_step t ON {mine} AND b.thing = 'step' UNION ALL \
         SELECT CASE WHEN t.state IN ('open', 'accepted') THEN NULL \
         ELSE COALESCE(t.ended_at, t.written_at) END {of} need t ON {mine} AND b.thing = 'need'"
    );
    let only = outcome.map_or("", Outcome::as_str);
    for row in tx.query(&sql, &[place.into(), referral.into(), only.into()])? {
        match row.opt_instant(0)? {
            None => found.0 = true,
            ended => found.1 = found.1.max(ended),
        }
    }
    Ok(found)
}
