//! Posting what partners are asked for when a month closes.

use super::agreements::{funds, standing};
use super::id_for;
use super::page::{books, first_month};
use crate::{App, Error};
use ::fund::agreement::{Agreement, PartnerKey, SchemeKey};
use ::fund::ledger::close::{Part, Share, parts, standings};
use ::fund::ledger::{AccountKind, Asked, Code, Name, Outcome, What};
use ::fund::position::{Books, months_of};
use ::fund::share::text::explained;
use ::fund::share::to_date::{to_date, to_post};
use ::fund::tie::code_of;
use access::{Action, Actor, Allowed};
use jiff::civil::date;
use kernel::{Month, Pence};
use std::collections::BTreeMap;
use store::fund::{self as rows, SharedRow};
use store::{Tx, ledger};

/// An amount that is posted between a partner's part of the variance and what it owes or is owed.
struct Posting {
    part: Part,
    /// What it owes the fund, or what the fund owes it.
    due: AccountKind,
}

/// What each partner was asked for, and the working of each fund.
type Agreed = (Vec<Part>, Vec<(Code, String)>);

impl App {
    /// Posts each partner's part by a rule that is passed in, those of one fund all or none, on the
    /// month's last day.
    pub(super) fn post_shares(
        &self,
        tx: &mut dyn Tx,
        who: (&Actor, Allowed),
        period: Month,
        share: Share<'_>,
    ) -> Result<Vec<Part>, Error> {
        let year = date(period.financial_year(), 4, 1);
        let moved = ledger::accounts_upto(tx, Some(Month::of(year)), period)?;
        let accounts = ledger::every_account(tx)?;
        let names = accounts.iter().filter_map(|(account, _)| {
            moved
                .get(&account.id)
                .map(|balance| (&account.name, balance))
        });
        let wrong =
            |error: ::fund::ledger::close::ShareError| Error::invalid("share", error.to_string());
        let funds = standings(names).map_err(wrong)?;
        let all = parts(&funds, share).map_err(wrong)?;
        let postings = all.iter().map(|part| Posting {
            part: part.clone(),
            due: AccountKind::DueFromPartner,
        });
        self.post_parts(tx, who, period, postings)?;
        Ok(all)
    }

    /// Posts what each partner is asked for by its fund's agreement, and keeps the working.
    pub(super) fn post_agreed(
        &self,
        tx: &mut dyn Tx,
        who: (&Actor, Allowed),
        period: Month,
    ) -> Result<Agreed, Error> {
        let mut agreed = Agreed::default();
        for fund in funds(tx)? {
            let kept = standing(tx, &fund, period.last())?.ok_or_else(|| {
                let text = format!(
                    "no agreement of {fund} holds on {}: keep one",
                    period.last()
                );
                Error::invalid("share", text)
            })?;
            let first = first_month(&kept.agreement)?;
            let books = books(tx, &fund, first)?;
            let months: Vec<Month> = months_of(first)
                .into_iter()
                .filter(|month| *month <= period)
                .collect();
            let spent = spent(&kept.agreement, &books, &months);
            let wrong =
                |error: ::fund::share::ShareError| Error::invalid("share", error.to_string());
            let shares = to_date(&kept.agreement, &spent, months.len()).map_err(wrong)?;
            shares
                .verify()
                .map_err(|why| Error::invalid("share", why))?;
            let before = before(&kept.agreement, &books, &months);
            let asked = to_post(&shares, &before, months.len() == 12);
            let mut text = heading(period, months.len());
            text.push_str(&explained(&kept.agreement.title, &shares));
            text.push_str(&asked_now(&kept.agreement, &before, &asked));
            for (partner, amount) in asked {
                let so_far = before.get(&partner).copied().unwrap_or_default();
                let partner = code_of(partner.as_str()).ok_or(Error::NotFound("partner"))?;
                let part = |amount| Part {
                    fund: fund.clone(),
                    partner: partner.clone(),
                    amount,
                };
                let postings = split(so_far, amount)
                    .into_iter()
                    .map(|(due, amount)| Posting {
                        part: part(amount),
                        due,
                    });
                self.post_parts(tx, who, period, postings)?;
                agreed.0.push(part(amount));
            }
            let row = SharedRow {
                fund: fund.clone(),
                period,
                agreement: kept.row.number,
                explained: text.clone(),
                kept: (self.now(), who.0.display_name.clone()),
            };
            rows::put_shared(tx, &row)?;
            agreed.1.push((fund, text));
        }
        Ok(agreed)
    }

