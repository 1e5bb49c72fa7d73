//! The pooled fund's screens: from the overspend to the postings behind it, the end of a month, an
//! agreement that is refused with every fault, a plan, a dispute, and taking a transfer back.

use crate::house::{House, Reply, request};
use access::{Actor, Role};
use axum::body::Body;
use axum::http::{StatusCode, header};
use fund::ledger::{Asked, Limit, Name, What};
use jiff::Timestamp;
use kernel::{Pence, TransferId};

const AGREEMENT: &str = include_str!("../../../fund/examples/two-tiers.toml");
const PLAN: &str = include_str!("../../../fund/examples/plan-2025-26.toml");
const CASH: &str = "assets:cash:bcf";
const SPENT: &str = "expenses:expenditure:bcf:1:plumstead-care";

/// A house in June 2025 with somebody of finance and their session.
fn house() -> (House, Actor, String) {
    let house = House::new();
    let at: Timestamp = "2025-06-12T09:00:00Z".parse().unwrap();
    house.place.clock.set(at);
    let finance = house.place.actor(Role::Finance);
    let token = house.enter(Role::Finance);
    (house, finance, token)
}

/// The same with the agreement kept and some postings of April and May.
fn kept() -> (House, Actor, String) {
    let (house, finance, token) = house();
    let file = ("section75.toml", AGREEMENT.as_bytes());
    let app = &house.place.app;
    app.keep_fund_agreement(&finance, "bcf", file).unwrap();
    let paid = "income:contribution:bcf:icb";
    post(&house, &finance, (CASH, paid), 1_000_000_000, "2025-04-15");
    post(&house, &finance, (SPENT, CASH), 300_000_000, "2025-04-30");
    post(&house, &finance, (SPENT, CASH), 310_000_050, "2025-05-31");
    (house, finance, token)
}

fn post(
    house: &House,
    finance: &Actor,
    (debit, credit): (&str, &str),
    pence: i64,
    on: &str,
) -> TransferId {
    let app = &house.place.app;
    let account = |name: &str| {
        let name: Name = name.parse().unwrap();
        let opened = app.open_ledger_account(finance, &name, Limit::None);
        opened.unwrap().id()
    };
    let id = app.ids().transfer();
    let asked = Asked {
        id,
        effective: on.parse().unwrap(),
        what: What::Post {
            debit: account(debit),
            credit: account(credit),
            amount: Pence(pence),
        },
        note: "invoice 17".to_owned(),
    };
    app.post_transfers(finance, &[asked]).unwrap();
    id
}

/// Sends a file as a browser does.
fn send_file(house: &House, token: &str, path: &str, fields: &[(&str, &str)], file: &str) -> Reply {
    let csrf = house.get("/accessibility", Some(token)).csrf();
    let mut body = String::new();
    for (name, value) in fields.iter().chain(&[("csrf", csrf.as_str())]) {
        body += &format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    body += &format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"given.toml\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{file}\r\n--edge--\r\n"
    );
    let request = request("POST", path, Some(token))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .unwrap();
    house.send(request)
}

/// The words of a page between its main heading and its foot.
fn words(reply: &Reply) -> String {
    let text = reply.text();
    let from = text.find("<h1").unwrap();
    let to = text.find("</main>").unwrap();
    let mut out = String::new();
    let mut inside = false;
    for character in text[from..to].chars() {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            other if !inside => out.push(other),
            _ => {}
        }
    }
    let lines = out
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn an_overspend_leads_to_the_share_the_scheme_and_the_postings() {
    let (house, finance, token) = kept();
    for month in ["2025-04", "2025-05"] {
        let month = month.parse().unwrap();
        house
            .place
            .app
            .close_ledger_period(&finance, month, None)
            .unwrap();
    }
    let first = house.get("/fund", Some(&token));
    assert_eq!(first.header("location"), "/fund/pool/bcf");
    let page = house.get("/fund/pool/bcf", Some(&token));
    assert_eq!(page.status, StatusCode::OK);
    insta::assert_snapshot!("fund", words(&page));
    assert!(
        page.text()
            .contains("href=\"/fund/pool/bcf/share#steps-icb\"")
    );
    let share = house.get("/fund/pool/bcf/share", Some(&token));
    insta::assert_snapshot!("share", words(&share));
    assert!(share.text().contains("id=\"steps-icb\""));
    assert!(share.text().contains("href=\"/fund/pool/bcf/scheme/1\""));
    let scheme = house.get("/fund/pool/bcf/scheme/1", Some(&token));
    insta::assert_snapshot!("scheme", words(&scheme));
    let text = scheme.text();
    let at = text.find("/fund/transfer/").unwrap();
    let transfer = house.get(&text[at..at + 15 + 36], Some(&token));
    assert_eq!(transfer.status, StatusCode::OK);
    assert!(transfer.text().contains("Transfer of £3,000,000"));
    let pack = house.get("/fund/pool/bcf/pack", Some(&token));
    assert!(pack.text().contains("almoner-printed"));
    assert!(words(&pack).contains("Disputes that are open"));
}

