//! What the services of Barsetshire have free, and what they are asked: figures of several ages,
//! needs that wait for answers, that were accepted and declined, and care to take up again.

use crate::Barsetshire;
use access::{Actor, Role};
use app::App;
use app::Error;
use app::flow::{About, Asking, NewNeed};
use flow::offer::{Answer, Kind, Slot, TimeOfDay, Unit, Visits, Way};
use jiff::SignedDuration;
use kernel::calendar::add_days;
use kernel::{NeedId, OrganisationId, PersonId, ServiceId, StayId};
use place::service::Typed;
use store::account;
use store::capacity::{self, Figure};

/// Postcode districts of the west and the east.
const WEST: &str = "ZZ1; ZZ2; ZZ3; ZZ4; ZZ5; ZZ6";

/// A service with whoever answers for it.
struct Service {
    id: ServiceId,
    manager: Actor,
}

/// Whoever has a sign-in name.
fn actor(app: &App, username: &str) -> Result<Actor, Error> {
    let found = app
        .store()
        .read(|tx| account::by_username(tx, username))?
        .ok_or(Error::NotFound("account"))?;
    Ok(Actor {
        account: Some(found.id),
        role: Role::parse(&found.role).ok_or(Error::NotFound("role"))?,
        username: found.username,
        display_name: found.display_name,
        organisation: Some(found.organisation),
        organisation_name: found.organisation_name,
    })
}

/// Makes them, by the hub lead with a username.
///
/// # Errors
/// The application's.
pub fn make(app: &App, place: &Barsetshire, lead: &str) -> Result<(), Error> {
    let lead = actor(app, lead)?;
    let organisations = &place.organisations;
    let mut home = Vec::new();
    for (at, id) in organisations.home_care.iter().enumerate() {
        let service = service(app, place, &lead, *id, ("help-at-home", at % 3 == 1))?;
        home_figures(app, place, &service, at)?;
        home.push(service);
    }
    let homes = organisations
        .care_homes
        .iter()
        .map(|id| (id, Kind::Residential));
    let nursing = organisations
        .nursing_homes
        .iter()
        .map(|id| (id, Kind::Nursing));
    for (at, (id, kind)) in homes.chain(nursing).enumerate() {
        let service = service(app, place, &lead, *id, ("care-homes", false))?;
        let free = u32::try_from(at % 4).unwrap_or(0);
        let skills: &[&str] = if at.is_multiple_of(3) {
            &["dementia", "hoist"]
        } else {
            &["hoist"]
        };
        tell(
            app,
            place,
            &service,
            (kind, TimeOfDay::Any, free),
            (skills, at),
        )?;
    }
    needs(app, place, &lead, &home)?;
    community(app, place, &lead)
}

/// The community trust's own service: one person is coming to it, another is asked about.
fn community(app: &App, place: &Barsetshire, lead: &Actor) -> Result<(), Error> {
    let trust = place.organisations.community_trust;
    let service = service(app, place, lead, trust, ("help-at-home", false))?;
    let kind = Kind::Reablement;
    tell(
        app,
        place,
        &service,
        (kind, TimeOfDay::Any, 4),
        (&["medicines", "catheter"], 2),
    )?;
    for (at, (stay, _, zone)) in on_the_way(place).skip(WORDS.len()).take(2).enumerate() {
        let new = NewNeed {
            kind: Some(kind),
            skills: Vec::new(),
            ..wanted(place, WORDS.len() - 1, &zone)
        };
        let need = app.write_need(lead, About::Stay(stay), &new)?;
        let page = app.need(lead, need)?;
        if !page.can.iter().any(|one| one.kept.id == service.id) {
            continue;
        }
        let asking = Asking {
            way: Way::Parallel,
            services: vec![service.id],
        };
        app.offer_need(lead, (need, page.row.version), &asking)?;
        let offers = app.need(lead, need)?.offers;
        if let (0, Some(line)) = (at, offers.first()) {
            let answer = Answer::Accept {
                starts_on: add_days(place.today, 1),
            };
            app.answer_offer(&service.manager, line.offer.id, &answer)?;
        }
    }
    Ok(())
}

