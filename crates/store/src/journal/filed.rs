//! Which rows of the journal are about whom.
//!
//! An index by person would cost each look a page of its own in the log, because everybody's
//! rows lie elsewhere in it. So rows are filed by person in sets of [`SET`], in order, and
//! those that are not filed yet are found by walking the end of the journal: a row is found
//! from the moment it is written (docs/decisions/0027-kept-while-nothing-changes-filed-in-sets.md).
//!
//! They are filed in stretches of the journal, each in order by person: a set then changes
//! pages of one stretch, however long the journal is (docs/decisions/0032-the-log-is-copied-beside-the-writer.md).

use crate::{Error, Tx};

/// Rows that are filed at a time, and most that are walked through for one person.
pub(super) const SET: i64 = 2_000;
/// Rows of a stretch. The migration that made the table and the checks of the store have it too.
const ROWS: i64 = 32_768;

/// The numbers of the rows about any record of the person whose head is the second parameter,
/// as a table `about`; the place is the first.
pub(crate) const ABOUT: &str = "(SELECT f.sequence FROM person p CROSS JOIN journal_stretch s \
     CROSS JOIN journal_filed f WHERE p.place = ?1 AND p.head_id = ?2 AND s.place = ?1 \
     AND f.place = ?1 AND f.stretch = s.stretch AND f.person_id = p.id \
     UNION ALL SELECT late.sequence FROM journal late \
     WHERE late.place = ?1 AND late.sequence > (SELECT filed FROM journal_head WHERE place = ?1) \
     AND late.person_id IN (SELECT id FROM person WHERE place = ?1 AND head_id = ?2)) about ";

/// Files the rows after the last that was filed, if there is a set of them.
pub(super) fn file(tx: &mut dyn Tx, filed: i64, last: i64) -> Result<(), Error> {
    if last - filed < SET {
        return Ok(());
    }
    let place = tx.place().to_owned();
    for stretch in filed / ROWS..=(last - 1) / ROWS {
        tx.execute(
            "INSERT INTO journal_stretch (place, stretch) VALUES (?1, ?2) \
             ON CONFLICT (place, stretch) DO NOTHING",
            &[place.as_str().into(), stretch.into()],
        )?;
        // In the order of the key: each page is then written once.
        tx.execute(
            "INSERT INTO journal_filed (place, stretch, person_id, sequence) \
             SELECT place, ?2, person_id, sequence FROM journal WHERE place = ?1 \
             AND sequence > ?3 AND sequence <= ?4 AND person_id IS NOT NULL \
             ORDER BY person_id, sequence",
            &[
                place.as_str().into(),
                stretch.into(),
                filed.max(stretch * ROWS).into(),
                last.min((stretch + 1) * ROWS).into(),
            ],
        )?;
    }
    tx.execute(
        "UPDATE journal_head SET filed = ?2 WHERE place = ?1",
        &[place.into(), last.into()],
    )?;
    Ok(())
}
