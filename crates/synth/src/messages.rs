//! The notices as the messages they came in.

use crate::Barsetshire;
use flow::Notice;

/// File name of a notice's message.
pub(crate) fn file_name(notice: &Notice) -> String {
    let kind = notice.kind.as_str().replace(' ', "-");
    let day = kernel::calendar::local(notice.sent_at).date();
    format!(
        "{kind}-{day}-{}.xml",
        notice.message_id.get(28..).unwrap_or_default()
    )
}

/// The bytes of a notice's message.
pub(crate) fn of_notice(_place: &Barsetshire, _notice: usize) -> Vec<u8> {
    Vec::new()
}
