//! Where a fund stands: contributions, schemes, and who would bear what today.

use super::{address, contributions, money, names};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::sheet::{Cell, Link, Sheet, SheetPart, Table};
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::fund::forecast::Forecast;
use ::fund::ledger::Code;
use ::fund::position::{Position, SchemeAt};
use ::fund::share::{Held, PartnerShare, Shares};
use access::{Action, Actor};
use app::fund::FundPage;
use kernel::Pence;
use std::collections::BTreeSet;

/// The fund of the address; one that cannot be is not found, once it is known that whoever asks may see funds.
pub(super) fn code(visit: &Visit, actor: &Actor) -> Result<Code, Trouble> {
    access::decide(actor, Action::SeeLedger).map_err(app::Error::from)?;
    visit.param("fund").parse().map_err(|_| Trouble::NotFound)
}

/// Every fund, or the only one.
pub(super) fn list(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let agreed = web.app.funds(actor)?;
    let kept = web.app.ledger_funds(actor)?;
    let funds: BTreeSet<Code> = agreed.into_iter().chain(kept).collect();
    let mut all = funds.iter();
    if let (Some(only), None) = (all.next(), all.next()) {
        return Ok(shell::see_other(&address(only, "")));
    }
    let mut sheet = Sheet::new(Shell::new(web, visit, "Funds", Section::Fund));
    if funds.is_empty() {
        let text = "No fund is kept here yet. Begin with its agreement: it says who pays in what, which \
                    schemes there are, and who bears what is spent over.";
        sheet.intro.push(text.to_owned());
    }
    sheet.links = funds
        .iter()
        .map(|fund| Link::new(address(fund, ""), words::sentence(&names::code(fund))))
        .collect();
    sheet.links.push(Link::new(
        "/fund/agreement",
        "Keep the agreement of a new fund",
    ));
    sheet.links.push(Link::new("/fund/months", "Month end"));
    shell::ok(&sheet)
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = code(visit, actor)?;
    let page = match web.app.fund_page(actor, &fund, None) {
        Err(app::Error::NotFound(_)) => return without_agreement(web, visit, actor, &fund),
        other => other?,
    };
    let title = page.agreement.title.clone();
    let mut sheet = Sheet::new(Shell::new(web, visit, title, Section::Fund));
    sheet.caption = format!("Fund, {}", page.position.year);
    sheet.intro = headline(&page.position);
    sheet.links = links(&page);
    sheet.parts = parts(&page, true);
    shell::ok(&sheet)
}

/// A fund of which books are kept and no agreement holds today.
fn without_agreement(web: &Web, visit: &Visit, actor: &Actor, fund: &Code) -> Outcome {
    let mut kept = web.app.ledger_funds(actor)?;
    kept.extend(web.app.funds(actor)?);
    if !kept.contains(fund) {
        return Err(Trouble::NotFound);
    }
    let title = words::sentence(&names::code(fund));
    let mut sheet = Sheet::new(Shell::new(web, visit, title, Section::Fund));
    sheet.caption = "Fund".to_owned();
    let text = "No agreement of this fund holds today, so that nobody can say who is to pay what. Keep \
                the one that does. The books go on meanwhile.";
    sheet.intro.push(text.to_owned());
    sheet.links = vec![
        Link::new(format!("/fund/agreement?fund={fund}"), "Keep an agreement"),
        Link::new(address(fund, "/books"), "Every account of its books"),
        Link::new("/fund/months", "Month end"),
    ];
    shell::ok(&sheet)
}

/// What the page comes to, in a sentence or two.
pub(super) fn headline(position: &Position) -> Vec<String> {
    let (budget, expected) = (position.budget(), position.expected());
    let variance = money::to_the_pound(expected - budget);
    let over = match position.over.last() {
        Some(month) => format!("Months up to {} are closed.", month.in_words()),
        None => "No month of the year is closed yet.".to_owned(),
    };
    let end = money::VARIANCE.said(variance);
    vec![
        format!(
            "{} spent and {} more committed, of a budget of {}. {over}",
            money::headline(position.spent()),
            money::headline(position.committed()),
            money::headline(budget)
        ),
        format!("Carried on as now, the year ends {end}."),
    ]
}

