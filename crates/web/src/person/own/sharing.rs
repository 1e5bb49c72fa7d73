//! Agree, object, the national data opt-out, take it back: what each does is told before it is
//! saved, and said again afterwards.

use super::{START, TO_START};
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::trouble::Trouble;
use crate::{Web, words};
use ::person::category::Categories;
use access::Actor;
use app::person::own::{Choice, Sharing};
use askama::Template;
use store::wish::{Wish, WishKind};

/// One thing that can be said, and how it stands.
struct Row {
    what: String,
    state: String,
    href: String,
}

struct Group {
    heading: &'static str,
    note: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "me/sharing.html")]
struct Page {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    saved: String,
    groups: Vec<Group>,
    set_aside: Vec<String>,
    history: Vec<String>,
}

#[derive(Template)]
#[template(path = "me/choice.html")]
struct ChoicePage {
    shell: Shell,
    back: &'static str,
    back_words: &'static str,
    effects: Vec<String>,
    action: String,
    /// What shall stand afterwards: `yes` or `no`.
    stands: &'static str,
    button: &'static str,
}

/// The word of an address for a choice.
fn word(choice: &Choice) -> String {
    match choice {
        Choice::Object(category) if category.is_empty() => "everything".to_owned(),
        Choice::Object(category) => category.clone(),
        Choice::OptOut => "opt-out".to_owned(),
        Choice::Agree(id) => id.to_string(),
    }
}

fn row(sharing: &Sharing, choice: &Choice, what: String, (yes, no): (&str, &str)) -> Row {
    let standing = sharing
        .wishes
        .iter()
        .find(|wish| wish.ended.is_none() && choice.is(wish));
    let state = match standing {
        Some(wish) => format!(
            "{yes}. You said this on {}.",
            words::date(words::day_of(wish.said_at))
        ),
        None => format!("{no}."),
    };
    Row {
        what,
        state,
        href: format!("/me/sharing/{}", word(choice)),
    }
}

fn groups(sharing: &Sharing) -> Vec<Group> {
    let mut shared = vec![row(
        sharing,
        &Choice::Object(String::new()),
        "All of my record".to_owned(),
        ("Not shared", "Shared"),
    )];
    for category in Categories::builtin().all() {
        let what = words::sentence(&category.words);
        let choice = Choice::Object(category.code.clone());
        let mut row = row(sharing, &choice, what, ("Not shared", "Shared"));
        let nothing = sharing.stands(&Choice::Object(String::new()));
        if nothing && !sharing.stands(&choice) {
            row.state = "Not shared, like all of your record.".to_owned();
        }
        if category.withheld && !sharing.stands(&choice) {
            row.state = "Not shared. This is the rule for everybody.".to_owned();
            row.href = String::new();
        }
        shared.push(row);
    }
    let mut groups = vec![Group {
        heading: "With people who look after you",
        note: String::new(),
        rows: shared,
    }];
    let agreed = |wish: &Wish| wish.kind == WishKind::Agreement && wish.ended.is_none();
    if sharing.asks_first || sharing.wishes.iter().any(agreed) {
        let rows = sharing.organisations.iter().map(|(id, name)| {
            row(
                sharing,
                &Choice::Agree(*id),
                name.clone(),
                ("You agreed", "You have not agreed"),
            )
        });
        groups.push(Group {
            heading: "Between the NHS and the council",
            note: "Here you are asked before the NHS sees what the council wrote, and before the \
                   council sees what the NHS wrote."
                .to_owned(),
            rows: rows.collect(),
        });
    }
    groups.push(Group {
        heading: "For planning and research",
        note: "This is not about your own care.".to_owned(),
        rows: vec![row(
            sharing,
            &Choice::OptOut,
            "National data opt-out".to_owned(),
            ("You opted out", "You have not opted out"),
        )],
    });
    groups
}

