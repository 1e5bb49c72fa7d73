//! Places as configurations: each example is read, shared and added up.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{outturn, shares};
use crate::agreement::{in_words, read};
use kernel::Pence;

/// What each partner of a place pays more, by key, in pounds; and what is undecided and stays.
type Expected<'a> = (&'a [(&'a str, i64)], i64, i64);

fn shared(agreement: &str, spent: &str, (expected, undecided, retained): Expected<'_>) {
    let agreement = read(agreement).unwrap();
    let spent = outturn::read(spent, &agreement).unwrap();
    let found = shares(&agreement, &spent).unwrap();
    assert_eq!(found.verify(), Ok(()));
    let paid: Vec<(&str, i64)> = found
        .partners
        .iter()
        .filter(|one| one.share != Pence(0))
        .map(|one| (one.partner.as_str(), one.share.0 / 100))
        .collect();
    assert_eq!(paid, expected);
    let sum = |all: &[super::Held]| all.iter().map(|one| one.amount.0 / 100).sum::<i64>();
    assert_eq!(
        (sum(&found.undecided), sum(&found.retained)),
        (undecided, retained)
    );
    let words = in_words::whole(&agreement);
    for partner in &agreement.partners {
        assert!(words.contains(&partner.name), "{}", partner.name);
    }
}

/// £2 million over £50 million: 1% the host's, 2% by contributions 20, 15, 9 and 6, 1% undecided.
#[test]
fn one_council_with_several_boards() {
    shared(
        include_str!("../../examples/several-boards.toml"),
        "scheme,amount\n1,31000000\n2,21000000\n",
        (
            &[
                ("council", 500_000 + 400_000),
                ("east", 300_000),
                ("mid", 180_000),
                ("west", 120_000),
            ],
            500_000,
            0,
        ),
    );
}

/// Each council bears its own scheme; people with learning disabilities are whose they are.
#[test]
fn one_board_with_several_councils() {
    shared(
        include_str!("../../examples/several-councils.toml"),
        "scheme,amount,origin\nnorth,15200000,\nsouth,14900000,\ncity,10000000,\n\
         ld,8500000,icb\nld,3900000,north\nld,5000000,south\nld,3000000,city\n",
        (
            &[
                ("icb", 500_000),
                ("north", 200_000 - 100_000),
                ("south", -100_000),
            ],
            0,
            0,
        ),
    );
}

/// The districts bear adaptations 62 to 38; the grant for them was spent in full.
#[test]
fn two_tiers_with_the_grant_passed_on() {
    shared(
        include_str!("../../examples/two-tiers.toml"),
        "scheme,amount\n1,27250000\n2,30000000\n3,5100000\n4,900000\n",
        (&[("silverbridge", 62_000), ("plumstead", 38_000)], 0, 0),
    );
}

/// Both delegated budgets go over; what is set aside for the hospital is the health board's.
#[test]
fn a_joint_integration_authority() {
    shared(
        include_str!("../../examples/joint-integration-authority.toml"),
        "scheme,amount\ncare,61000000\ncommunity,90750000\nhospital,40300000\n",
        // 750,000 to the leads by 1,000 to 750; 1 million by 60 to 90; 300,000 of the hospital.
        (
            &[
                ("council", 428_571 + 400_000),
                ("board", 321_428 + 600_000 + 300_000),
            ],
            0,
            0,
        ),
    );
    shared(
        include_str!("../../examples/joint-integration-authority.toml"),
        "scheme,amount\ncare,59000000\ncommunity,90000000\nhospital,40000000\n",
        (&[], 0, -1_000_000),
    );
}

#[test]
fn a_lead_agency() {
    shared(
        include_str!("../../examples/lead-agency.toml"),
        "scheme,amount\nadults,81500000\nchildren,9900000\n",
        (&[("council", -100_000), ("board", 1_500_000)], 0, 0),
    );
}

#[test]
fn a_mandatory_pool_for_care_homes() {
    shared(
        include_str!("../../examples/care-home-pool.toml"),
        "scheme,amount,origin\nhomes,20500000,board\nhomes,17800000,vale\nhomes,12000000,coast\n\
         homes,40000,\n",
        (&[("board", 500_000), ("vale", -200_000)], 40_000, 0),
    );
}

#[test]
fn nine_programmes_of_care() {
    let text = include_str!("../../examples/nine-programmes.toml");
    assert_eq!(read(text).unwrap().schemes.len(), 9);
    let spent = |last: &str| {
        format!(
            "scheme,amount\n1,302000000\n2,60000000\n3,55000000\n4,139000000\n5,50000000\n\
             6,45000000\n7,20000000\n8,10000000\n9,{last}\n"
        )
    };
    shared(text, &spent("40000000"), (&[("trust", 1_000_000)], 0, 0));
    shared(text, &spent("38000000"), (&[], -1_000_000, 0));
}

/// £12.4 million over £620 million: by contributions, councils to 0.5% and the board to 1%.
#[test]
fn a_devolved_region_with_ten_councils() {
    shared(
        include_str!("../../examples/devolved-region.toml"),
        "scheme,amount\nneighbourhood,388000000\nhome,244400000\n",
        (
            &[
                ("icb", 4_000_000),
                ("allington", 20_000),
                ("barchester", 40_000),
                ("courcy", 60_000),
                ("framley", 80_000),
                ("greshamsbury", 100_000),
                ("hogglestock", 120_000),
                ("noningsby", 140_000),
                ("plumstead", 160_000),
                ("silverbridge", 180_000),
                ("ullathorne", 200_000),
            ],
            12_400_000 - 4_000_000 - 1_100_000,
            0,
        ),
    );
}
