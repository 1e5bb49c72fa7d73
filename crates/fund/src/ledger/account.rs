//! Accounts of the pool: their kinds, what each is of, and which side is their normal one.
//!
//! Source: RULES D.3 (fund, partner's contribution, scheme, entry of a type) and D.5 (memorandum account
//! of gross income, gross expenditure, surplus or deficit and partners' shares). The five classes and
//! their normal sides are those of double entry: what is owned and spent is debit, what is owed
//! and received is credit.
//!
//! An account is named by its class, its kind and what it is of, from the whole to the part:
//! `expenses:expenditure:bcf:reablement:plumstead-care`. The name says everything, so two accounts
//! with one name are one account. A person is named by the id of the record only.

use super::Balance;
use kernel::{LedgerAccountId, Month, PersonId};
use std::fmt;
use std::str::FromStr;

/// One side of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The left.
    Debit,
    /// The right.
    Credit,
}

/// The five classes of double entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// What the pool has or is owed.
    Assets,
    /// What the pool owes.
    Liabilities,
    /// What is left to the partners, and what is set apart of it.
    Equity,
    /// What the pool receives.
    Income,
    /// What the pool spends.
    Expenses,
}

impl Class {
    /// The word a name begins with; plain-text accounting knows each.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Assets => "assets",
            Self::Liabilities => "liabilities",
            Self::Equity => "equity",
            Self::Income => "income",
            Self::Expenses => "expenses",
        }
    }
}

/// A short code of a fund, partner, scheme or provider: lower-case letters, digits and dashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(String);

impl Code {
    /// Longest code, in characters.
    pub const LONGEST: usize = 40;

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Code {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fits = (1..=Self::LONGEST).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        // A code that reads as a person's id or a month would make names ambiguous.
        let other = text.parse::<PersonId>().is_ok() || text.parse::<Month>().is_ok();
        match fits && !other {
            true => Ok(Self(text.to_owned())),
            false => Err(NameError::Code(text.chars().take(Self::LONGEST).collect())),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an account can be of, besides its fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// A partner of the agreement.
    Partner,
    /// A scheme of the plan.
    Scheme,
    /// Who provides care.
    Provider,
    /// Whom it is for.
    Person,
    /// From which source of the agreement the money is.
    Source,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $word:literal $class:ident $side:ident
        needs [$($needs:ident),*] may [$($may:ident),*]);+ $(;)?) => {
        /// What an account is for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum AccountKind { $($(#[$doc])* $kind),+ }

        impl AccountKind {
            /// Every kind, in order.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The text it is kept as and named by.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $word),+ }
            }

            /// Its class.
            pub const fn class(self) -> Class {
                match self { $(Self::$kind => Class::$class),+ }
            }

            /// The side on which it grows.
            pub const fn normal_side(self) -> Side {
                match self { $(Self::$kind => Side::$side),+ }
            }

            /// What it must be of.
            pub const fn needs(self) -> &'static [Dimension] {
                match self { $(Self::$kind => &[$(Dimension::$needs),*]),+ }
            }

            /// What it may be of besides.
            pub const fn may(self) -> &'static [Dimension] {
                match self { $(Self::$kind => &[$(Dimension::$may),*]),+ }
            }
        }
    };
}

