//! Files of transfers.

use super::*;
use app::fund::LineState;

#[test]
fn a_file_is_kept_and_posted_and_the_same_again_changes_nothing() {
    let (place, finance) = begun();
    let app = &place.app;
    let file = "id,date,debit,credit,amount,note,set\n\
         INV-1,2026-04-03,assets:cash:bcf,income:contribution:bcf:icb,\"£1,234.50\",first quarter,\n\
         INV-2,2026-04-03,assets:cash:bcf,income:contribution:bcf:nobody,10,,\n\
         INV-3,2026-04-04,expenses:expenditure:bcf:reablement,assets:cash:bcf,200,,one\n\
         INV-4,2026-04-04,expenses:expenditure:bcf:reablement,assets:cash:bcf,2000,,one\n\
         INV-5,2026-04-05,assets:cash:bcf,income:contribution:bcf:county,five,,\n";
    let take = || {
        place.clock.advance(jiff::SignedDuration::from_secs(1));
        let mut lines = Vec::new();
        let mut each = |line: &app::fund::Line| lines.push((line.line, line.state));
        let report = app
            .post_file(&finance, ("april.csv", file.as_bytes()), &mut each)
            .unwrap();
        (report, lines)
    };
    let (report, lines) = take();
    assert_eq!(
        (report.rows, report.posted, report.repeated, report.refused),
        (5, 1, 0, 4)
    );
    let refused = LineState::Refused;
    assert_eq!(lines, [(2, LineState::Posted), (4, refused), (5, refused)]);
    let told: Vec<String> = report.issues.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"));
    let (again, _) = take();
    assert_eq!((again.posted, again.repeated, again.refused), (0, 1, 4));
    assert_eq!(balance(&place, &finance, CASH, None), 123_450);
    let kept = app.store().read(|tx| {
        let sql = "SELECT posted, repeated, refused FROM ledger_file ORDER BY received_at, id";
        let rows = tx.query(sql, &[])?;
        rows.iter()
            .map(|row| Ok([row.int(0)?, row.int(1)?, row.int(2)?]))
            .collect::<Result<Vec<_>, store::Error>>()
    });
    assert_eq!(kept.unwrap(), [[1, 0, 4], [0, 1, 4]]);
    sound(&place);
}
