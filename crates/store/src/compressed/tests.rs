use super::*;
use proptest::prelude::*;

/// A record as it may come, longer than what a dictionary alone would make of it.
const RECORD: &str = r#"{"resourceType":"Observation","id":"1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6","display":"Systolic blood pressure"}]},"subject":{"reference":"urn:uuid:0190e4ad-0000-7000-8000-000000000001"}}"#;

fn round(bytes: &[u8]) -> Vec<u8> {
    let kept = keep(bytes).unwrap();
    assert!(open(kept.clone()).unwrap() == bytes);
    assert!(open_known(kept.clone(), &Sha256::digest(bytes)).unwrap() == bytes);
    kept
}

#[test]
fn what_shrinks_is_compressed_and_what_does_not_is_kept_as_it_came() {
    let xml = RECORD.replace(['{', '}'], "<") + &"<a/>".repeat(90);
    let long = RECORD.repeat(1_000);
    for text in [RECORD, &xml, &long] {
        let kept = round(text.as_bytes());
        assert!(kept.starts_with(&MAGIC) && kept.len() * 2 < text.len());
    }
    let noise: Vec<u8> = (0..4u8)
        .flat_map(|n| Sha256::digest([n]).to_vec())
        .collect();
    for bytes in [&b""[..], b"x", &MAGIC[..3], &noise] {
        assert_eq!(round(bytes), bytes);
    }
}

#[test]
fn content_that_begins_as_a_frame_is_always_compressed() {
    let mut file = Compressor::new(3).unwrap();
    let sent = file.compress(&RECORD.as_bytes().repeat(3)).unwrap();
    let long = file.compress(&vec![7; 9 << 20]).unwrap();
    for bytes in [
        &MAGIC[..],
        &sent,
        &long,
        &[&MAGIC[..], b"no frame"].concat(),
    ] {
        let kept = round(bytes);
        assert_ne!(kept, bytes);
        assert!(kept.starts_with(&MAGIC));
    }
}

#[test]
fn a_zstd_file_kept_before_content_was_compressed_is_given_back_whole() {
    let sent = Compressor::new(3)
        .unwrap()
        .compress(RECORD.as_bytes())
        .unwrap();
    let hash = Sha256::digest(&sent);
    assert_eq!(open_known(sent.clone(), &hash).unwrap(), sent);
}

#[test]
fn a_record_says_which_dictionary_it_was_made_with() {
    let kept = keep(RECORD.as_bytes()).unwrap();
    let number = zstd_safe::get_dict_id_from_frame(&kept).unwrap();
    let latest = zstd_safe::get_dict_id_from_dict(DICTIONARIES.last().unwrap());
    assert_eq!(Some(number), latest);
    assert_eq!(READY.len(), DICTIONARIES.len(), "each can be read");
    let numbers: std::collections::BTreeSet<u32> = READY.iter().map(|one| one.0).collect();
    assert_eq!(numbers.len(), READY.len(), "and has a number of its own");
}

/// A frame of each dictionary, kept for ever: the store must always read it.
#[test]
fn frames_of_every_dictionary_that_ever_was_are_read() {
    let frames: &[&str] = &[FIRST];
    assert_eq!(frames.len(), DICTIONARIES.len(), "one for each");
    for frame in frames {
        let bytes: Vec<u8> = (0..frame.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&frame[at..at + 2], 16).unwrap())
            .collect();
        assert_eq!(open(bytes).unwrap(), RECORD.as_bytes());
    }
}

/// [`RECORD`] as it was first kept, with `records-1.dictionary`.
const FIRST: &str = "28b52ffd277896d729e60d020023820523233cf0eceedceeaeedeece9259758ff7c648140e0610fc61420f245f63d35754dcd87403da19aae9a691e950cd27bfdd4ad200a482587f7fd010e52e17611e0a08";

#[test]
fn a_frame_that_cannot_be_read_says_why_and_takes_no_more_memory_than_is_taken_in() {
    let refused = |frame: Vec<u8>| open(frame).unwrap_err().to_string();
    let whole = keep(RECORD.as_bytes()).unwrap();
    assert!(refused(whole[..whole.len() - 5].to_vec()).ends_with("it is damaged"));
    // A dictionary of number 0xffffffff; sizes of eight bytes: one of nearly 2^64, one of none.
    let header = |descriptor: u8, rest: &[u8]| [&MAGIC[..], &[descriptor], rest].concat();
    let foreign = header(0x23, &[0xff, 0xff, 0xff, 0xff, 1, 1, 0, 0]);
    assert!(refused(foreign).ends_with("a dictionary that is not one of ours"));
    let vast = header(
        0xe0,
        &[0xff; 7].iter().chain(&[0x0f]).copied().collect::<Vec<_>>(),
    );
    assert!(refused(vast).ends_with("larger than what is taken in"));
    let unsaid = header(0x00, &[0x00, 1, 0, 0]);
    assert!(refused(unsaid).ends_with("it does not say how large it was"));
    assert!(refused(MAGIC.to_vec()).ends_with("it does not say how large it was"));
    // Two frames, of which the first alone was kept.
    assert!(refused([whole.clone(), whole].concat()).ends_with("it is damaged"));
}

/// Whichever bit of a frame is flipped, nothing but what came is ever given back. Without its
/// beginning it is taken for content of its own, which the hash beside it tells.
#[test]
fn no_flipped_bit_gives_other_content() {
    for content in [RECORD.to_owned(), RECORD.repeat(400)] {
        let kept = keep(content.as_bytes()).unwrap();
        let mut found = 0;
        for bit in 0..kept.len() * 8 {
            let mut frame = kept.clone();
            frame[bit / 8] ^= 1 << (bit % 8);
            match open(frame.clone()) {
                Ok(bytes) if bit < 32 => assert_eq!(bytes, frame),
                Ok(bytes) => assert!(bytes == content.as_bytes(), "bit {bit}"),
                Err(Error::Compressed(_)) => found += 1,
                Err(other) => panic!("bit {bit}: {other}"),
            }
        }
        assert!(found > kept.len() * 6, "{found} of {} bits", kept.len() * 8);
    }
}

proptest! {
    #[test]
    fn any_bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), magic: bool, times in 1..200usize) {
        let mut content = if magic { MAGIC.to_vec() } else { Vec::new() };
        content.extend(bytes.repeat(times));
        round(&content);
    }

    /// No bytes make it panic, or unpack to more than they say.
    #[test]
    fn any_frame_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let frame = [&MAGIC[..], &bytes].concat();
        if let Err(error) = open(frame) {
            prop_assert!(matches!(error, Error::Compressed(_)));
        }
    }
}
