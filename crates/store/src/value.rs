//! Values that go to and come from the database: four kinds, no floating point.

use crate::{Error, compressed};
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::{NhsNumber, PlaceId};
use std::str::FromStr;

/// A value in a statement or a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number, an instant in microseconds, pence, or a flag.
    Int(i64),
    /// Text, a date as `YYYY-MM-DD`, or an id.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// The numbered places of a list in a statement, such as `?4, ?5`; its values are put at the end
/// of `values`. Of no items it is the empty text, which is no id or word.
pub(crate) fn listed<V: Into<Value>>(
    values: &mut Vec<Value>,
    items: impl IntoIterator<Item = V>,
) -> String {
    let numbers: Vec<String> = items
        .into_iter()
        .map(|item| {
            values.push(item.into());
            format!("?{}", values.len())
        })
        .collect();
    match numbers.is_empty() {
        true => "''".to_owned(),
        false => numbers.join(", "),
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}
impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}
impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}
impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Text(date.to_string())
    }
}
impl From<Timestamp> for Value {
    fn from(instant: Timestamp) -> Self {
        Self::Int(instant.as_microsecond())
    }
}
impl From<NhsNumber> for Value {
    fn from(number: NhsNumber) -> Self {
        Self::Text(number.to_string())
    }
}
impl From<&PlaceId> for Value {
    fn from(place: &PlaceId) -> Self {
        Self::Text(place.as_str().to_owned())
    }
}
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! from_ids {
    ($($name:ident),+) => {$(
        impl From<kernel::$name> for Value {
            fn from(id: kernel::$name) -> Self {
                Self::Text(id.to_string())
            }
        }
    )+};
}
from_ids!(
    AccountId,
    AgreementId,
    BreakGlassId,
    CapacityId,
    ChainId,
    MeetingId,
    NeedId,
    PlanId,
    OfferId,
    CorrectionId,
    DelegationId,
    DisputeId,
    DocumentId,
    FailedPlacementId,
    FormId,
    HandoverId,
    HuddleId,
    InboxId,
    LedgerAccountId,
    TransferId,
    NoticeId,
    OrganisationId,
    PassportId,
    PersonId,
    PublicationId,
    ReferralId,
    RelationshipId,
    RestrictionId,
    ServiceId,
    ServicePeriodId,
    StatutoryCaseId,
    ActingId,
    WishId,
    LinkId,
    ReviewId,
    SegmentId,
    ShelfId,
    StayId,
    StepId,
    TimelineId
);

/// A row of a query's answer. Columns are numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The columns.
    pub fn values(&self) -> &[Value] {
        &self.0
    }

    /// A text.
    ///
    /// # Errors
    /// The column is missing or is not a text. So for the other readers.
    pub fn text(&self, column: usize) -> Result<&str, Error> {
        self.opt_text(column)?.ok_or(Error::Column {
            column,
            expected: "a text",
        })
    }

    /// A text or nothing.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn opt_text(&self, column: usize) -> Result<Option<&str>, Error> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            _ => Err(Error::Column {
                column,
                expected: "a text or nothing",
            }),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn int(&self, column: usize) -> Result<i64, Error> {
        self.opt_int(column)?.ok_or(Error::Column {
            column,
            expected: "a whole number",
        })
    }

    /// A whole number or nothing.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, Error> {
        match self.0.get(column) {
            Some(Value::Int(number)) => Ok(Some(*number)),
            Some(Value::Null) => Ok(None),
            _ => Err(Error::Column {
                column,
                expected: "a whole number or nothing",
            }),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn bytes(&self, column: usize) -> Result<&[u8], Error> {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(Error::Column {
                column,
                expected: "bytes",
            }),
        }
    }

    /// Content that may be kept compressed, as it came.
    ///
    /// # Errors
    /// As [`Row::text`], or [`Error::Compressed`].
    pub(crate) fn content(&self, column: usize) -> Result<Vec<u8>, Error> {
        compressed::open(self.bytes(column)?.to_vec())
    }

    /// A text read as something: an id, a date, an NHS number.
    ///
    /// # Errors
    /// As [`Row::text`], or the text does not read.
    pub fn parsed<T: FromStr>(&self, column: usize) -> Result<T, Error> {
        self.text(column)?.parse().map_err(|_| Error::Column {
            column,
            expected: "of the form the schema promises",
        })
    }

    /// As [`Row::parsed`], or nothing.
    ///
    /// # Errors
    /// As [`Row::parsed`].
    pub fn opt_parsed<T: FromStr>(&self, column: usize) -> Result<Option<T>, Error> {
        match self.opt_text(column)? {
            None => Ok(None),
            Some(_) => self.parsed(column).map(Some),
        }
    }

    /// An id.
    ///
    /// # Errors
    /// As [`Row::parsed`].
    pub fn id<T: FromStr>(&self, column: usize) -> Result<T, Error> {
        self.parsed(column)
    }

    /// An id or nothing.
    ///
    /// # Errors
    /// As [`Row::parsed`].
    pub fn opt_id<T: FromStr>(&self, column: usize) -> Result<Option<T>, Error> {
        self.opt_parsed(column)
    }

    /// A date.
    ///
    /// # Errors
    /// As [`Row::parsed`].
    pub fn date(&self, column: usize) -> Result<Date, Error> {
        self.parsed(column)
    }

    /// A date or nothing.
    ///
    /// # Errors
    /// As [`Row::parsed`].
    pub fn opt_date(&self, column: usize) -> Result<Option<Date>, Error> {
        self.opt_parsed(column)
    }

    /// An instant, kept as microseconds.
    ///
    /// # Errors
    /// As [`Row::text`], or the number is no instant.
    pub fn instant(&self, column: usize) -> Result<Timestamp, Error> {
        Timestamp::from_microsecond(self.int(column)?).map_err(|_| Error::Column {
            column,
            expected: "an instant",
        })
    }

    /// An instant or nothing.
    ///
    /// # Errors
    /// As [`Row::instant`].
    pub fn opt_instant(&self, column: usize) -> Result<Option<Timestamp>, Error> {
        match self.opt_int(column)? {
            None => Ok(None),
            Some(_) => self.instant(column).map(Some),
        }
    }
}
