//! Every limit of the product, in one place. Whatever goes over one is refused
//! in words, never cut in silence.

/// Largest file or message taken in, in bytes as it arrived (256 MiB).
pub const ARRIVAL_BYTES: usize = 256 << 20;
/// Largest content of a compressed file once unpacked, in bytes (1 GiB).
pub const UNPACKED_BYTES: u64 = 1 << 30;
/// Largest single record (resource, message, line) in bytes (32 MiB).
pub const RECORD_BYTES: usize = 32 << 20;
/// Deepest nesting of elements or objects in a record.
pub const DEPTH: usize = 64;
/// Most nodes (elements, texts, comments) in one XML document.
pub const XML_NODES: u32 = 8_000_000;
/// Most entries in one bundle.
pub const BUNDLE_ENTRIES: usize = 200_000;
/// Most issues kept for one arrival; the rest are counted.
pub const ISSUES_KEPT: usize = 1_000;
/// Most rows in one sheet of a workbook.
pub const SHEET_ROWS: u32 = 200_000;
/// Most records in one write transaction of a load.
pub const RECORDS_A_TRANSACTION: usize = 500;
/// Most people's rows on one page of a list.
pub const ROWS_A_PAGE: usize = 100;
/// Most cases that one huddle speaks about.
pub const HUDDLE_CASES: usize = 60;
/// Largest form sent to the server, in bytes (256 KiB).
pub const FORM_BYTES: usize = 256 << 10;
/// Largest form with a file in it, in bytes (8 MiB).
pub const FORM_FILE_BYTES: usize = 8 << 20;
/// Longest free text in one field, in characters.
pub const TEXT_CHARACTERS: usize = 10_000;
/// Largest amount of one transfer of the ledger, in pence (ten thousand million pounds).
pub const TRANSFER_PENCE: i64 = 1_000_000_000_000;
/// Most transfers that are posted all or none.
pub const LINKED_TRANSFERS: usize = 1_000;
/// Most commands to the ledger that share one transaction.
pub const LEDGER_COMMANDS: usize = 1_000;
/// Transfers of the ledger after which the lists of their accounts are kept up.
pub const LEDGER_UNLISTED: usize = 1_000;
/// Longest note of a transfer, in characters.
pub const NOTE_CHARACTERS: usize = 200;
