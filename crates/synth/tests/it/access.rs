//! Over a demo place with ties, restrictions and wishes strewn over it by chance, everybody sees
//! exactly what the policy says: of records, lists, counts, searches, the board and every line.

use access::record::{Facts, Part, Refused, Tie, open, shows};
use access::{Actor, Role};
use app::flow::BoardFilter;
use app::person::TimelineFilter;
use app::{App, Error, Settings};
use jiff::SignedDuration;
use kernel::{OrganisationId, PersonId, PlaceId};
use person::relationship::Relationship;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::account::{self, Account};
use store::relationship::{self, Kept};
use store::timeline::{self, NewLine};
use store::wish::{self, Restriction, Wish, WishKind};
use synth::Barsetshire;
use testkit::{FakeClock, Seeded};

/// A small generator: the same numbers each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, number: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % number as u64).unwrap()
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }
}

/// Everything that a decision may rest on, kept beside the store as it was put in.
#[derive(Default)]
struct Said {
    ties: Vec<Kept>,
    restricted: BTreeMap<PersonId, Vec<bool>>,
    wishes: Vec<Wish>,
    heads: BTreeMap<PersonId, PersonId>,
    /// Lines: id, head, source, category, sector, kind.
    lines: Vec<(String, PersonId, [String; 4])>,
}

const CATEGORIES: [&str; 4] = ["", "mental-health", "sexual-health", "safeguarding"];

fn strew(app: &App, place: &Barsetshire, actors: &[Actor], chance: &mut Chance) -> Said {
    let mut said = Said::default();
    let places = &place.organisations;
    let mut holders: Vec<String> = places.all.iter().map(|one| one.id.to_string()).collect();
    holders.truncate(24);
    holders.extend(
        actors
            .iter()
            .filter_map(|a| a.account)
            .map(|id| id.to_string()),
    );
    let now = place.now;
    let hour = SignedDuration::from_hours(1);
    app.store()
        .write(|tx| {
            // Some people have two records.
            for pair in place.people.chunks(9) {
                if let [one, two, ..] = pair {
                    let link = store::identity::Link {
                        id: format!("01890a5d-ac96-774b-bcce-{:012}", said.heads.len())
                            .parse()
                            .unwrap(),
                        kept: one.id,
                        given_up: two.id,
                        moved: vec![two.id],
                        why: "test".to_owned(),
                        made_at: now,
                        made_by: "test".to_owned(),
                        undone: None,
                    };
                    store::identity::link(tx, &link)?;
                    said.heads.insert(two.id, one.id);
                }
            }
            for person in &place.people {
                for _ in 0..chance.below(4) {
                    let kept = Kept {
                        id: app.ids().relationship(),
                        person: person.id,
                        kind: chance.of(&Relationship::ALL),
                        holder: chance.of(&holders),
                        capacity: String::new(),
                        starts_at: chance.of(&[now - hour, now, now + hour]),
                        ends_at: chance.of(&[None, Some(now + hour), Some(now), Some(now - hour)]),
                        follows: format!("test {}", said.ties.len()),
                        made_at: now,
                        made_by: "test".to_owned(),
                    };
                    relationship::put(tx, &kept)?;
                }
                for whole in [true, false] {
                    if chance.one_in(5) {
                        let restriction = Restriction {
                            id: app.ids().restriction(),
                            person: person.id,
                            whole,
                            why: "test".to_owned(),
                            made_at: now,
                            made_by: "test".to_owned(),
                            ended: None,
                        };
                        wish::restrict(tx, &restriction)?;
                        // Some no longer stand.
                        if chance.one_in(3) {
                            wish::unrestrict(tx, restriction.id, now, ("test", "test"))?;
                        }
                    }
                }
                for kind in [WishKind::Objection, WishKind::Agreement, WishKind::Override] {
                    if chance.one_in(3) {
                        let holder = match kind {
                            WishKind::Agreement => chance.of(&holders),
                            _ => String::new(),
                        };
                        let wish = Wish {
                            id: app.ids().wish(),
                            person: person.id,
                            kind,
                            category: chance.of(&CATEGORIES).to_owned(),
                            holder,
                            how: "test".to_owned(),
                            said_at: now,
                            said_by: "test".to_owned(),
                            ended: None,
                        };
                        wish::say(tx, &wish)?;
                        if chance.one_in(4) {
                            wish::end(tx, wish.id, now, "test")?;
                        }
                    }
                }
                for category in CATEGORIES {
                    let source = chance.of(&places.all).name;
                    let line = NewLine {
                        person: Some(person.id),
                        person_key: None,
                        happened_at: Some("2026-01-01"),
                        kind: chance.of(&["Condition", "Care plan", "Flag"]),
                        title: "A line",
                        sector: chance.of(&["nhs", "council", "other"]),
                        source: &source,
                        category,
                        codes: None,
                        received_at: now,
                        shelf: None,
                        stay: None,
                        document: None,
                    };
                    timeline::add(tx, app.ids().timeline(), &line)?;
                }
            }
            read(tx, &mut said)
        })
        .unwrap();
    said
}