#[test]
fn an_account_shows_its_months_and_a_page_of_transfers() {
    let (house, _, token) = kept();
    let address = format!("/fund/account/{SPENT}");
    let all = house.get(&address, Some(&token));
    let said = words(&all);
    assert!(said.contains("£6,100,000.50"), "{said}");
    assert!(said.contains("May 2025"), "{said}");
    let april = house.get(&format!("{address}?month=2025-04"), Some(&token));
    let said = words(&april);
    assert!(said.contains("Transfers of April 2025"), "{said}");
    assert!(!said.contains("31 May 2025"), "{said}");
    let none = house.get("/fund/account/assets:cash:other", Some(&token));
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let books = house.get("/fund/pool/bcf/books", Some(&token));
    assert!(words(&books).contains("Money that the host holds"));
}

#[test]
fn many_transfers_are_paged_and_none_is_left_out() {
    let (house, finance, token) = house();
    let paid = "income:contribution:bcf:icb";
    for _ in 0..kernel::limits::ROWS_A_PAGE + 3 {
        post(&house, &finance, (CASH, paid), 100, "2025-04-15");
    }
    let mut address = format!("/fund/account/{CASH}");
    let mut seen = std::collections::BTreeSet::new();
    let mut pages = 0;
    loop {
        let text = house.get(&address, Some(&token)).text();
        pages += 1;
        seen.extend(
            text.split("href=\"/fund/transfer/")
                .skip(1)
                .map(|rest| rest[..36].to_owned()),
        );
        let Some(at) = text.find("\">More transfers") else {
            break;
        };
        let from = text[..at].rfind("href=\"").unwrap() + 6;
        address = text[from..at].split('#').next().unwrap().to_owned();
    }
    assert_eq!((pages, seen.len()), (2, kernel::limits::ROWS_A_PAGE + 3));
}

#[test]
fn a_transfer_is_taken_back_once_and_with_a_reason() {
    let (house, finance, token) = house();
    let paid = "income:contribution:bcf:icb";
    let id = post(&house, &finance, (CASH, paid), 5_000, "2025-05-02");
    let address = format!("/fund/transfer/{id}");
    let page = house.get(&address, Some(&token));
    let text = page.text();
    let at = text.find("name=\"new\" value=\"").unwrap() + 18;
    let new = &text[at..at + 36];
    let day = "day-day=2&day-month=5&day-year=2025";
    let silent = house.submit(&address, &token, &format!("new={new}&{day}"));
    assert!(silent.text().contains("Say why it is taken back"));
    let form = format!("new={new}&{day}&reason=entered+twice");
    for _ in 0..2 {
        let done = house.submit(&address, &token, &form);
        assert_eq!(done.status, StatusCode::SEE_OTHER);
    }
    let after = house.get(&address, Some(&token));
    assert!(after.text().contains("It was taken back."));
    assert!(!after.text().contains("Take the transfer back"));
    let balance = house
        .place
        .app
        .ledger_balance(&finance, &CASH.parse().unwrap(), None);
    let balance = balance.unwrap().balance;
    assert_eq!(
        (balance.debits_posted, balance.credits_posted),
        (Pence(5_000), Pence(5_000))
    );
}

#[test]
fn a_month_is_closed_with_its_hash_and_who() {
    let (house, finance, token) = kept();
    let page = house.get("/fund/months", Some(&token));
    let said = words(&page);
    assert!(said.contains("Before April 2025 is closed"), "{said}");
    assert!(
        said.contains("is not received"),
        "what is missing is told: {said}"
    );
    let silent = house.submit("/fund/months", &token, "period=2025-04");
    assert!(
        silent
            .text()
            .contains("Choose what becomes of the variance")
    );
    let done = house.submit("/fund/months", &token, "period=2025-04&share=no");
    assert_eq!(done.header("location"), "/fund/months?saved=2025-04");
    let after = house.get("/fund/months", Some(&token));
    let said = words(&after);
    let frozen = house.place.app.ledger_closings(&finance).unwrap();
    assert!(said.contains(&frozen[0].frozen.hash[..8]), "{said}");
    assert!(said.contains(&frozen[0].by), "{said}");
    house.submit("/fund/months", &token, "period=2025-05&share=no");
    let early = house.get("/fund/months", Some(&token));
    assert!(
        !early.text().contains("Close and freeze"),
        "June is not over"
    );
    let late = house.submit("/fund/months", &token, "period=2025-04&share=contributions");
    assert!(late.text().contains("There is a problem"));
}