kinds! {
    /// Money that the host holds for the fund.
    Cash "cash" Assets Debit needs [] may [];
    /// What a partner owes the fund.
    DueFromPartner "due-from-partner" Assets Debit needs [Partner] may [];
    /// What a person owes towards their care.
    ChargesDue "charges-due" Assets Debit needs [Person] may [];
    /// Invoiced and not paid.
    Payable "payable" Liabilities Credit needs [Provider] may [Scheme];
    /// Care given and not invoiced at the end of a period.
    Accrual "accrual" Liabilities Credit needs [Scheme] may [Provider];
    /// What the fund owes a partner.
    DueToPartner "due-to-partner" Liabilities Credit needs [Partner] may [];
    /// What a person's budget still holds.
    PersonalBudget "personal-budget" Liabilities Credit needs [Person] may [Scheme];
    /// Money whose purpose is not known yet.
    Suspense "suspense" Liabilities Credit needs [] may [];
    /// What a scheme may spend.
    Budget "budget" Equity Credit needs [Scheme] may [];
    /// The other side of the budgets.
    BudgetControl "budget-control" Equity Debit needs [] may [];
    /// Surplus or deficit of earlier years.
    CarriedForward "carried-forward" Equity Credit needs [] may [];
    /// What a partner pays in.
    Contribution "contribution" Income Credit needs [Partner] may [Scheme, Source];
    /// What people pay towards their care.
    Charges "charges" Income Credit needs [Scheme] may [Person];
    /// What is charged on to a partner.
    Recharge "recharge" Income Credit needs [Partner] may [Scheme];
    /// A partner's part of what was spent over the budget.
    RiskShare "risk-share" Income Credit needs [Partner] may [];
    /// What a scheme spends.
    Expenditure "expenditure" Expenses Debit needs [Scheme] may [Provider, Person];
}

/// What an account is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Of {
    /// The pooled fund.
    pub fund: Code,
    /// The partner.
    pub partner: Option<Code>,
    /// The scheme.
    pub scheme: Option<Code>,
    /// The provider.
    pub provider: Option<Code>,
    /// The person.
    pub person: Option<PersonId>,
    /// The month, where an account is for one alone, such as an accrual's.
    pub period: Option<Month>,
    /// The source of the money: code of a contribution of the agreement.
    pub source: Option<Code>,
}

/// What stands before a source in a name: no code has such a character, so that it is never taken for one.
const FROM: &str = "from=";

/// Kind and dimensions of an account: what its name says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// What it is for.
    pub kind: AccountKind,
    /// What it is of.
    pub of: Of,
}

/// Why a text names no account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// A part is no code.
    #[error(
        "`{0}` is no code: up to 40 lower-case letters, digits and dashes, which read neither as an id nor as a month"
    )]
    Code(String),
    /// Class and kind are not known.
    #[error(
        "`{0}` is no kind of account; an account is named like expenses:expenditure:FUND:SCHEME"
    )]
    Kind(String),
    /// Too few or too many parts.
    #[error("{kind} is named by its fund and {needs}")]
    Parts {
        /// The kind.
        kind: &'static str,
        /// What it is named by.
        needs: String,
    },
}

impl Name {
    /// Code of one dimension.
    fn code(&self, dimension: Dimension) -> Option<&Code> {
        match dimension {
            Dimension::Partner => self.of.partner.as_ref(),
            Dimension::Scheme => self.of.scheme.as_ref(),
            Dimension::Provider => self.of.provider.as_ref(),
            Dimension::Source => self.of.source.as_ref(),
            Dimension::Person => None,
        }
    }

    /// Whether it is of what its kind needs and of nothing that its kind may not be of.
    fn check(self) -> Result<Self, NameError> {
        let has = |one: Dimension| match one {
            Dimension::Person => self.of.person.is_some(),
            other => self.code(other).is_some(),
        };
        let (needs, may) = (self.kind.needs(), self.kind.may());
        let all = [
            Dimension::Partner,
            Dimension::Scheme,
            Dimension::Provider,
            Dimension::Person,
            Dimension::Source,
        ];
        let fits = all.iter().all(|one| match has(*one) {
            true => needs.contains(one) || may.contains(one),
            false => !needs.contains(one),
        });
        match fits {
            true => Ok(self),
            false => Err(parts(self.kind)),
        }
    }

    /// A name of a kind and what it is of.
    ///
    /// # Errors
    /// It is not of what its kind needs, or of something that its kind may not be of.
    pub fn new(kind: AccountKind, of: Of) -> Result<Self, NameError> {
        Self { kind, of }.check()
    }
}