/// What is in the store, by the plainest statements there are.
fn read(tx: &mut dyn store::Tx, said: &mut Said) -> Result<(), store::Error> {
    said.heads.clear();
    for row in tx.query("SELECT id, head_id FROM person", &[])? {
        said.heads.insert(row.id(0)?, row.id(1)?);
    }
    for person in said.heads.keys().copied().collect::<Vec<_>>() {
        if said.heads[&person] != person {
            continue;
        }
        said.ties.extend(relationship::of_person(tx, person)?);
        said.wishes.extend(wish::of_person(tx, person)?);
        let restrictions = wish::restrictions_of(tx, person)?;
        let stand = restrictions.iter().filter(|one| one.ended.is_none());
        said.restricted
            .insert(person, stand.map(|one| one.whole).collect());
    }
    for row in tx.query(
        "SELECT id, person_id, source, category, sector, kind FROM timeline \
         WHERE person_id IS NOT NULL",
        &[],
    )? {
        let text = |at: usize| row.text(at).map(str::to_owned);
        let head = said.heads[&row.id::<PersonId>(1)?];
        said.lines
            .push((text(0)?, head, [text(2)?, text(3)?, text(4)?, text(5)?]));
    }
    Ok(())
}

/// An organisation and all that is one with it: ids and names.
fn family(
    place: &Barsetshire,
    of: OrganisationId,
) -> (BTreeSet<String>, Vec<String>, &'static str) {
    let all = &place.organisations.all;
    let own = place.organisations.get(of).unwrap();
    let root = match (own.kind, own.parent) {
        ("team" | "ward", Some(parent)) => parent,
        _ => of,
    };
    let mut ids = BTreeSet::from([root]);
    // A parent always comes before its children.
    for one in all {
        if one.parent.is_some_and(|parent| ids.contains(&parent)) {
            ids.insert(one.id);
        }
    }
    let members: Vec<_> = all.iter().filter(|one| ids.contains(&one.id)).collect();
    let is = |kinds: &[&str]| members.iter().any(|one| kinds.contains(&one.kind));
    let sector = if is(&["council"]) {
        "council"
    } else if is(&["trust", "hospital", "ward", "practice", "board"]) {
        "nhs"
    } else {
        "other"
    };
    (
        ids.iter().map(ToString::to_string).collect(),
        members.iter().map(|one| one.name.clone()).collect(),
        sector,
    )
}

fn facts(said: &Said, place: &Barsetshire, actor: &Actor, head: PersonId, needed: bool) -> Facts {
    let (mut holders, own, sector) = family(place, actor.organisation.unwrap());
    holders.extend(actor.account.map(|id| id.to_string()));
    let of_head = |person: PersonId| said.heads[&person] == head;
    let now = place.now;
    let live = said.ties.iter().filter(|tie| {
        of_head(tie.person)
            && holders.contains(&tie.holder)
            && tie.starts_at <= now
            && tie.ends_at.is_none_or(|end| end > now)
    });
    let standing = |kind: WishKind| {
        let mut found: Vec<&Wish> = said.wishes.iter().collect();
        found.retain(|one| of_head(one.person) && one.kind == kind && one.ended.is_none());
        found
    };
    let overrides: Vec<String> = standing(WishKind::Override)
        .iter()
        .map(|one| one.category.clone())
        .collect();
    let set_aside = |category: &String| overrides.iter().any(|o| o.is_empty() || o == category);
    let objections: Vec<String> = standing(WishKind::Objection)
        .iter()
        .map(|one| one.category.clone())
        .collect();
    let overridden = !objections.is_empty() && objections.iter().all(set_aside);
    Facts {
        restricted: said.restricted[&head].contains(&true),
        hidden_address: said.restricted[&head].contains(&false),
        objections: objections
            .into_iter()
            .filter(|one| overridden || !set_aside(one))
            .collect(),
        overridden,
        agreement_needed: needed,
        agreed: standing(WishKind::Agreement)
            .iter()
            .any(|one| holders.contains(&one.holder)),
        sector: sector.to_owned(),
        own,
        carer_kinds: None,
        ties: live
            .map(|tie| Tie {
                kind: tie.kind,
                capacity: tie.capacity.clone(),
                ends_at: tie.ends_at,
            })
            .collect(),
    }
}

