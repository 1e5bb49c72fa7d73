//! Makes ids (UUID version 7) and session tokens from a clock and a random
//! source that are handed in.

use crate::{Clock, lock};
use kernel::{
    AccountId, ActingId, AgreementId, BreakGlassId, CapacityId, ChainId, CorrectionId,
    DelegationId, DisputeId, DocumentId, FailedPlacementId, FormId, HandoverId, HuddleId, InboxId,
    LedgerAccountId, LinkId, MeetingId, NeedId, NoticeId, OfferId, OrganisationId, PassportId,
    PersonId, PlanId, PublicationId, ReferralId, RelationshipId, RestrictionId, ReviewId,
    SegmentId, ServiceId, ServicePeriodId, ShelfId, StatutoryCaseId, StayId, StepId, TimelineId,
    TransferId, WishId,
};
use rand::TryRng;
use std::sync::{Arc, Mutex};

/// A source of random bytes.
pub trait Randomness: Send {
    /// Fills a buffer.
    fn fill(&mut self, buffer: &mut [u8]);
}

/// The operating system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[allow(
        clippy::expect_used,
        reason = "without random bytes no id or token is safe to make"
    )]
    fn fill(&mut self, buffer: &mut [u8]) {
        rand::rngs::SysRng
            .try_fill_bytes(buffer)
            .expect("the operating system gives random bytes");
    }
}

/// Bytes drawn from the source at a time.
const DRAW: usize = 4_096;

struct Pool {
    source: Box<dyn Randomness>,
    bytes: Vec<u8>,
    used: usize,
}

/// Maker of ids.
pub struct Ids {
    clock: Arc<dyn Clock>,
    pool: Mutex<Pool>,
}

macro_rules! makers {
    ($($(#[$doc:meta])* $name:ident -> $id:ident),+ $(,)?) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> $id {
            $id::new(self.uuid())
        }
    )+};
}

impl Ids {
    /// A maker over a clock and a random source.
    pub fn new(clock: Arc<dyn Clock>, source: Box<dyn Randomness>) -> Self {
        Self {
            clock,
            pool: Mutex::new(Pool {
                source,
                bytes: vec![0; DRAW],
                used: DRAW,
            }),
        }
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut pool = lock(&self.pool);
        let pool = &mut *pool;
        if pool.used + N > pool.bytes.len() {
            pool.bytes.resize(DRAW.max(N), 0);
            pool.source.fill(&mut pool.bytes);
            pool.used = 0;
        }
        let mut taken = [0; N];
        taken.copy_from_slice(&pool.bytes[pool.used..pool.used + N]);
        pool.bytes[pool.used..pool.used + N].fill(0);
        pool.used += N;
        taken
    }

    /// Ids of one millisecond come in order too: the twelve bits after it say which 4,096th of it (RFC
    /// 9562, 6.2, method 3). Rows that are made one after the other then lie together in every index.
    fn uuid(&self) -> uuid::Uuid {
        let now = self.clock.now();
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let mut random = self.random::<10>();
        // A clock of whole milliseconds knows no order within one.
        let within = u64::try_from(now.subsec_nanosecond()).unwrap_or(0) % 1_000_000;
        if within > 0 {
            let [.., high, low] = (within * 4_096 / 1_000_000).to_be_bytes();
            (random[0], random[1]) = (high, low);
        }
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }

    makers! {
        /// A new account's id.
        account -> AccountId,
        /// A new agreement's id.
        agreement -> AgreementId,
        /// A new failed placement's id.
        failed_placement -> FailedPlacementId,
        /// A new form's id.
        form -> FormId,
        /// A new referral's id.
        referral -> ReferralId,
        /// A new opening's id.
        break_glass -> BreakGlassId,
        /// A new id of a figure of capacity.
        capacity -> CapacityId,
        /// A new meeting's id.
        meeting -> MeetingId,
        /// A new plan's id.
        plan -> PlanId,
        /// A new need's id.
        need -> NeedId,
        /// A new offer's id.
        offer -> OfferId,
        /// A new correction's id.
        correction -> CorrectionId,
        /// A new invitation's id.
        delegation -> DelegationId,
        /// A new chain's id.
        chain -> ChainId,
        /// A new handover's id.
        handover -> HandoverId,
        /// A new huddle's id.
        huddle -> HuddleId,
        /// A new step's id.
        step -> StepId,
        /// A new dispute's id.
        dispute -> DisputeId,
        /// A new document's id.
        document -> DocumentId,
        /// A new arrival's id.
        inbox -> InboxId,
        /// A new notice's id.
        notice -> NoticeId,
        /// A new organisation's id.
        organisation -> OrganisationId,
        /// A new id of an account of the ledger.
        ledger_account -> LedgerAccountId,
        /// A new transfer's id, where whoever asks has made none.
        transfer -> TransferId,
        /// A new link's id.
        link -> LinkId,
        /// A new passport's id.
        passport -> PassportId,
        /// A new relationship's id.
        relationship -> RelationshipId,
        /// A new restriction's id.
        restriction -> RestrictionId,
        /// A new service's id.
        service -> ServiceId,
        /// A new period of a service's id.
        service_period -> ServicePeriodId,
        /// A new statutory case's id.
        statutory_case -> StatutoryCaseId,
        /// A new id of somebody who acts for a person.
        acting -> ActingId,
        /// A new wish's id.
        wish -> WishId,
        /// A new person's id.
        person -> PersonId,
        /// A new publication's id.
        publication -> PublicationId,
        /// A new review's id.
        review -> ReviewId,
        /// A new delay segment's id.
        segment -> SegmentId,
        /// A new id on the shelf.
        shelf -> ShelfId,
        /// A new stay's id.
        stay -> StayId,
        /// A new timeline line's id.
        timeline -> TimelineId,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{Timestamp, ToSpan};
    use std::sync::atomic::{AtomicI64, Ordering};

    /// A clock that goes on by as many nanoseconds each time it is asked.
    struct Stepping(AtomicI64, i64);

    impl Clock for Stepping {
        fn now(&self) -> Timestamp {
            let nanoseconds = self.0.fetch_add(self.1, Ordering::Relaxed);
            Timestamp::UNIX_EPOCH + 1_800_000_000.seconds() + nanoseconds.nanoseconds()
        }
    }

    fn made(start: i64, step: i64, many: usize) -> Vec<PersonId> {
        let clock = Arc::new(Stepping(AtomicI64::new(start), step));
        let ids = Ids::new(clock, Box::new(SystemRandomness));
        (0..many).map(|_| ids.person()).collect()
    }

    #[test]
    fn ids_come_in_the_order_in_which_they_are_made() {
        // Many in a millisecond, and over the ends of several.
        let all = made(1, 300, 20_000);
        assert!(all.windows(2).all(|two| two[0] < two[1]));
    }

    #[test]
    fn ids_of_a_clock_that_stands_still_differ() {
        let mut all = made(0, 0, 20_000);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 20_000);
    }
}
