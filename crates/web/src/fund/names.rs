//! Accounts and transfers of the ledger in words.

use crate::form::escape;
use crate::words;
use ::fund::ledger::{AccountKind, Code, Kind, Limit, Name, Of, Side};
use kernel::TransferId;

/// Address of an account's page.
pub(super) fn account(name: &Name) -> String {
    format!("/fund/account/{}", escape(&name.to_string()))
}

/// Address of a transfer's page.
pub(super) fn transfer(id: TransferId) -> String {
    format!("/fund/transfer/{id}")
}

/// A code as words: `plumstead-care` as `plumstead care`.
pub(super) fn code(code: &Code) -> String {
    code.as_str().replace('-', " ")
}

/// A text as the name of a place on a page: letters and digits, and dashes between them.
pub(super) fn anchor(text: &str) -> String {
    let dashed = text.chars().map(|one| match one.is_ascii_alphanumeric() {
        true => one.to_ascii_lowercase(),
        false => '-',
    });
    dashed.collect()
}

/// The account of a kind of one partner.
pub(super) fn of_partner(kind: AccountKind, fund: &Code, partner: &Code) -> Option<Name> {
    let of = Of {
        fund: fund.clone(),
        partner: Some(partner.clone()),
        scheme: None,
        provider: None,
        person: None,
        period: None,
        source: None,
    };
    Name::new(kind, of).ok()
}

/// The account of a partner's contributions from a source, or of those that say none.
pub(super) fn from_source(fund: &Code, partner: &Code, source: Option<&Code>) -> Option<Name> {
    let mut name = of_partner(AccountKind::Contribution, fund, partner)?;
    name.of.source = source.cloned();
    Some(name)
}

/// What an account is for.
pub(super) const fn kind(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Cash => "money that the host holds",
        AccountKind::DueFromPartner => "what a partner owes the fund",
        AccountKind::ChargesDue => "what a person owes towards their care",
        AccountKind::Payable => "invoiced and not paid",
        AccountKind::Accrual => "care given and not invoiced",
        AccountKind::DueToPartner => "what the fund owes a partner",
        AccountKind::PersonalBudget => "what a personal budget still holds",
        AccountKind::Suspense => "money whose purpose is not known yet",
        AccountKind::Budget => "what a scheme may still spend",
        AccountKind::BudgetControl => "the other side of the budgets",
        AccountKind::CarriedForward => "carried forward from earlier years",
        AccountKind::Contribution => "contributions",
        AccountKind::Charges => "charges to people",
        AccountKind::Recharge => "charged on to a partner",
        AccountKind::RiskShare => "a partner's part of the variance",
        AccountKind::Expenditure => "spending",
    }
}

/// An account in words: what it is for, then what it is of. A person is never named.
pub(super) fn of(name: &Name) -> String {
    let of = &name.of;
    let codes = [&of.partner, &of.scheme, &of.provider];
    let mut parts: Vec<String> = codes.into_iter().flatten().map(code).collect();
    if of.person.is_some() {
        parts.push("one person".to_owned());
    }
    parts.extend(of.period.map(|month| month.in_words()));
    parts.extend(
        of.source
            .as_ref()
            .map(|source| format!("from {}", code(source))),
    );
    let what = words::sentence(kind(name.kind));
    match parts.is_empty() {
        true => what,
        false => format!("{what}: {}", parts.join(", ")),
    }
}

/// What its limit stops.
pub(super) const fn limit(limit: Limit) -> &'static str {
    match limit {
        Limit::None => "None",
        Limit::DebitsNotOverCredits => "Debits never more than credits",
        Limit::CreditsNotOverDebits => "Credits never more than debits",
    }
}

/// A side.
pub(super) const fn side(side: Side) -> &'static str {
    match side {
        Side::Debit => "Debits",
        Side::Credit => "Credits",
    }
}

/// What a transfer did.
pub(super) const fn did(kind: Kind) -> &'static str {
    match kind {
        Kind::Post => "Posted",
        Kind::Reserve { .. } => "Set apart",
        Kind::PostReserved { .. } => "Posted from what was set apart",
        Kind::Release { .. } => "Gave back what was set apart",
        Kind::Reverse { .. } => "Took a transfer back",
    }
}