fn actors(app: &App, place: &Barsetshire) -> Vec<Actor> {
    let places = &place.organisations;
    let practice = places.practice(&places.practices[0].0).unwrap();
    [
        (Role::HubLead, places.hub),
        (Role::Practitioner, places.hospital_team),
        (Role::Practitioner, places.acute_wards[0].1),
        (Role::Practitioner, practice),
        (Role::Practitioner, places.home_care[0]),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, (role, organisation))| {
        let account = Account {
            id: app.ids().account(),
            username: format!("account{at}"),
            display_name: format!("Account {at}"),
            role: role.as_str().to_owned(),
            organisation,
            organisation_name: String::new(),
            password_hash: String::new(),
        };
        app.store()
            .write(|tx| account::insert(tx, &account))
            .unwrap();
        Actor {
            account: Some(account.id),
            username: account.username,
            display_name: account.display_name,
            role,
            organisation: Some(organisation),
            organisation_name: places.name(organisation).to_owned(),
        }
    })
    .collect()
}

/// Ids of the lines that somebody is shown, over all pages.
fn lines_shown(app: &App, actor: &Actor, person: PersonId) -> Result<BTreeSet<String>, Error> {
    let mut ids = BTreeSet::new();
    for page in 1.. {
        let filter = TimelineFilter {
            page,
            ..TimelineFilter::default()
        };
        let found = app.person(actor, person, &filter)?;
        ids.extend(found.timeline.iter().map(|line| line.id.to_string()));
        if !found.more {
            let counted = usize::try_from(found.seen.all()).unwrap();
            assert_eq!(counted, ids.len(), "counts agree");
            return Ok(ids);
        }
    }
    Ok(ids)
}

fn on_the_board(app: &App, actor: &Actor) -> (BTreeSet<String>, i64) {
    let mut stays = BTreeSet::new();
    for page in 1.. {
        let board = app.board(actor, &BoardFilter::default(), page).unwrap();
        stays.extend(board.rows.iter().map(|row| row.line.stay.to_string()));
        if page >= board.pages {
            let open = board.counts.open;
            assert_eq!(board.fitting, open);
            return (stays, open);
        }
    }
    (stays, 0)
}

