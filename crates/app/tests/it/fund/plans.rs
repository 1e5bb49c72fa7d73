//! Plans: versions, signatures, and files that cannot be read.

use super::*;
use fund::plan::check::Verdict;
use fund::sign_off;
use testkit::PlanBook;

#[test]
fn a_plan_is_kept_signed_and_checked() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    let unsigned = PLAN.replace(
        "[[signature]]\nrole = \"section 151 officer\"\norganisation = \"Barsetshire County Council\"\non = 2025-03-27\n",
        "",
    );
    assert_ne!(unsigned, PLAN);
    let kept = app
        .keep_fund_plan(&finance, "bcf", ("plan.toml", unsigned.as_bytes()))
        .unwrap();
    assert_eq!((kept.row.number, kept.issues.len()), (1, 0));
    let verdict = |number| {
        let checked = app.fund_plan_checked(&finance, &fund, number).unwrap();
        let first = checked
            .report
            .conditions
            .into_iter()
            .find(|one| one.id == "1");
        first.unwrap().finding.verdict
    };
    assert_eq!(verdict(1), Verdict::NotMet);
    let sign = || {
        let who = (sign_off::Role::Section151, "Barsetshire County Council");
        app.sign_fund_plan(&finance, (&fund, 1), who, (date(2025, 3, 27), false))
    };
    sign().unwrap();
    assert_eq!(verdict(1), Verdict::Met);
    assert!(
        faults(sign().unwrap_err())[0]
            .1
            .contains("signed it already")
    );
    let second = unsigned.replace("planned = [560]", "planned = [545]");
    let second = app
        .keep_fund_plan(&finance, "bcf", ("plan.toml", second.as_bytes()))
        .unwrap();
    assert_eq!(second.row.number, 2);
    assert!(second.row.changes.contains("545"), "{}", second.row.changes);
    let nothing = app.keep_fund_plan(&finance, "bcf", ("plan.toml", b"what = "));
    assert!(!faults(nothing.unwrap_err()).is_empty());
    sound(&place);
}

/// A workbook that somebody has spoilt: what can be read of it becomes a version that says what is missing, and one
/// of which nothing can be used is refused. Both stay as they came, and the books are as they were.
#[test]
fn a_spoilt_workbook_is_kept_with_its_cells_and_touches_no_book() {
    let (place, finance, fund) = begun();
    let app = &place.app;
    let mut merged = PlanBook::new().unwrap();
    let (first, last) = (PlanBook::row(0), PlanBook::row(1));
    let column = PlanBook::AMOUNT;
    let plain = testkit::xlsx::Format::new();
    let amounts = &mut merged.spending;
    amounts
        .merge_range(first, column, last, column, "40000000.5", &plain)
        .unwrap();
    let merged = merged.saved().unwrap();
    let kept = app
        .keep_fund_plan(&finance, "bcf", ("plan.xlsx", &merged))
        .unwrap();
    let told: Vec<_> = kept
        .issues
        .iter()
        .map(|issue| (issue.code, issue.path.as_str()))
        .collect();
    let cell = |name: &'static str| ("merged-amount", name);
    assert_eq!(
        told,
        [cell("6a. Expenditure!I8"), cell("6a. Expenditure!I9")]
    );
    let checked = app.fund_plan_checked(&finance, &fund, 1).unwrap();
    let sums = checked
        .report
        .conditions
        .iter()
        .find(|one| one.id == "sums");
    assert_eq!(sums.unwrap().finding.verdict, Verdict::CannotTell);
    let bytes = |name: &str| {
        let read = |tx: &mut dyn store::Tx| {
            let place = tx.place().to_owned();
            let sql = "SELECT id FROM ledger_file WHERE place = ?1 AND name = ?2";
            let rows = tx.query(sql, &[place.into(), name.into()])?;
            let id = rows.first().map(|row| row.id(0)).transpose()?;
            id.map_or(Ok(None), |id| store::ledger::file_bytes(tx, id))
        };
        app.store().read(read).unwrap().unwrap().0
    };
    assert_eq!(bytes("plan.xlsx"), merged);
    let cut = &merged[..merged.len() / 2];
    let refused = app.keep_fund_plan(&finance, "bcf", ("cut.xlsx", cut));
    assert_eq!(faults(refused.unwrap_err())[0].0, "file");
    assert_eq!(bytes("cut.xlsx"), cut);
    assert_eq!(app.fund_plans(&finance).unwrap().len(), 1);
    sound(&place);
}

/// Newest first, those that were refused by themselves; each look is in the journal, and nobody without the ledger sees any.
#[test]
fn files_of_funds_are_listed_and_given_back_as_they_came() {
    let (place, finance, _) = begun();
    let app = &place.app;
    place.clock.advance(jiff::SignedDuration::from_secs(1));
    app.keep_fund_plan(&finance, "bcf", ("plan.toml", PLAN.as_bytes()))
        .unwrap();
    place.clock.advance(jiff::SignedDuration::from_secs(1));
    let bad = b"what = \n\xc3\xa9";
    let refused = app.keep_fund_plan(&finance, "bcf", ("bad.toml", bad));
    let wrong = faults(refused.unwrap_err());
    let all = app.fund_files(&finance, false, 1).unwrap();
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["bad.toml", "plan.toml", "section75.toml"]);
    let only = app.fund_files(&finance, true, 1).unwrap();
    assert_eq!((only.len(), &only[0]), (1, &all[0]));
    assert_eq!(only[0].counts, [0, 0, 1]);
    let told: Vec<&str> = only[0].issues.lines().collect();
    let wrong: Vec<&str> = wrong.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(told, wrong);
    assert_eq!(app.fund_files(&finance, false, 2).unwrap(), vec![]);
    assert_eq!(app.fund_file(&finance, only[0].id).unwrap(), bad);
    let looks = app.store().read(|tx| {
        let sql = "SELECT subject FROM journal WHERE place = ?1 AND kind = 'look' AND subject = ?2";
        let place = tx.place().to_owned();
        tx.query(sql, &[place.into(), format!("file {}", only[0].id).into()])
    });
    assert_eq!(looks.unwrap().len(), 1);
    let nothing = app.fund_file(&finance, app.ids().inbox());
    assert!(matches!(nothing, Err(Error::NotFound("file"))));
    let analyst = place.actor(Role::Analyst);
    let denied = |error: Error| matches!(error, Error::Denied(_));
    assert!(denied(app.fund_files(&analyst, false, 1).unwrap_err()));
    assert!(denied(app.fund_file(&analyst, only[0].id).unwrap_err()));
    sound(&place);
}