#[test]
fn an_agreement_is_read_in_words_and_a_faulty_one_tells_every_line() {
    let (house, finance, token) = house();
    let fields = [("fund", "bcf")];
    let kept = send_file(&house, &token, "/fund/agreement", &fields, AGREEMENT);
    assert_eq!(
        kept.header("location"),
        "/fund/pool/bcf/agreement?version=1&saved=1"
    );
    let page = house.get("/fund/pool/bcf/agreement", Some(&token));
    let said = words(&page);
    assert!(
        said.contains("It runs from 1 April 2025 to 31 March 2026"),
        "{said}"
    );
    assert!(said.contains("Ring-fenced money"), "{said}");
    let faulty = AGREEMENT
        .replace("amount = 17_000_000\n", "amount = \"1.234,50\"\n")
        .replace("lead = \"icb\"", "lead = \"ics\"");
    let refused = send_file(&house, &token, "/fund/agreement", &fields, &faulty);
    assert_eq!(refused.status, StatusCode::OK);
    let text = refused.text();
    assert!(text.contains("<title>Error: "), "said in the title");
    assert!(
        words(&refused).matches("Line ").count() >= 2,
        "{}",
        words(&refused)
    );
    let versions = house.place.app.fund_agreements(&finance).unwrap();
    assert_eq!(versions.len(), 1, "nothing was changed");
    let none = send_file(&house, &token, "/fund/agreement", &[], AGREEMENT);
    assert!(none.text().contains("Enter a short name for the fund"));
}

#[test]
fn a_plan_is_answered_condition_by_condition() {
    let (house, _, token) = kept();
    let empty = house.get("/fund/pool/bcf/plan", Some(&token));
    assert!(empty.text().contains("No plan of this fund is kept yet."));
    let sent = send_file(&house, &token, "/fund/pool/bcf/plan", &[], PLAN);
    assert_eq!(
        sent.header("location"),
        "/fund/pool/bcf/plan?version=1&saved=1"
    );
    let page = house.get("/fund/pool/bcf/plan", Some(&token));
    insta::assert_snapshot!(
        "plan",
        words(&page)
            .replace("\n", " ")
            .split("Versions")
            .next()
            .unwrap()
    );
    let noise = send_file(&house, &token, "/fund/pool/bcf/plan", &[], "board = [");
    assert!(noise.text().contains("There is a problem"));
}

#[test]
fn a_dispute_is_raised_shown_evidence_and_ended_in_the_books() {
    let (house, finance, token) = kept();
    let list = "/fund/pool/bcf/disputes";
    let silent = house.submit(list, &token, "by=icb&with=council");
    assert!(silent.text().contains("There is a problem"));
    let day = "on-day=2&on-month=6&on-year=2025";
    let form = format!("by=icb&with=council&amount=125,000&about=Who+pays+for+May&{day}");
    let raised = house.submit(list, &token, &form);
    let address = raised
        .header("location")
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    assert!(address.starts_with("/fund/dispute/"), "{}", words(&raised));
    let fields = [("what", "show"), ("by", "icb"), ("words", "The invoice")];
    let shown = send_file(&house, &token, &address, &fields, "invoice 17");
    assert_eq!(shown.status, StatusCode::SEE_OTHER);
    let page = house.get(&address, Some(&token)).text();
    let at = page.find("/evidence/").unwrap();
    let file = format!("{address}{}", &page[at..at + 10 + 36]);
    assert_eq!(house.get(&file, Some(&token)).bytes, b"invoice 17");
    let uneven = house.submit(&address, &token, "what=end&amount-0=100&why=agreed");
    assert!(uneven.text().contains("There is a problem"));
    let ended = house.submit(
        &address,
        &token,
        "what=end&amount-0=100&amount-1=-100&why=agreed",
    );
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", words(&ended));
    let said = words(&house.get(&address, Some(&token)));
    assert!(said.contains("Outcome") && said.contains("−£100"), "{said}");
    assert_eq!(house.place.app.check_ledger(&finance).unwrap(), vec![]);
}

#[test]
fn a_place_without_a_fund_is_told_how_to_begin() {
    let (house, _, token) = house();
    let page = house.get("/fund", Some(&token));
    assert!(page.text().contains("Begin with its agreement"));
    let months = house.get("/fund/months", Some(&token));
    assert!(months.text().contains("there is no month to close"));
    for gone in [
        "/fund/pool/none",
        "/fund/pool/NONE",
        "/fund/pool/none/books",
    ] {
        assert_eq!(
            house.get(gone, Some(&token)).status,
            StatusCode::NOT_FOUND,
            "{gone}"
        );
    }
}