fn service(
    app: &App,
    place: &Barsetshire,
    lead: &Actor,
    id: OrganisationId,
    (need, west): (&str, bool),
) -> Result<Service, Error> {
    let organisations = &place.organisations;
    let name = organisations.name(id).to_owned();
    let number = organisations
        .all
        .iter()
        .position(|one| one.id == id)
        .unwrap_or(0);
    let typed = Typed {
        name: name.clone(),
        organisation: name.clone(),
        organisation_code: organisations.code(id).to_owned(),
        what: match need {
            "care-homes" => "A care home: a room of your own, meals and care day and night.",
            _ => "Care workers visit you at home and help you to wash, dress, eat and take medicines.",
        }
        .to_owned(),
        needs: need.to_owned(),
        areas: if west { WEST } else { "everywhere" }.to_owned(),
        how: "Call, or ask the council.".to_owned(),
        who_for: "Adults who need care.".to_owned(),
        referral: "self; carer; professional".to_owned(),
        telephone: format!("01632 960 {:03}", 400 + number % 500),
        cost: "Depends on your needs and your means.".to_owned(),
        ..Typed::default()
    };
    let service = app.add_service(lead, &typed)?;
    let manager = place.staff.all.iter().find(|one| one.organisation == id);
    Ok(Service {
        id: service,
        manager: Actor {
            account: None,
            username: format!("manager {}", organisations.code(id)),
            display_name: manager.map_or("The manager", |one| one.name).to_owned(),
            role: Role::Provider,
            organisation: Some(id),
            organisation_name: name,
        },
    })
}

fn home_figures(app: &App, place: &Barsetshire, service: &Service, at: usize) -> Result<(), Error> {
    let kind = Kind::HomeCare;
    let many = |low: usize| u32::try_from(low + at % 4).unwrap_or(0);
    let basic: &[&str] = &["medicines"];
    let more: &[&str] = &["medicines", "hoist", "dementia", "catheter"];
    let skills = if at.is_multiple_of(2) { more } else { basic };
    tell(
        app,
        place,
        service,
        (kind, TimeOfDay::Morning, many(1)),
        (skills, at),
    )?;
    tell(
        app,
        place,
        service,
        (kind, TimeOfDay::Tea, many(2)),
        (skills, at),
    )?;
    if at.is_multiple_of(2) {
        tell(
            app,
            place,
            service,
            (kind, TimeOfDay::Any, many(4)),
            (more, at),
        )?;
    }
    Ok(())
}

/// A figure, told some hours ago: some are old.
fn tell(
    app: &App,
    place: &Barsetshire,
    service: &Service,
    (kind, time, free): (Kind, TimeOfDay, u32),
    (skills, at): (&[&str], usize),
) -> Result<(), Error> {
    let ages = [1, 3, 5, 8, 20, 30, 2, 75];
    let hours = ages.get(at % ages.len()).copied().unwrap_or(1);
    let figure = Figure {
        service: service.id,
        slot: Slot {
            id: app.ids().capacity(),
            kind,
            zone: String::new(),
            time,
            unit: if kind.is_bed() {
                Unit::Beds
            } else {
                Unit::Visits
            },
            free,
            skills: skills.iter().map(|one| (*one).to_owned()).collect(),
        },
        told_at: place.now - SignedDuration::from_hours(hours),
        told_by: format!(
            "{}, {}",
            service.manager.display_name, service.manager.organisation_name
        ),
        ended_at: None,
        version: 1,
    };
    app.store()
        .write(|tx| Ok::<_, Error>(capacity::insert(tx, &figure)?))
}

/// Needs in words, without a name; and visits.
const WORDS: [&str; 6] = [
    "Needs help to wash and dress, and a meal put in front of her. Walks with a frame. Clear in her mind.",
    "Transfers with a hoist and two workers. Skin must be looked after. Hard of hearing.",
    "Has dementia and forgets to eat. Does well with a worker who keeps to a routine. A cat lives there.",
    "Takes medicines from a blister pack and must be reminded. Gets breathless on stairs.",
    "Has a catheter; the night bag is changed morning and evening. A key safe is at the door.",
    "Came home well after a fall and wants to cook for herself again within some weeks.",
];

