//! Postings page by page, and what is read by account.

use super::*;

#[test]
fn postings_come_page_by_page_with_none_twice() {
    let (place, finance) = begun();
    let asked: Vec<Vec<Asked>> = (0..250)
        .map(|number| {
            let sides = if number % 3 == 0 {
                (SPENT, CASH)
            } else {
                (CASH, ICB)
            };
            let on = date(2026, if number % 2 == 0 { 4 } else { 5 }, 3);
            vec![post(&place, &finance, sides, 10 + number, on)]
        })
        .collect();
    let ids: Vec<TransferId> = asked.iter().map(|one| one[0].id).collect();
    let mut sorted = asked;
    sorted.sort_by_key(|one| matches!(one[0].what, What::Post { debit, .. } if debit == id(&place, &finance, SPENT)));
    let outcomes = place.app.post_many(&finance, sorted).unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let months = (month("2026-04"), month("2026-05"));
        let page = place
            .app
            .ledger_postings(&finance, &name(CASH), months, after)
            .unwrap();
        seen.extend(page.postings.iter().map(|one| one.posted.transfer.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((seen.len(), count), (ids.len(), ids.len()));
    sound(&place);
}

/// Everything that is read by account: pages of postings, and balances of each day.
fn read_by_account(place: &Place, finance: &Actor, account: &str) -> (Vec<String>, Vec<i64>) {
    let months = (month("2026-03"), month("2026-06"));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = place
            .app
            .ledger_postings(finance, &name(account), months, after);
        let page = page.unwrap();
        seen.extend(page.postings.iter().map(|one| format!("{one:?}")));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let days = (1..=61).map(|day| kernel::calendar::add_days(date(2026, 4, 1), day - 1));
    let sums = days.map(|day| balance(place, finance, account, Some(day)));
    (seen, sums.collect())
}

/// The first transfer of a process is listed at once, others after many; `almoner` in another process may list meanwhile.
#[test]
fn what_is_read_by_account_is_the_same_before_and_after_it_is_listed() {
    let (place, finance) = begun();
    let list = || {
        let listed = place.app.store().write(store::ledger::list_postings);
        listed.unwrap();
    };
    let listed = || {
        let count = "SELECT COUNT(*) FROM ledger_posting WHERE place = ?1";
        let rows = |tx: &mut dyn store::Tx| tx.query(count, &["barsetshire".into()]);
        place.app.store().read(rows).unwrap()[0].int(0).unwrap()
    };
    for round in 0..4 {
        for number in 0..20 {
            // Months are mixed, so that a page has some that are listed and some that are not.
            let on = date(2026, if number % 2 == 0 { 5 } else { 4 }, 1 + number);
            let sides = if number % 5 == 4 {
                (SPENT, CASH)
            } else {
                (CASH, ICB)
            };
            let pence = 1_000 * (20 - i64::from(number)) + i64::from(round);
            let asked = [post(&place, &finance, sides, pence, on)];
            let made = place.app.post_transfers(&finance, &asked);
            assert!(matches!(made, Ok(Outcome::Made(_))), "{made:?}");
        }
        let waiting = listed();
        let before = [CASH, ICB, SPENT].map(|one| read_by_account(&place, &finance, one));
        list();
        let after = [CASH, ICB, SPENT].map(|one| read_by_account(&place, &finance, one));
        assert!(waiting < listed(), "some waited");
        assert_eq!(listed(), 2 * 20 * i64::from(round + 1));
        assert_eq!(before, after);
        list();
        assert_eq!(listed(), 2 * 20 * i64::from(round + 1));
        sound(&place);
    }
    assert_eq!(read_by_account(&place, &finance, CASH).0.len(), 80);
}