/// What a wish was about, as it follows "you".
fn said(sharing: &Sharing, wish: &Wish) -> String {
    let category = Categories::builtin()
        .find(&wish.category)
        .map_or(wish.category.as_str(), |one| one.words.as_str());
    match wish.kind {
        WishKind::Objection if wish.category.is_empty() => {
            "asked that your record is not shared".to_owned()
        }
        WishKind::Objection => format!("asked that {category} records are not shared"),
        WishKind::OptOut => "opted out of planning and research".to_owned(),
        WishKind::Agreement => format!(
            "agreed that {} sees your record",
            sharing.name_of(&wish.holder).unwrap_or("an organisation")
        ),
        WishKind::Override => "asked, and it was set aside".to_owned(),
    }
}

/// A wish with its days, and who wrote it down where it was not the person.
fn history(sharing: &Sharing, wish: &Wish) -> String {
    let day = |at| words::date(words::day_of(at));
    let mut text = format!("On {} you {}.", day(wish.said_at), said(sharing, wish));
    if wish.how != app::person::own::HOW {
        text.push_str(&format!(" {} wrote it down: {}", wish.said_by, wish.how));
        if !text.ends_with('.') {
            text.push('.');
        }
    }
    if let Some((at, who)) = &wish.ended {
        text.push_str(&format!(" It was taken back on {} by {who}.", day(*at)));
    }
    text
}

pub(super) fn page(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let sharing = web.app.own_sharing(actor)?;
    let set_aside = sharing
        .wishes
        .iter()
        .filter(|wish| wish.kind == WishKind::Override)
        .map(|wish| {
            let day = words::date(words::day_of(wish.said_at));
            format!("On {day} by {}: {}", wish.said_by, wish.how)
        })
        .collect();
    let saved = Choice::parse(visit.query.get("saved")).map_or_else(String::new, |choice| {
        confirmed(&sharing, &choice, sharing.stands(&choice))
    });
    shell::ok(&Page {
        shell: Shell::new(web, visit, "Sharing your record", Section::Own),
        back: START,
        back_words: TO_START,
        saved,
        groups: groups(&sharing),
        set_aside,
        history: sharing
            .wishes
            .iter()
            .filter(|wish| wish.kind != WishKind::Override)
            .map(|wish| history(&sharing, wish))
            .collect(),
    })
}

/// What holds from now on.
fn confirmed(sharing: &Sharing, choice: &Choice, stands: bool) -> String {
    let what = named(sharing, choice);
    match (choice, stands) {
        (Choice::Object(_), true) => format!("{what} is not shared from now on."),
        (Choice::Object(_), false) if sharing.stands(&Choice::Object(String::new())) => {
            "Taken back. All of your record is still not shared.".to_owned()
        }
        (Choice::Object(_), false) => format!("{what} is shared again."),
        (Choice::OptOut, true) => "You have opted out. It holds from now on.".to_owned(),
        (Choice::OptOut, false) => "Your opt-out is taken back.".to_owned(),
        (Choice::Agree(_), true) => format!("{what} may see your record from now on."),
        (Choice::Agree(_), false) => format!("{what} is asked to see no more than its own part."),
    }
}

/// What a choice is about, as the beginning of a sentence.
fn named(sharing: &Sharing, choice: &Choice) -> String {
    match choice {
        Choice::Object(category) => match Categories::builtin().find(category) {
            Some(found) => format!("What is about {}", found.words),
            None => "Your record".to_owned(),
        },
        Choice::OptOut => "Your record".to_owned(),
        Choice::Agree(id) => sharing
            .name_of(&id.to_string())
            .unwrap_or("The organisation")
            .to_owned(),
    }
}

fn title(sharing: &Sharing, choice: &Choice, stands: bool) -> String {
    let words = match choice {
        Choice::Object(category) => Categories::builtin()
            .find(category)
            .map_or("all of your record".to_owned(), |one| {
                format!("{} records", one.words)
            }),
        _ => named(sharing, choice),
    };
    match (choice, stands) {
        (Choice::Object(_), true) => format!("Stop sharing {words}"),
        (Choice::Object(_), false) => format!("Share {words} again"),
        (Choice::OptOut, true) => "Opt out of planning and research".to_owned(),
        (Choice::OptOut, false) => "Take back your opt-out".to_owned(),
        (Choice::Agree(_), true) => format!("Let {words} see your record"),
        (Choice::Agree(_), false) => format!("No longer let {words} see your record"),
    }
}