fn wanted(place: &Barsetshire, at: usize, zone: &str) -> NewNeed {
    let visit = |time, minutes| Visits {
        time,
        count: 1,
        minutes,
    };
    let double = at == 1;
    NewNeed {
        kind: Some(Kind::HomeCare),
        zone: zone.to_owned(),
        visits: match at % 3 {
            0 => vec![visit(TimeOfDay::Morning, 45), visit(TimeOfDay::Tea, 30)],
            1 => vec![visit(TimeOfDay::Morning, 45)],
            _ => vec![visit(TimeOfDay::Morning, 30), visit(TimeOfDay::Tea, 30)],
        },
        double_handed: double,
        skills: match at {
            1 => vec!["hoist".to_owned()],
            2 => vec!["dementia".to_owned()],
            4 => vec!["catheter".to_owned()],
            _ => Vec::new(),
        },
        starts_on: Some(add_days(place.today, 1)),
        latest_start: Some(add_days(place.today, 2)),
        funding: ["reablement", "adult-social-care", "chc", "self"][at % 4].to_owned(),
        words: WORDS.get(at).copied().unwrap_or(WORDS[0]).to_owned(),
    }
}

/// People in hospital on the way home with care, with the postcode district of each.
fn waiting(place: &Barsetshire) -> Vec<(StayId, PersonId, String)> {
    on_the_way(place).take(WORDS.len()).collect()
}

fn on_the_way(place: &Barsetshire) -> impl Iterator<Item = (StayId, PersonId, String)> {
    let home = |ready: bool| {
        place.stays.iter().filter(move |one| {
            one.stay.discharged_on.is_none()
                && one.stay.ready_on.is_some() == ready
                && one
                    .stay
                    .pathway
                    .is_some_and(|pathway| pathway.number() == 1)
        })
    };
    // Those who are ready before those for whom care is sought in good time.
    home(true).chain(home(false)).filter_map(|one| {
        let person = place.people.get(one.person_index)?;
        let zone = person.postcode.split_whitespace().next()?;
        Some((one.stay.id, one.stay.person, zone.to_owned()))
    })
}

fn needs(app: &App, place: &Barsetshire, lead: &Actor, home: &[Service]) -> Result<(), Error> {
    for (at, (stay, _, zone)) in waiting(place).into_iter().enumerate() {
        let new = wanted(place, at, &zone);
        // The last but one had care before, which can be taken up again.
        if at == 4 {
            let before = app.write_need(lead, About::Person(person_of(place, stay)), &new)?;
            settle(app, lead, before, home, place, 4)?;
            let version = app.need(lead, before)?.row.version;
            app.start_care(lead, (before, version))?;
            continue;
        }
        let need = app.write_need(lead, About::Stay(stay), &new)?;
        settle(app, lead, need, home, place, at)?;
    }
    Ok(())
}

fn person_of(place: &Barsetshire, stay: StayId) -> PersonId {
    let found = place.stays.iter().find(|one| one.stay.id == stay);
    found.map_or_else(|| place.people[0].id, |one| one.stay.person)
}

/// Asks for a need, and lets some answer.
fn settle(
    app: &App,
    lead: &Actor,
    need: NeedId,
    home: &[Service],
    place: &Barsetshire,
    at: usize,
) -> Result<(), Error> {
    let page = app.need(lead, need)?;
    let services: Vec<ServiceId> = page.can.iter().map(|one| one.kept.id).collect();
    if services.is_empty() || at == 5 {
        return Ok(());
    }
    let asking = Asking {
        way: if at == 2 { Way::InOrder } else { Way::Parallel },
        services,
    };
    app.offer_need(lead, (need, page.row.version), &asking)?;
    let offers = app.need(lead, need)?.offers;
    let by = |service: ServiceId| home.iter().find(|one| one.id == service);
    for (turn, line) in offers.iter().enumerate() {
        let Some(service) = by(line.offer.service) else {
            continue;
        };
        let answer = match (at, turn) {
            // Declined by one, a later day from another; the rest have time left.
            (1, 1) => Answer::Decline {
                reason: "no-staff".to_owned(),
                words: "Two at once in the morning is not possible before Monday.".to_owned(),
            },
            (1, 2) => Answer::Accept {
                starts_on: add_days(place.today, 5),
            },
            (3 | 4, 0) => Answer::Accept {
                starts_on: add_days(place.today, 1),
            },
            _ => continue,
        };
        app.answer_offer(&service.manager, line.offer.id, &answer)?;
    }
    Ok(())
}