/// The address of the first link of a page whose address has a text in it.
fn link(text: &str, with: &str) -> String {
    let mut links = text.split("href=\"").skip(1);
    let found = links.find_map(|rest| {
        let address = rest.split('"').next()?;
        address
            .contains(with)
            .then(|| address.replace("&#38;", "&").replace("&amp;", "&"))
    });
    let found = found.unwrap_or_else(|| panic!("no link has {with}"));
    found.split('#').next().unwrap().to_owned()
}

#[test]
fn a_return_opens_to_its_postings_and_is_frozen_as_sent() {
    let (house, finance, token) = kept();
    let app = &house.place.app;
    app.keep_fund_plan(&finance, "bcf", ("plan.toml", PLAN.as_bytes()))
        .unwrap();
    let address = "/fund/pool/bcf/returns?period=2025-26-Q1";
    let page = house.get(address, Some(&token));
    let said = words(&page);
    for line in ["Not sent yet", "June 2025 is not closed", "£6,100,000.50"] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let behind = link(&page.text(), "cell=expenditure%2F1%2Fspent-in-the-period");
    let behind = house.get(&behind, Some(&token));
    let said = words(&behind);
    assert!(said.contains("Together £6,100,000.50."), "{said}");
    assert!(said.contains(SPENT), "{said}");
    let account = link(&behind.text(), "month=2025-05");
    let account = house.get(&account, Some(&token));
    assert!(words(&account).contains("Transfers of May 2025"));
    assert!(words(&account).contains("£3,100,000.50"));

    let text = page.text();
    let hash = text.split("name=\"hash\" value=\"").nth(1).unwrap();
    let hash = &hash[..64];
    let form = format!("period=2025-26-Q1&hash={hash}");
    for saved in ["saved=1", "saved=same"] {
        let done = house.submit("/fund/pool/bcf/returns", &token, &form);
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(done.header("location").ends_with(saved), "{saved}");
    }
    let csv = house.get(
        "/fund/pool/bcf/returns/file?period=2025-26-Q1&number=1&kind=csv",
        Some(&token),
    );
    assert!(
        csv.text()
            .contains("Expenditure,1,Home first and reablement,Spent in the period,6100000.50")
    );
    let book = house.get(
        "/fund/pool/bcf/returns/file?period=2025-26-Q1&kind=xlsx",
        Some(&token),
    );
    assert!(book.header("content-type").contains("spreadsheetml"));
    post(&house, &finance, (SPENT, CASH), 100, "2025-06-02");
    let stale = house.submit("/fund/pool/bcf/returns", &token, &form);
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let said = words(&house.get(address, Some(&token)));
    for line in [
        "Changed since it was sent",
        "Spent in the period: 6100000.50, now 6100001.50",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let sent = "/fund/pool/bcf/returns/sent?period=2025-26-Q1&number=1";
    let sent = house.get(sent, Some(&token));
    assert!(words(&sent).contains("Version 1 as sent"));
    let none = house.get("/fund/pool/bcf/returns?period=soon", Some(&token));
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[test]
fn a_figure_is_kept_and_held_against_the_plan() {
    let (house, finance, token) = kept();
    let app = &house.place.app;
    app.keep_fund_plan(&finance, "bcf", ("plan.toml", PLAN.as_bytes()))
        .unwrap();
    let address = "/fund/pool/bcf/effect";
    let form = |figure: &str, month: &str| {
        format!(
            "metric=average-discharge-delay&month={month}&figure={figure}&of=2000&source=the+trust"
        )
    };
    let wrong = house.submit(address, &token, &form("much", "2025-04"));
    assert!(wrong.text().contains("Write a figure such as 1.2 or 610"));
    for (month, figure) in [("2025-03", "1.1"), ("2025-04", "1.5"), ("2025-05", "1.1")] {
        let done = house.submit(address, &token, &form(figure, month));
        // Of March there is no plan.
        let expected = match month {
            "2025-03" => StatusCode::OK,
            _ => StatusCode::SEE_OTHER,
        };
        assert_eq!(done.status, expected, "{month}");
    }
    let page = house.get(address, Some(&token));
    let said = words(&page);
    for line in [
        "worse than planned",
        "600 days",
        "Can be spent elsewhere",
        "Time and beds, no money",
        "Fewer than three figures are kept",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert!(!page.text().contains("<svg class=\"almoner-chart\""));
}

#[test]
fn a_month_closes_by_the_agreement_and_the_working_is_shown() {
    let (house, _, token) = kept();
    let done = house.submit("/fund/months", &token, "period=2025-04&share=agreement");
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", words(&done));
    let page = house.get("/fund/months", Some(&token));
    let working = link(&page.text(), "/shared/2025-04");
    let said = words(&house.get(&working, Some(&token)));
    for line in [
        "How April 2025 was shared",
        "Posted with this month",
        "version 1 of the agreement",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let none = house.get("/fund/pool/bcf/shared/2025-05", Some(&token));
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}