fn effects(sharing: &Sharing, choice: &Choice, stands: bool) -> Vec<String> {
    let everything = Choice::Object(String::new());
    let lines: &[&str] = match (choice, stands) {
        (Choice::Object(category), false)
            if !category.is_empty() && sharing.stands(&everything) =>
        {
            &[
                "All of your record is still not shared, and this with it, until you share that \
                 again.",
                "What you asked before is kept as history.",
            ]
        }
        (Choice::Object(category), true) if category.is_empty() => &[
            "Only whoever wrote a part of your record can see that part. Nobody else can see it.",
            "Somebody who treats you may not know your medicines or allergies. You would have to \
             tell them.",
            "Your carers can no longer see your record here.",
            "Staff can set this aside only to save a life, to keep somebody safe or because a \
             court says so. They must write down why, and you see it.",
            "It begins when you save it. You can share again at any time.",
        ],
        (Choice::Object(_), true) => &[
            "What is about this is hidden from everybody but whoever wrote it, and from your \
             carers.",
            "People who look after you are told that you asked this. They are not told what is \
             hidden.",
            "Staff can set this aside only to save a life, to keep somebody safe or because a \
             court says so. They must write down why, and you see it.",
            "It begins when you save it. You can share again at any time.",
        ],
        (Choice::Object(_), false) => &[
            "People who look after you can see this again when they have a reason.",
            "So can your carers, if it belongs to the parts you let them see.",
            "What you asked before is kept as history.",
        ],
        (Choice::OptOut, true) => &[
            "What names you is not used for planning or research in this place.",
            "Your own care stays the same.",
            "Figures that name nobody, and what the law asks for, are not part of this.",
            "It is written down here and holds for what is done with this record. To opt out \
             everywhere in England, go to nhs.uk/your-nhs-data-matters as well.",
        ],
        (Choice::OptOut, false) => &[
            "What names you may be used for planning and research again, where the law allows it.",
            "If you opted out at nhs.uk/your-nhs-data-matters, that still holds until you change \
             it there.",
        ],
        (Choice::Agree(_), true) => &[
            "They see both what the NHS wrote and what the council wrote about you.",
            "What you asked not to share stays hidden.",
            "You can take this back at any time.",
        ],
        (Choice::Agree(_), false) => &[
            "They see only what their own side wrote.",
            "They may ask you again.",
        ],
    };
    lines.iter().map(|line| (*line).to_owned()).collect()
}

pub(super) fn choice(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let sharing = web.app.own_sharing(actor)?;
    let choice = Choice::parse(visit.param("what")).ok_or(Trouble::NotFound)?;
    if let Choice::Agree(id) = &choice
        && sharing.name_of(&id.to_string()).is_none()
    {
        return Err(Trouble::NotFound);
    }
    let stands = !sharing.stands(&choice);
    shell::ok(&ChoicePage {
        shell: Shell::new(web, visit, title(&sharing, &choice, stands), Section::Own),
        back: "/me/sharing",
        back_words: "Sharing",
        effects: effects(&sharing, &choice, stands),
        action: format!("/me/sharing/{}", word(&choice)),
        stands: if stands { "yes" } else { "no" },
        button: match (&choice, stands) {
            (Choice::Object(_), true) => "Stop sharing",
            (Choice::Object(_), false) => "Share again",
            (Choice::OptOut, true) => "Opt out",
            (_, false) => "Take it back",
            (Choice::Agree(_), true) => "I agree",
        },
    })
}

pub(super) fn choose(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    // Whoever has no such page is not told what there is to choose.
    web.app.own_person(actor)?;
    let choice = Choice::parse(visit.param("what")).ok_or(Trouble::NotFound)?;
    let stands = match visit.form.get("stands") {
        "yes" => true,
        "no" => false,
        _ => return Err(Trouble::NotFound),
    };
    web.app.choose_sharing(actor, &choice, stands)?;
    Ok(shell::see_other(&format!(
        "/me/sharing?saved={}",
        word(&choice)
    )))
}