/// In which order codes stand in a name.
const CODES: [Dimension; 3] = [Dimension::Partner, Dimension::Scheme, Dimension::Provider];

fn parts(kind: AccountKind) -> NameError {
    let word = |one: &Dimension| match one {
        Dimension::Partner => "partner",
        Dimension::Scheme => "scheme",
        Dimension::Provider => "provider",
        Dimension::Person => "person",
        Dimension::Source => "from=SOURCE",
    };
    let needs: Vec<&str> = kind.needs().iter().map(word).collect();
    let may: Vec<&str> = kind.may().iter().map(word).collect();
    let mut text = match needs.is_empty() {
        true => "nothing else".to_owned(),
        false => needs.join(" and "),
    };
    if !may.is_empty() {
        text.push_str(&format!(", and may have {}", may.join(" and ")));
    }
    NameError::Parts {
        kind: kind.as_str(),
        needs: text,
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (class, kind) = (self.kind.class().word(), self.kind.as_str());
        write!(f, "{class}:{kind}:{}", self.of.fund)?;
        for code in CODES.iter().filter_map(|one| self.code(*one)) {
            write!(f, ":{code}")?;
        }
        if let Some(source) = &self.of.source {
            write!(f, ":{FROM}{source}")?;
        }
        if let Some(person) = self.of.person {
            write!(f, ":{person}")?;
        }
        if let Some(period) = self.of.period {
            write!(f, ":{period}")?;
        }
        Ok(())
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let mut words: Vec<&str> = text.trim().split(':').collect();
        let kind = match words.as_slice() {
            [class, kind, ..] => AccountKind::ALL
                .iter()
                .find(|one| one.as_str() == *kind && one.class().word() == *class),
            _ => None,
        };
        let kind = *kind.ok_or_else(|| NameError::Kind(text.chars().take(80).collect()))?;
        let period = words.last().and_then(|word| word.parse().ok());
        if period.is_some() {
            words.pop();
        }
        let person = words.last().and_then(|word| word.parse().ok());
        if person.is_some() {
            words.pop();
        }
        let source = words.last().and_then(|word| word.strip_prefix(FROM));
        let source = source.map(str::parse).transpose()?;
        if source.is_some() {
            words.pop();
        }
        let fund = words.get(2).ok_or_else(|| parts(kind))?.parse()?;
        let codes = words[3..].iter().map(|word| word.parse());
        let codes = codes.collect::<Result<Vec<Code>, _>>()?;
        let mut name = Self {
            kind,
            of: Of {
                fund,
                partner: None,
                scheme: None,
                provider: None,
                person,
                period,
                source,
            },
        };
        name.give(codes)?;
        name.check()
    }
}

impl Name {
    /// Gives codes to the dimensions in their order: to all that the kind may have, or to those
    /// that it must have.
    fn give(&mut self, codes: Vec<Code>) -> Result<(), NameError> {
        let (needs, may) = (self.kind.needs(), self.kind.may());
        let of = |which: &dyn Fn(&Dimension) -> bool| -> Vec<Dimension> {
            CODES.into_iter().filter(|one| which(one)).collect()
        };
        let must = of(&|one| needs.contains(one));
        let can = of(&|one| needs.contains(one) || may.contains(one));
        let order = match codes.len() {
            count if count == must.len() => must,
            count if count == can.len() => can,
            _ => return Err(parts(self.kind)),
        };
        for (dimension, code) in order.into_iter().zip(codes) {
            match dimension {
                Dimension::Partner => self.of.partner = Some(code),
                Dimension::Scheme => self.of.scheme = Some(code),
                Dimension::Provider => self.of.provider = Some(code),
                Dimension::Person | Dimension::Source => {}
            }
        }
        Ok(())
    }
}

/// What an account's balance may not do. It looks at everything posted and reserved, whatever
/// its date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Anything.
    #[default]
    None,
    /// Debits, with what is reserved, may not exceed credits: no more is spent than is there.
    DebitsNotOverCredits,
    /// Credits, with what is reserved, may not exceed debits.
    CreditsNotOverDebits,
}