fn everybody_sees_what_the_policy_says(needed: bool) {
    let config = synth::Config {
        open_stays: Some(25),
        ..crate::config(90, 5)
    };
    let place = Barsetshire::make(&config).unwrap();
    let kept = testkit::location();
    let parameters = include_str!("../../../../policy/parameters/person.csv");
    let (no, yes) = (
        "access.other_sector_agreement,England,2010-01-01,,no,",
        "access.other_sector_agreement,England,2010-01-01,,yes,",
    );
    assert!(parameters.contains(no));
    let parameters = parameters.replace(no, if needed { yes } else { no });
    let app = App::open(Settings {
        location: kept.location.clone(),
        place: PlaceId::new("barsetshire").unwrap(),
        clock: Arc::new(FakeClock::at(place.now)),
        randomness: Box::new(Seeded(1)),
        policy: Arc::new(
            flow::Policy::from_texts(&[("parameters/person.csv", &parameters)]).unwrap(),
        ),
    })
    .unwrap();
    synth::fill::fill(&app, &place).unwrap();
    let actors = actors(&app, &place);
    let said = strew(&app, &place, &actors, &mut Chance(0x9e37_79b9_7f4a_7c15));
    let heads: Vec<PersonId> = said
        .heads
        .iter()
        .filter(|(id, head)| id == head)
        .map(|(id, _)| *id)
        .collect();
    let (mut outcomes, mut withheld) = ([0; 3], 0);
    for actor in &actors {
        let mut may_open = BTreeSet::new();
        for &head in &heads {
            let facts = facts(&said, &place, actor, head, needed);
            let wanted = open(actor.role, &facts);
            let shown = lines_shown(&app, actor, head);
            let about = format!("{} and {head}: {facts:?}", actor.organisation_name);
            match (wanted, shown) {
                (Ok(()), Ok(shown)) => {
                    may_open.insert(head);
                    outcomes[0] += 1;
                    let of = said.lines.iter().filter(|(_, of, _)| *of == head);
                    let mut all = 0;
                    let expected: BTreeSet<String> = of
                        .inspect(|_| all += 1)
                        .filter(|(_, _, [source, category, sector, kind])| {
                            let part = Part {
                                source,
                                category,
                                sector,
                                kind,
                            };
                            shows(actor.role, &facts, part)
                        })
                        .map(|(id, ..)| id.clone())
                        .collect();
                    withheld += all - expected.len();
                    assert_eq!(shown, expected, "{about}");
                }
                (Err(Refused::NoTie), Err(Error::NoTie(_))) => outcomes[1] += 1,
                (Err(Refused::Unknown), Err(Error::NotFound(_))) => outcomes[2] += 1,
                (wanted, shown) => panic!("{about}: {wanted:?}, {shown:?}"),
            }
            found_as_said(&app, &place, actor, head, &facts, wanted);
        }
        let (board, counted) = on_the_board(&app, actor);
        let open: BTreeSet<String> = place
            .stays
            .iter()
            .filter(|one| one.stay.discharged_on.is_none())
            .filter(|one| may_open.contains(&said.heads[&one.stay.person]))
            .map(|one| one.stay.id.to_string())
            .collect();
        assert_eq!(board, open, "the board of {}", actor.organisation_name);
        assert_eq!(usize::try_from(counted).unwrap(), open.len());
    }
    assert!(
        outcomes.iter().all(|count| *count > 20) && withheld > 100,
        "each outcome came often: {outcomes:?}, {withheld} lines withheld"
    );
}

/// A search by NHS number finds whom the policy lets be known of, and says no more.
fn found_as_said(
    app: &App,
    place: &Barsetshire,
    actor: &Actor,
    head: PersonId,
    facts: &Facts,
    wanted: Result<(), Refused>,
) {
    let one = place.people.iter().find(|one| one.id == head).unwrap();
    let Some(number) = one.nhs_number else { return };
    let hits = app.find_person(actor, &number.spaced()).unwrap();
    let tie = hits.iter().find(|hit| hit.found.id == head);
    let expected = match wanted {
        Ok(()) => Some(true),
        Err(Refused::NoTie) => Some(false),
        Err(Refused::Unknown) => None,
    };
    assert_eq!(tie.map(|hit| hit.tie), expected, "{facts:?}");
    if let Some(hit) = tie.filter(|hit| !hit.tie || facts.hidden_address) {
        assert_eq!(hit.found.address, "");
    }
}

#[test]
fn scope_and_policy_agree_over_the_demo_place() {
    everybody_sees_what_the_policy_says(false);
}

#[test]
fn scope_and_policy_agree_where_people_are_asked_first() {
    everybody_sees_what_the_policy_says(true);
}

#[test]
fn the_demo_place_has_what_is_to_be_minded() {
    let place = Barsetshire::make(&crate::config(600, 3)).unwrap();
    let kept = testkit::location();
    let app = crate::fill::open(&place, &kept);
    synth::fill::fill(&app, &place).unwrap();
    let count = |sql: &str| {
        let read = |tx: &mut dyn store::Tx| tx.query(sql, &[])?[0].int(0);
        app.store().read(read).unwrap()
    };
    for (table, least) in [
        ("restriction", 4),
        ("wish", 5),
        ("hub_hospital", 2),
        ("relationship", 600),
    ] {
        let found = count(&format!("SELECT COUNT(*) FROM {table}"));
        assert!(found >= least, "{table}: {found}");
    }
}
