//! Notices between hospital and council under Schedule 3 of the Care Act 2014
//! and the responses to them (RULES B.2), as the messages carry them.

use crate::text_enum;
use jiff::Timestamp;
use jiff::civil::Date;
use kernel::NoticeId;

text_enum! {
    /// The ten kinds of message.
    NoticeKind {
        /// The person has been or will be admitted.
        Admission = "admission",
        /// The council is asked to assess.
        Assessment = "assessment",
        /// The council accepts the assessment notice.
        AssessmentAccept = "assessment accept",
        /// The council rejects the assessment notice.
        AssessmentReject = "assessment reject",
        /// The council is told the proposed day of discharge.
        Discharge = "discharge",
        /// The council accepts the discharge notice.
        DischargeAccept = "discharge accept",
        /// The council rejects the discharge notice.
        DischargeReject = "discharge reject",
        /// One or all notices are withdrawn.
        Withdrawal = "withdrawal",
        /// The council accepts the withdrawal.
        WithdrawalAccept = "withdrawal accept",
        /// The council rejects the withdrawal.
        WithdrawalReject = "withdrawal reject",
    }
}

impl NoticeKind {
    /// The kind of line it gives to the person's timeline.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Admission => "Admission notice",
            Self::Assessment => "Assessment notice",
            Self::Discharge => "Discharge notice",
            Self::Withdrawal => "Withdrawal notice",
            Self::AssessmentAccept
            | Self::AssessmentReject
            | Self::DischargeAccept
            | Self::DischargeReject
            | Self::WithdrawalAccept
            | Self::WithdrawalReject => "Answer to a notice",
        }
    }

    /// What its sender did by it, in words.
    pub const fn told(self) -> &'static str {
        match self {
            Self::Admission => "The hospital told the council of the admission",
            Self::Assessment => "The hospital asked the council to assess",
            Self::AssessmentAccept => "The council accepted the assessment notice",
            Self::AssessmentReject => "The council rejected the assessment notice",
            Self::Discharge => "The hospital told the council the day of discharge",
            Self::DischargeAccept => "The council accepted the discharge notice",
            Self::DischargeReject => "The council rejected the discharge notice",
            Self::Withdrawal => "The hospital withdrew a notice",
            Self::WithdrawalAccept => "The council accepted the withdrawal",
            Self::WithdrawalReject => "The council rejected the withdrawal",
        }
    }
}

text_enum! {
    /// Where a notice stands.
    NoticeStatus {
        /// Sent; no answer yet.
        Sent = "sent",
        /// Accepted by the other side.
        Accepted = "accepted",
        /// Rejected by the other side.
        Rejected = "rejected",
        /// Withdrawn by the sender.
        Withdrawn = "withdrawn",
        /// It is itself an answer and is complete.
        Answer = "answer",
        /// It answers a notice that has not arrived yet.
        Unmatched = "unmatched",
    }
}

/// A notice or response that belongs to a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// The message's own id: a repeat of it changes nothing.
    pub message_id: String,
    /// Kind of message.
    pub kind: NoticeKind,
    /// When it was sent, by the sender's clock.
    pub sent_at: Timestamp,
    /// When it arrived here.
    pub received_at: Timestamp,
    /// ODS code of the sender.
    pub sender: String,
    /// ODS code of the receiver.
    pub receiver: String,
    /// Proposed or expected day of discharge.
    pub proposed_on: Option<Date>,
    /// Message id of the notice this one answers or withdraws.
    pub responds_to: Option<String>,
    /// Where it stands.
    pub status: NoticeStatus,
    /// Reason given, in words.
    pub reason: Option<String>,
    /// Free text that came with it.
    pub free_text: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receive::answers;

    #[test]
    fn a_line_is_an_answer_where_its_notice_answers_another() {
        for &kind in NoticeKind::ALL {
            let answer = kind.line() == "Answer to a notice";
            assert_eq!(answer, answers(kind).is_some(), "{kind}");
        }
    }
}
