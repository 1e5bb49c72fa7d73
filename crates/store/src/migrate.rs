//! Schema migrations: numbered files of portable SQL, applied once, in order,
//! each with its checksum.

use crate::{Error, Row, Value};
use kernel::hex;
use sha2::{Digest, Sha256};

/// A migration file.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// File name, such as `0003_journal.sql`.
    pub name: &'static str,
    /// Its statements.
    pub sql: &'static str,
}

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(Migration { name: $name, sql: include_str!(concat!("../../../migrations/", $name)) }),+]
    };
}

/// Every migration, in order.
pub const fn migrations() -> &'static [Migration] {
    files![
        "0001_organisation.sql",
        "0002_account.sql",
        "0003_journal.sql",
        "0004_inbox.sql",
        "0005_person.sql",
        "0006_shelf.sql",
        "0007_stay.sql",
        "0008_official.sql",
        "0009_identity.sql",
        "0010_api.sql",
        "0011_access.sql",
        "0012_own.sql",
        "0013_passport.sql",
        "0014_directory.sql",
        "0015_looks.sql",
        "0016_chain.sql",
        "0017_hub.sql",
        "0018_service_period.sql",
        "0019_return_version.sql",
        "0020_form.sql",
        "0021_referral.sql",
        "0022_agreement.sql",
        "0024_capacity.sql",
        "0025_offer.sql",
        "0026_plan.sql",
        "0027_meeting.sql",
        "0028_letter.sql",
        "0029_outgoing.sql",
        "0030_referral_begun.sql",
        "0031_handover_told.sql",
        "0032_refusal_and_coordinator.sql",
        "0033_ledger_account.sql",
        "0034_ledger_transfer.sql",
        "0035_ledger_period.sql",
        "0036_ledger_file.sql",
        "0037_acting.sql",
        "0040_codes.sql",
        "0041_fund_agreement.sql",
        "0042_fund_plan.sql",
        "0043_fund_dispute.sql",
        "0044_fund_return.sql",
        "0045_fund_share.sql",
        "0046_fund_figure_counted.sql",
        "0047_ledger_posting.sql",
        "0048_journal_person.sql",
        "0049_ledger_months.sql",
        "0050_journal_stretch.sql",
    ]
}

impl Migration {
    /// SHA-256 of the file, in hex.
    pub fn checksum(&self) -> String {
        hex(&Sha256::digest(self.sql.as_bytes()))
    }
}

/// What the migrator needs of an engine: statements run one by one, and a batch
/// in one transaction.
pub(crate) trait Migrate {
    fn run(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Error>;
    fn batch(&mut self, sql: &str) -> Result<(), Error>;
}

/// Applies what is missing, each file in its own transaction, then checks that
/// what is there is exactly what this version knows.
pub(crate) fn apply(engine: &mut dyn Migrate) -> Result<(), Error> {
    engine.batch(
        "CREATE TABLE IF NOT EXISTS migration \
         (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL);",
    )?;
    let rows = engine.run("SELECT name, checksum FROM migration ORDER BY name", &[])?;
    for (index, row) in rows.iter().enumerate() {
        let (name, checksum) = (row.text(0)?, row.text(1)?);
        match migrations().get(index) {
            Some(known) if known.name == name && known.checksum() == checksum => {}
            Some(known) if known.name == name => {
                return Err(Error::Schema(format!(
                    "migration {name} of this store was made from another text than this \
                     version's; use the version that made the store"
                )));
            }
            _ => {
                return Err(Error::Schema(format!(
                    "this store has migration {name}, which this version does not know; \
                     use the newer version that made it"
                )));
            }
        }
    }
    for migration in &migrations()[rows.len()..] {
        engine.batch(&format!(
            "BEGIN; {} INSERT INTO migration (name, checksum) VALUES ('{}', '{}'); COMMIT;",
            migration.sql,
            migration.name,
            migration.checksum()
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_in_order() {
        let names: Vec<&str> = migrations().iter().map(|one| one.name).collect();
        assert!(
            names.is_sorted_by(|one, next| one[..4] < next[..4]),
            "{names:?}"
        );
        let numbered = |name: &&str| name[..4].bytes().all(|byte| byte.is_ascii_digit());
        assert!(names.iter().all(numbered));
        let numbers: Vec<&str> = migrations()
            .iter()
            .map(|migration| migration.name.split('_').next().unwrap_or_default())
            .collect();
        assert!(numbers.iter().all(|number| number.len() == 4));
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    }
}