fn links(page: &FundPage) -> Vec<Link> {
    let at = |rest: &str| address(&page.fund, rest);
    let disputes = match page.disputes {
        0 => "Disputes".to_owned(),
        open => format!("Disputes ({open} open)"),
    };
    vec![
        Link::new(at("/agreement"), "The agreement in words"),
        Link::new(at("/plan"), "Better Care Fund plan"),
        Link::new(at("/effect"), "What came of the plan"),
        Link::new(at("/returns"), "Better Care Fund return"),
        Link::new(at("/disputes"), disputes),
        Link::new("/fund/months", "Month end"),
        Link::new(at("/pack"), "Board pack, to print"),
        Link::new(at("/books"), "Every account of its books"),
    ]
}

/// Risk, schemes and contributions; with links, or plain for a page that is printed.
pub(super) fn parts(page: &FundPage, linked: bool) -> Vec<SheetPart> {
    let position = &page.position;
    let mut parts = vec![risk(page, linked)];
    parts.push(schemes(&page.fund, position, linked));
    parts.extend(outside(position));
    parts.push(contributions::partners(&page.fund, position, linked));
    parts.push(contributions::by_source(page, linked));
    parts
}

/// A cell that leads somewhere where links are wanted.
fn perhaps(linked: bool, href: String, text: String, hidden: &str) -> Cell {
    match linked {
        true => Cell {
            hidden: hidden.to_owned(),
            ..Cell::link(href, text)
        },
        false => Cell::text(text),
    }
}

fn risk(page: &FundPage, linked: bool) -> SheetPart {
    let title = "Risk today: who would bear what".to_owned();
    let shares = match &page.position.shares {
        Ok(shares) => shares,
        Err(why) => {
            return SheetPart {
                title,
                lines: vec![format!("Shares cannot be worked out: {why}.")],
                ..SheetPart::default()
            };
        }
    };
    let rows = shares
        .partners
        .iter()
        .map(|one| {
            let href = format!("{}#{}", address(&page.fund, "/share"), anchor(one));
            vec![
                perhaps(linked, href, one.name.clone(), "worked out step by step"),
                money::overview(one.contribution),
                money::SHARE.overview(one.share),
            ]
        })
        .collect();
    let mut lines = vec![
        "By the agreement, if the year ended as the straight line says. It is no decision and posts \
         nothing."
            .to_owned(),
    ];
    lines.extend(held("The board has to decide on", &shares.undecided));
    lines.extend(held("Stays in the fund:", &shares.retained));
    SheetPart {
        title,
        lines,
        table: Some(Table {
            caption: "Each partner's share of the variance".to_owned(),
            heads: vec!["Partner", "Pays in", "Its share"],
            rows,
        }),
        links: match linked {
            true => vec![Link::new(
                address(&page.fund, "/share"),
                "How each share is worked out, step by step",
            )],
            false => Vec::new(),
        },
        ..SheetPart::default()
    }
}

fn held(what: &str, all: &[Held]) -> Option<String> {
    let sum: Pence = all.iter().map(|one| one.amount).sum();
    let size = money::headline(Pence(sum.0.saturating_abs()));
    let side = if sum.0 < 0 { "underspent" } else { "overspent" };
    (!all.is_empty()).then(|| format!("{what} {size} {side}."))
}

/// Where a partner's steps are on the page of shares.
fn anchor(one: &PartnerShare) -> String {
    format!("steps-{}", names::anchor(one.partner.as_str()))
}

/// `£1,000 to £1,200`, or one amount where both are the same.
fn range(one: &Forecast) -> String {
    let (low, high) = (money::to_the_pound(one.low), money::to_the_pound(one.high));
    match low == high {
        true => low.to_string(),
        false => format!("{low} to {high}"),
    }
}

/// The straight line with its range, as a cell.
fn forecast(scheme: &SchemeAt) -> Cell {
    let straight = scheme.forecasts.first();
    match straight {
        Some(one) => {
            Cell::number(money::to_the_pound(one.outturn).to_string()).with_under(range(one))
        }
        None => Cell::number("Cannot tell").with_under("no month is closed"),
    }
}