impl Limit {
    /// Every limit.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::DebitsNotOverCredits,
        Self::CreditsNotOverDebits,
    ];

    /// The text it is kept as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::DebitsNotOverCredits => "debits",
            Self::CreditsNotOverDebits => "credits",
        }
    }

    /// Reads the text back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == text)
    }

    /// By how many pence a balance is over the limit; nought or less is within it. Wider than an amount, so
    /// that no balance overflows it.
    pub fn over(self, balance: &Balance) -> i128 {
        let debits = i128::from(balance.debits_posted.0);
        let credits = i128::from(balance.credits_posted.0);
        match self {
            Self::None => 0,
            Self::DebitsNotOverCredits => debits + i128::from(balance.debits_pending.0) - credits,
            Self::CreditsNotOverDebits => credits + i128::from(balance.credits_pending.0) - debits,
        }
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: LedgerAccountId,
    /// Its name, which is its own.
    pub name: Name,
    /// What its balance may not do.
    pub limit: Limit,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for text in [
            "assets:cash:bcf",
            "assets:due-from-partner:bcf:east-council",
            "liabilities:payable:bcf:ullathorne-house",
            "liabilities:payable:bcf:reablement:ullathorne-house",
            "liabilities:accrual:bcf:reablement:2026-04",
            "equity:budget:bcf:reablement",
            "income:contribution:bcf:icb:reablement",
            "income:contribution:bcf:icb:from=nhs-minimum",
            "income:contribution:bcf:icb:reablement:from=nhs-minimum",
            "expenses:expenditure:bcf:reablement",
            "expenses:expenditure:bcf:reablement:ullathorne-house:01890a5d-ac96-774b-bcce-b302099a8057",
            "expenses:expenditure:bcf:reablement:01890a5d-ac96-774b-bcce-b302099a8057:2026-04",
        ] {
            assert_eq!(text.parse::<Name>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_names_no_account() {
        for text in [
            "",
            "assets:cash",
            "expenses:cash:bcf",
            "assets:gold:bcf",
            "assets:cash:BCF",
            "assets:cash:bcf:east",
            "expenses:expenditure:bcf",
            "expenses:expenditure:bcf:one:two:three",
            "assets:charges-due:bcf",
            "assets:cash:bcf:01890a5d-ac96-774b-bcce-b302099a8057",
            "assets:cash:2026-04:2026-04",
            "assets:cash:bcf:from=nhs-minimum",
            "income:contribution:bcf:icb:from=",
            "income:contribution:bcf:icb:from=NHS",
            "income:contribution:bcf:from=nhs-minimum",
            "income:contribution:bcf:icb:from=a:from=b",
        ] {
            assert!(text.parse::<Name>().is_err(), "{text}");
        }
        let refused = "expenses:expenditure:bcf".parse::<Name>().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "expenditure is named by its fund and scheme, and may have provider and person"
        );
    }

    #[test]
    fn a_name_is_of_what_its_kind_needs_and_no_more() {
        let of = Of {
            fund: "bcf".parse().unwrap(),
            partner: Some("icb".parse().unwrap()),
            scheme: None,
            provider: None,
            person: None,
            period: None,
            source: None,
        };
        assert!(Name::new(AccountKind::Contribution, of.clone()).is_ok());
        assert!(Name::new(AccountKind::Cash, of.clone()).is_err());
        assert!(Name::new(AccountKind::Expenditure, of).is_err());
    }

    #[test]
    fn each_class_grows_on_its_side_but_for_the_control_account() {
        for kind in AccountKind::ALL {
            let usual = match kind.class() {
                Class::Assets | Class::Expenses => Side::Debit,
                Class::Liabilities | Class::Equity | Class::Income => Side::Credit,
            };
            let contra = *kind == AccountKind::BudgetControl;
            assert_eq!(kind.normal_side() == usual, !contra, "{kind:?}");
        }
    }
}
