//! Which rows of the journal are about whom.
//!
//! An index by person would cost each look a page of its own in the log, because everybody's
//! rows lie elsewhere in it. So rows are filed by person in sets of [`SET`], in order, and
//! those that are not filed yet are found by walking the end of the journal: a row is found
//! from the moment it is written (docs/decisions/0027-kept-while-nothing-changes-filed-in-sets.md).

use crate::{Error, Tx};

/// Rows that are filed at a time, and most that are walked through for one person.
pub(super) const SET: i64 = 2_000;

/// The numbers of the rows about any record of the person whose head is the second parameter,
/// as a table `about`; the place is the first.
pub(crate) const ABOUT: &str = "(SELECT f.sequence FROM person p \
     CROSS JOIN journal_person f WHERE p.place = ?1 AND p.head_id = ?2 AND f.place = ?1 \
     AND f.person_id = p.id UNION ALL SELECT late.sequence FROM journal late \
     WHERE late.place = ?1 AND late.sequence > (SELECT filed FROM journal_head WHERE place = ?1) \
     AND late.person_id IN (SELECT id FROM person WHERE place = ?1 AND head_id = ?2)) about ";

/// Files the rows after the last that was filed, if there is a set of them.
pub(super) fn file(tx: &mut dyn Tx, filed: i64, last: i64) -> Result<(), Error> {
    if last - filed < SET {
        return Ok(());
    }
    let values = [tx.place().into(), filed.into(), last.into()];
    // In the order of the key: each page is then written once.
    tx.execute(
        "INSERT INTO journal_person (place, person_id, sequence) \
         SELECT place, person_id, sequence FROM journal WHERE place = ?1 AND sequence > ?2 \
         AND sequence <= ?3 AND person_id IS NOT NULL ORDER BY person_id, sequence",
        &values,
    )?;
    let values = [tx.place().into(), last.into()];
    tx.execute(
        "UPDATE journal_head SET filed = ?2 WHERE place = ?1",
        &values,
    )?;
    Ok(())
}