fn schemes(fund: &Code, position: &Position, linked: bool) -> SheetPart {
    let row = |scheme: &SchemeAt| {
        let href = address(
            fund,
            &format!("/scheme/{}", super::escape(scheme.key.as_str())),
        );
        let expected = scheme.expected() - scheme.budget;
        vec![
            perhaps(linked, href, scheme.name.clone(), "").with_under(scheme.arrangement.as_str()),
            money::overview(scheme.budget),
            money::overview(scheme.spent),
            money::overview(scheme.committed),
            forecast(scheme),
            money::VARIANCE.cell(money::to_the_pound(expected)),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = position.schemes.iter().map(row).collect();
    rows.push(vec![
        Cell::text("All schemes"),
        money::overview(position.budget()),
        money::overview(position.spent()),
        money::overview(position.committed()),
        Cell::number(money::to_the_pound(position.expected()).to_string()),
        money::VARIANCE.cell(money::to_the_pound(position.expected() - position.budget())),
    ]);
    SheetPart {
        title: "Schemes".to_owned(),
        lines: vec![
            "To the pound, so that a sum may differ by a few. The forecast is the straight line: the closed \
             months carried on. Under it is its range by the least and the most that a month has been, which is \
             no probability. A scheme's own page has the other methods, and its postings to the penny."
                .to_owned(),
        ],
        table: Some(Table {
            caption: "Schemes, with what the year is expected to cost".to_owned(),
            heads: vec![
                "Scheme",
                "Budget",
                "Spent",
                "Committed",
                "Forecast",
                "Forecast less budget",
            ],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn outside(position: &Position) -> Option<SheetPart> {
    let rows: Vec<Vec<Cell>> = position
        .outside
        .iter()
        .map(|(code, amount)| vec![Cell::text(names::code(code)), money::cell(*amount)])
        .collect();
    (!rows.is_empty()).then(|| SheetPart {
        title: "Spent outside the agreement".to_owned(),
        lines: vec![
            "These are no schemes of the agreement. Their spending is in nobody's share: take it back or \
             vary the agreement."
                .to_owned(),
        ],
        table: Some(Table {
            caption: "Spending on what is no scheme".to_owned(),
            heads: vec!["In the books as", "Spent"],
            rows,
        }),
        ..SheetPart::default()
    })
}

/// How each partner's share is worked out.
pub(super) fn share(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = code(visit, actor)?;
    let page = web.app.fund_page(actor, &fund, None)?;
    let mut sheet = Sheet::new(Shell::new(web, visit, "Who would bear what", Section::Fund));
    sheet.back = address(&fund, "");
    sheet.back_words = super::BACK;
    sheet.caption = page.agreement.title.clone();
    match &page.position.shares {
        Err(why) => sheet
            .intro
            .push(format!("Shares cannot be worked out: {why}.")),
        Ok(shares) => worked(&mut sheet, &page, shares),
    }
    shell::ok(&sheet)
}

fn worked(sheet: &mut Sheet, page: &FundPage, shares: &Shares) {
    let total = money::headline(Pence(shares.total.0.saturating_abs()));
    sheet.intro.push(match shares.total.0 {
        0 => "The fund is expected to end on budget.".to_owned(),
        1.. => format!("The fund is expected to be overspent by {total}."),
        _ => format!("The fund is expected to be underspent by {total}."),
    });
    let all = match shares.verify() {
        Ok(()) => "Shares, what is undecided and what stays in the fund make that to the penny."
            .to_owned(),
        Err(why) => format!("Check: {why}."),
    };
    sheet.intro.push(all);
    for scheme in page
        .position
        .schemes
        .iter()
        .filter(|one| one.expected() != one.budget)
    {
        let href = address(
            &page.fund,
            &format!("/scheme/{}", super::escape(scheme.key.as_str())),
        );
        let variance = scheme.expected() - scheme.budget;
        let text = format!("{}: {}", scheme.name, money::VARIANCE.said(variance));
        sheet.links.push(Link::new(href, text));
    }
    sheet.parts.extend(shares.partners.iter().map(steps));
    for (title, all) in [
        ("For the board to decide", &shares.undecided),
        ("Stays in the fund", &shares.retained),
    ] {
        if !all.is_empty() {
            sheet.parts.push(held_part(title, all));
        }
    }
}

fn steps(one: &PartnerShare) -> SheetPart {
    let mut rows: Vec<Vec<Cell>> = one
        .steps
        .iter()
        .map(|step| {
            vec![
                Cell::text(words::sentence(&step.of)).with_under(step.rule.clone()),
                Cell::text(words::sentence(&step.why)),
                money::SHARE.cell(step.amount),
            ]
        })
        .collect();
    if !rows.is_empty() {
        rows.push(vec![
            Cell::text("Together"),
            Cell::text("Its share"),
            money::SHARE.cell(one.share),
        ]);
    }
    SheetPart {
        title: one.name.clone(),
        id: anchor(one),
        lines: vec![match rows.is_empty() {
            true => format!(
                "Pays in {}. It bears nothing and has nothing back.",
                one.contribution
            ),
            false => format!("Pays in {}.", one.contribution),
        }],
        table: (!rows.is_empty()).then(|| Table {
            caption: format!("Steps of the share of {}", one.name),
            heads: vec!["Of what, by which rule", "How", "Amount"],
            rows,
        }),
        ..SheetPart::default()
    }
}

fn held_part(title: &str, all: &[Held]) -> SheetPart {
    let rows = all
        .iter()
        .map(|one| {
            vec![
                Cell::text(words::sentence(&one.of)),
                Cell::text(words::sentence(&one.why)),
                money::cell(one.amount),
            ]
        })
        .collect();
    SheetPart {
        title: title.to_owned(),
        table: Some(Table {
            caption: title.to_owned(),
            heads: vec!["Of what", "Why", "Amount"],
            rows,
        }),
        ..SheetPart::default()
    }
}

/// Every account of a fund that is no person's, with its balance.
pub(super) fn books(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = code(visit, actor)?;
    let trial = web.app.trial_balance(actor, None)?;
    let mine = || trial.iter().filter(|one| one.account.name.of.fund == fund);
    let persons = mine()
        .filter(|one| one.account.name.of.person.is_some())
        .count();
    let rows: Vec<Vec<Cell>> = mine()
        .filter(|one| one.account.name.of.person.is_none())
        .map(|one| {
            let name = &one.account.name;
            let side = name.kind.normal_side();
            let posted = one.balance.posted(side).unwrap_or_default();
            let pending = one.balance.pending(side).unwrap_or_default();
            vec![
                Cell::link(names::account(name), names::of(name)).with_under(name.to_string()),
                money::cell(posted),
                Cell::amount(Pence(pending.0.saturating_abs())),
            ]
        })
        .collect();
    if rows.is_empty() && persons == 0 {
        return Err(Trouble::NotFound);
    }
    let mut sheet = Sheet::new(Shell::new(
        web,
        visit,
        "Accounts of the fund",
        Section::Fund,
    ));
    sheet.back = address(&fund, "");
    sheet.back_words = super::BACK;
    if persons > 0 {
        let many = words::counted(i64::try_from(persons).unwrap_or(i64::MAX), "account");
        let text = format!("{many} of people's packages and charges are left out here.");
        sheet.intro.push(text);
    }
    sheet.parts.push(SheetPart {
        table: Some(Table {
            caption: "Every account, by its name in the books".to_owned(),
            heads: vec!["Account", "Balance", "Set apart"],
            rows,
        }),
        ..SheetPart::default()
    });
    shell::ok(&sheet)
}

/// What the board reads: one page to print.
pub(super) fn pack(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let fund = code(visit, actor)?;
    let page = web.app.fund_page(actor, &fund, None)?;
    let title = format!("{}: report to the board", page.agreement.title);
    let mut sheet = Sheet::new(Shell::new(web, visit, title, Section::Fund));
    sheet.printed = true;
    sheet.back = address(&fund, "");
    sheet.back_words = super::BACK;
    sheet.caption = format!(
        "{}, on {}",
        page.position.year,
        words::date(page.position.on)
    );
    sheet.intro = headline(&page.position);
    sheet.parts = parts(&page, false);
    if let Ok(shares) = &page.position.shares {
        sheet.parts.extend(
            shares
                .partners
                .iter()
                .filter(|one| !one.steps.is_empty())
                .map(steps),
        );
    }
    let disputes = web.app.disputes(actor)?;
    let of_fund: Vec<_> = disputes.iter().filter(|one| one.row.fund == fund).collect();
    sheet.parts.push(super::dispute::pack_part(&of_fund));
    if let Some(number) = page.plan {
        let checked = web.app.fund_plan_checked(actor, &fund, number)?;
        sheet.parts.push(super::plan::pack_part(&checked));
    }
    shell::ok(&sheet)
}
