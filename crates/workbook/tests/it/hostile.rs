//! Files that are cut, damaged or made to do harm: an answer in words every time.

use crate::build::{usual, xlsx};
use crate::shared;
use workbook::dtoc;

/// A small sequence of numbers that looks random and is the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// Damages a file in many ways; whatever comes back must be an answer, and a file
/// cut short must never pass for whole.
fn damage(whole: &[u8], rounds: usize) {
    let mut dice = Dice(7);
    for round in 0..rounds {
        let mut bytes = whole.to_vec();
        match round % 4 {
            0 => bytes.truncate(dice.roll(whole.len())),
            1 => {
                for _ in 0..=dice.roll(20) {
                    let at = dice.roll(bytes.len());
                    bytes[at] = dice.roll(256) as u8;
                }
            }
            2 => {
                let at = dice.roll(bytes.len() - 4);
                bytes[at..at + 4].fill(0xFF);
            }
            _ => {
                let at = dice.roll(2_000.min(bytes.len()));
                bytes[at] = 0xFF;
            }
        }
        match dtoc::read(&bytes) {
            Ok(book) => assert!(book.areas.len() <= book.records as usize),
            Err(issues) => assert!(!issues.is_empty()),
        }
    }
}

#[test]
fn damaged_new_workbooks() {
    damage(&xlsx(&usual()), 160);
}

#[test]
fn damaged_old_workbooks() {
    let Some(file) = shared("dtoc/raw/LA-Type-B-2019-03.xls", "damaged old workbooks") else {
        return;
    };
    damage(&std::fs::read(file).unwrap(), 80);
}

#[test]
fn old_workbooks_cut_short_are_refused() {
    let Some(file) = shared("dtoc/raw/LA-Type-B-2011-04.xls", "truncated old workbooks") else {
        return;
    };
    let whole = std::fs::read(file).unwrap();
    for part in [2, 3, 10, 50] {
        let issues = dtoc::read(&whole[..whole.len() / part]).unwrap_err();
        assert_eq!(issues[0].code, "workbook-damaged", "1/{part}");
    }
}

#[test]
fn what_is_no_workbook_is_named() {
    for (bytes, code) in [
        (&b"%PDF-1.4"[..], "not-a-workbook"),
        (b"<html><table><tr><td>Region", "not-a-workbook"),
        (b"", "not-a-workbook"),
    ] {
        assert_eq!(dtoc::read_any(bytes).unwrap_err()[0].code, code);
    }
}

#[test]
fn a_workbook_that_says_it_unpacks_to_gigabytes_is_not_opened() {
    let mut bytes = xlsx(&usual());
    let list = bytes
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    bytes[list + 24..list + 28].copy_from_slice(&0xF000_0000_u32.to_le_bytes());
    assert_eq!(
        dtoc::read(&bytes).unwrap_err()[0].code,
        "too-large-unpacked"
    );
}

#[test]
fn cells_at_the_far_corner_take_no_room() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Name").unwrap();
    sheet.write(1_048_575, 16_383, 1).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(dtoc::read(&bytes).unwrap_err()[0].code, "wrong-sheet");
}

#[test]
fn thousands_of_merged_blocks_are_refused() {
    let mut pages = usual();
    pages[0].merged = (0..2_001)
        .map(|row| (row * 2 + 100, 0, row * 2 + 101, 1))
        .collect();
    assert_eq!(
        dtoc::read(&xlsx(&pages)).unwrap_err()[0].code,
        "too-many-cells"
    );
}

#[test]
fn a_workbook_with_a_password_is_named() {
    // The container of an encrypted workbook: a stream called EncryptedPackage.
    let issues = dtoc::read(&container("EncryptedPackage", &[0; 5000])).unwrap_err();
    assert_eq!(issues[0].code, "workbook-password");
    // An old workbook says so in its first records.
    let mut stream = vec![0x09, 0x08, 4, 0, 0, 6, 5, 0, 0x2F, 0, 2, 0, 1, 0];
    stream.resize(5000, 0);
    let issues = dtoc::read(&container("Workbook", &stream)).unwrap_err();
    assert_eq!(issues[0].code, "workbook-password");
    // A Word document is of the same kind of file.
    let issues = dtoc::read(&container("WordDocument", &[0; 5000])).unwrap_err();
    assert_eq!(issues[0].code, "not-a-workbook");
}

#[test]
fn a_chain_that_leads_back_to_itself_ends() {
    let mut bytes = container("Workbook", &[0; 5000]);
    // The chain table is the first sector after the header; loop the stream.
    let second = 512 + 4 * 2;
    bytes[second..second + 4].copy_from_slice(&2_u32.to_le_bytes());
    assert_eq!(dtoc::read(&bytes).unwrap_err()[0].code, "workbook-damaged");
}

/// A compound file with one stream: header, chain table, directory, content.
fn container(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = vec![0_u8; 512];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[0x1E] = 9;
    header[0x20] = 6;
    header[0x2C] = 1;
    header[0x30] = 1;
    header[0x38..0x3C].copy_from_slice(&4096_u32.to_le_bytes());
    header[0x3C..0x40].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    header[0x44..0x48].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    header[0x4C..].fill(0xFF);
    header[0x4C..0x50].fill(0);
    let sectors = content.len().div_ceil(512) as u32;
    let mut chains = vec![0xFFFF_FFFD_u32, 0xFFFF_FFFE];
    chains.extend((0..sectors).map(|n| if n + 1 == sectors { 0xFFFF_FFFE } else { n + 3 }));
    chains.resize(128, 0xFFFF_FFFF);
    let mut directory = entry("Root Entry", 5, 0xFFFF_FFFE, 0);
    directory.extend(entry(name, 2, 2, content.len() as u32));
    directory.resize(512, 0);
    let mut bytes = header;
    bytes.extend(chains.iter().flat_map(|sector| sector.to_le_bytes()));
    bytes.extend(directory);
    bytes.extend(content);
    bytes.resize(512 * (3 + sectors as usize), 0);
    bytes
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> Vec<u8> {
    let mut raw = vec![0_u8; 128];
    for (at, unit) in name.encode_utf16().enumerate() {
        raw[at * 2..at * 2 + 2].copy_from_slice(&unit.to_le_bytes());
    }
    raw[64] = (name.len() as u8 + 1) * 2;
    raw[66] = kind;
    raw[116..120].copy_from_slice(&start.to_le_bytes());
    raw[120..124].copy_from_slice(&size.to_le_bytes());
    raw
}

#[test]
fn the_corpus_of_the_fuzz_target_is_read_or_refused() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/workbook");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let good = path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("ok-");
        let delays = dtoc::read_any(&bytes).is_ok();
        let people = workbook::population::read(&bytes).is_ok();
        assert_eq!(delays || people, good, "{}", path.display());
        files += 1;
    }
    assert!(files >= 8, "{files} files");
}