    /// Posts amounts on the month's last day, those of one fund all or none.
    fn post_parts(
        &self,
        tx: &mut dyn Tx,
        (actor, allowed): (&Actor, Allowed),
        period: Month,
        postings: impl Iterator<Item = Posting>,
    ) -> Result<(), Error> {
        let mut by_fund: BTreeMap<_, Vec<Asked>> = BTreeMap::new();
        for Posting { part, due: kind } in postings {
            let mut account = |kind: AccountKind| {
                let text = format!(
                    "{}:{}:{}:{}",
                    kind.class().word(),
                    kind.as_str(),
                    part.fund,
                    part.partner
                );
                let name = text
                    .parse::<Name>()
                    .map_err(|error| Error::invalid("share", error.to_string()))?;
                Ok::<_, Error>(self.open_account(tx, (actor, allowed), &name, None)?.id())
            };
            let (due, shared) = (account(kind)?, account(AccountKind::RiskShare)?);
            let (debit, credit) = match part.amount.0 > 0 {
                true => (due, shared),
                false => (shared, due),
            };
            let (fund, partner, month) = (&part.fund, &part.partner, period.to_string());
            let mut id = vec!["share", fund.as_str(), partner.as_str(), &month];
            if kind == AccountKind::DueToPartner {
                id.push(kind.as_str());
            }
            by_fund.entry(fund.clone()).or_default().push(Asked {
                id: id_for(&id),
                effective: period.last(),
                what: What::Post {
                    debit,
                    credit,
                    amount: Pence(part.amount.0.saturating_abs()),
                },
                note: format!("share of the variance to {}", period.in_words()),
            });
        }
        for asked in by_fund.into_values() {
            let command = self.ledger_command(actor, asked)?;
            match self.enter(tx, &[command])?.pop() {
                Some(Ok(Outcome::Made(_))) => {}
                Some(Err(refusal)) => return Err(refusal.into()),
                // The month was open, so its shares cannot have been posted.
                _ => return Err(Error::NotFound("share that was just made")),
            }
        }
        Ok(())
    }

    /// The workings of shares that were posted by an agreement, by fund and month.
    ///
    /// # Errors
    /// Not allowed, or the store's.
    pub fn fund_shared(&self, actor: &Actor) -> Result<Vec<SharedRow>, Error> {
        access::decide(actor, Action::SeeLedger)?;
        Ok(self.store().read(rows::shared)?)
    }
}

/// What was spent on each scheme, month by month.
fn spent(
    agreement: &Agreement,
    books: &Books,
    months: &[Month],
) -> BTreeMap<SchemeKey, Vec<Pence>> {
    let one = |scheme: &::fund::agreement::Scheme| {
        let code = code_of(scheme.key.as_str())?;
        let by_month = months.iter().map(|month| books.spent(&code, *month));
        Some((scheme.key.clone(), by_month.collect()))
    };
    agreement.schemes.iter().filter_map(one).collect()
}

/// What each partner was asked for in the months of the year.
fn before(agreement: &Agreement, books: &Books, months: &[Month]) -> BTreeMap<PartnerKey, Pence> {
    let one = |partner: &::fund::agreement::Partner| {
        let code = code_of(partner.key.as_str())?;
        let asked = books.of_partner(AccountKind::RiskShare, &code, months);
        Some((partner.key.clone(), asked))
    };
    agreement.partners.iter().filter_map(one).collect()
}

/// On which accounts an amount stands: what was asked for before is settled first, so that nobody owes
/// and is owed at once.
fn split(before: Pence, amount: Pence) -> Vec<(AccountKind, Pence)> {
    let (first, second) = match amount.0 < 0 {
        true => (AccountKind::DueFromPartner, AccountKind::DueToPartner),
        false => (AccountKind::DueToPartner, AccountKind::DueFromPartner),
    };
    let open = match amount.0 < 0 {
        true => before.0.max(0),
        false => before.0.saturating_neg().max(0),
    };
    let settled = amount.0.saturating_abs().min(open);
    let settled = if amount.0 < 0 { -settled } else { settled };
    [(first, Pence(settled)), (second, Pence(amount.0 - settled))]
        .into_iter()
        .filter(|(_, amount)| amount.0 != 0)
        .collect()
}

fn heading(period: Month, over: usize) -> String {
    match over {
        12 => format!("The year to {}.\n", period.in_words()),
        _ => format!(
            "The year so far, to {}. Months to come count as budgeted; an underspend waits for the \
             year's end.\n",
            period.in_words()
        ),
    }
}

fn asked_now(
    agreement: &Agreement,
    before: &BTreeMap<PartnerKey, Pence>,
    asked: &[(PartnerKey, Pence)],
) -> String {
    let mut text = "\nPosted with this month\n".to_owned();
    for (partner, amount) in asked {
        let so_far = before.get(partner).copied().unwrap_or_default();
        let said = match amount.0 > 0 {
            true => format!("is asked for {amount}"),
            false => format!("is given {} back", -*amount),
        };
        let name = agreement.name_of(partner);
        text.push_str(&format!(
            "  {name} {said}; until now {so_far} in the year\n"
        ));
    }
    if asked.is_empty() {
        text.push_str("  Nothing\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_settled_first() {
        use AccountKind::{DueFromPartner, DueToPartner};
        for (before, amount, expected) in [
            (0, 500, vec![(DueFromPartner, 500)]),
            (200, 500, vec![(DueFromPartner, 500)]),
            (200, -150, vec![(DueFromPartner, -150)]),
            (
                200,
                -500,
                vec![(DueFromPartner, -200), (DueToPartner, -300)],
            ),
            (0, -500, vec![(DueToPartner, -500)]),
            (-300, 500, vec![(DueToPartner, 300), (DueFromPartner, 200)]),
            (-300, -100, vec![(DueToPartner, -100)]),
        ] {
            let found: Vec<_> = split(Pence(before), Pence(amount))
                .into_iter()
                .map(|(kind, amount)| (kind, amount.0))
                .collect();
            assert_eq!(found, expected, "{before} {amount}");
        }
    }
}
