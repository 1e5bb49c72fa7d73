//! Cases that are no stays and are not over, with their steps, for what waiting costs.

use super::chain::{CHAIN, ChainRow, HANDOVER, STEP, read_chain, read_handover, read_step};
use crate::scope::PeopleScope;
use crate::{Error, Tx, Value};
use flow::chain::CaseKind;
use kernel::ChainId;
use std::collections::HashMap;

/// Cases of a kind that are not over, of people in scope, each with its steps and its handovers.
///
/// # Errors
/// The database's.
pub fn open_cases(
    tx: &mut dyn Tx,
    case: CaseKind,
    scope: &PeopleScope,
) -> Result<Vec<ChainRow>, Error> {
    let mut values: Vec<Value> = vec![tx.place().into(), case.as_str().into()];
    let in_scope = scope.sql_of("chain.person_id", &mut values);
    let sql = format!("{CHAIN}WHERE place = ?1 AND kind = ?2 AND over_at IS NULL AND {in_scope}");
    let mut cases = tx
        .query(&sql, &values)?
        .iter()
        .map(read_chain)
        .collect::<Result<Vec<_>, _>>()?;
    cases.sort_by_key(|one| one.id);
    let at: HashMap<ChainId, usize> = cases
        .iter()
        .enumerate()
        .map(|(index, one)| (one.id, index))
        .collect();
    let open = "FROM chain WHERE place = ?1 AND kind = ?2 AND over_at IS NULL";
    let place_and_kind = &values[..2];
    let columns = STEP.replace(" FROM chain_step ", ", chain_id FROM chain_step ");
    let sql = format!(
        "{columns}WHERE place = ?1 AND chain_id IN (SELECT id {open}) ORDER BY chain_id, number"
    );
    for row in &tx.query(&sql, place_and_kind)? {
        if let Some(one) = at.get(&row.id(18)?).and_then(|index| cases.get_mut(*index)) {
            one.chain.steps.push(read_step(row)?);
        }
    }
    let sql = format!(
        "SELECT {HANDOVER}, h.chain_id FROM handover h WHERE h.place = ?1 \
         AND h.chain_id IN (SELECT id {open}) ORDER BY h.chain_id, h.offered_at, h.id"
    );
    for row in &tx.query(&sql, place_and_kind)? {
        if let Some(one) = at.get(&row.id(13)?).and_then(|index| cases.get_mut(*index)) {
            one.chain.handovers.push(read_handover(row, 0)?);
        }
    }
    Ok(cases)
}
