//! What is to be planned: carers with their shifts, visits, travel, rules and goals.
//!
//! Time is whole *ticks*; [`Problem::ticks`] says how many make one unit of the file (a
//! minute, where care is planned). Benchmark files need ten million, because their travel
//! times have seven decimals; care needs sixty. All times count from one moment: midnight
//! at the start of the first day.

/// Whole units of time; see [`Problem::ticks`].
pub type Ticks = i64;

/// A time so late that nothing comes after it, and sums with it still fit.
pub const NEVER: Ticks = i64::MAX / 8;

/// Where a problem came from; it decides which words a report uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Home care as a place plans it.
    Care,
    /// Mankowska, Meisel and Bierwirth (2014), home health care routing and scheduling.
    Mankowska,
    /// Vehicle routing with time windows, after Solomon (1987).
    Windows,
}

/// Everything that is to be planned.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What it is called.
    pub name: String,
    /// Where it came from.
    pub kind: Kind,
    /// Ticks in one unit of the file (a minute in care).
    pub ticks: Ticks,
    /// Homes of people and carers.
    pub places: Vec<Place>,
    /// Travel by each mode; carers name theirs by its position.
    pub travel: Vec<Travel>,
    /// Names of skills, zones and providers; visits and carers name them by position.
    pub names: Names,
    /// Who visits.
    pub carers: Vec<Carer>,
    /// When each carer works; in order of carer and time.
    pub shifts: Vec<Shift>,
    /// Whom the visits are to; visits name them by position.
    pub people: Vec<String>,
    /// What is to be done.
    pub visits: Vec<Visit>,
    /// Visits whose times hang together.
    pub links: Vec<Link>,
    /// Rules of working time.
    pub rules: Rules,
    /// What a plan is judged by.
    pub weights: Weights,
}

/// Names that visits and carers refer to by position.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Skills and training.
    pub skills: Vec<String>,
    /// Zones or lots.
    pub zones: Vec<String>,
    /// Who employs carers and has packages.
    pub providers: Vec<String>,
}

/// A place that is travelled to.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// What the file calls it.
    pub id: String,
    /// Latitude and longitude in degrees, where known.
    pub at: Option<(f64, f64)>,
}

/// Travel between all places by one mode; row `from`, column `to`.
#[derive(Clone, Debug)]
pub struct Travel {
    /// `car`, `foot`, `bus` or what the file calls it.
    pub mode: String,
    size: usize,
    ticks: Vec<i32>,
    metres: Vec<u32>,
}

impl Travel {
    /// A table of `size` rows; `metres` may be empty where distance is not known.
    ///
    /// # Errors
    /// In words, if the tables do not have `size` times `size` entries, or a time is negative.
    pub fn new(mode: &str, size: usize, ticks: Vec<i32>, metres: Vec<u32>) -> Result<Self, String> {
        let cells = size * size;
        if ticks.len() != cells || !(metres.is_empty() || metres.len() == cells) {
            return Err(format!(
                "travel by {mode} has {} times where {size} places need {cells}",
                ticks.len()
            ));
        }
        if let Some(at) = ticks.iter().position(|time| *time < 0) {
            return Err(format!(
                "travel by {mode} from place {} to place {} is negative",
                at / size + 1,
                at % size + 1
            ));
        }
        Ok(Self {
            mode: mode.to_owned(),
            size,
            ticks,
            metres,
        })
    }

    /// Ticks on the way.
    pub fn ticks(&self, from: usize, to: usize) -> Ticks {
        Ticks::from(self.ticks[from * self.size + to])
    }

    /// Metres on the way; nil where distance is not known.
    pub fn metres(&self, from: usize, to: usize) -> i64 {
        self.metres
            .get(from * self.size + to)
            .map_or(0, |metres| i64::from(*metres))
    }
}

/// Somebody who visits.
#[derive(Clone, Debug, Default)]
pub struct Carer {
    /// What the file calls them.
    pub id: String,
    /// Positions of their skills, sorted.
    pub skills: Vec<usize>,
    /// Zones they work in; `None` is everywhere.
    pub zones: Option<Vec<usize>>,
    /// Position of their mode of travel.
    pub mode: usize,
    /// Who employs them.
    pub provider: Option<usize>,
    /// Most working time in a week, ticks.
    pub most_a_week: Option<Ticks>,
    /// Working time that their contract gives, ticks; more is overtime.
    pub contracted: Option<Ticks>,
    /// What they are paid; `None` if the plan does not look at pay.
    pub pay: Option<Pay>,
}

/// Pay by the hour, in pence, before mileage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pay {
    /// For time with people.
    pub contact: i64,
    /// For travel between visits.
    pub travel: i64,
    /// For waiting between visits.
    pub waiting: i64,
    /// The least that every working hour has to come to.
    pub least: i64,
}

/// One stretch of work of one carer.
#[derive(Clone, Debug)]
pub struct Shift {
    /// Position of the carer.
    pub carer: usize,
    /// From when.
    pub open: Ticks,
    /// Until when.
    pub close: Ticks,
    /// Where they come from; `None` if that does not matter.
    pub start: Option<usize>,
    /// Where they go after the last visit.
    pub end: Option<usize>,
}

/// Something that is to be done at somebody's home.
#[derive(Clone, Debug)]
pub struct Visit {
    /// What the file calls it.
    pub id: String,
    /// Position of whom it is to.
    pub person: usize,
    /// Position of the place.
    pub place: usize,
    /// Start no earlier; whoever comes before waits.
    pub earliest: Ticks,
    /// Start no later: a plan that does is refused.
    pub latest: Ticks,
    /// A start after this is late and costs by the tick.
    pub due: Ticks,
    /// How long it takes.
    pub length: Ticks,
    /// Carers who come together, 1 or 2.
    pub hands: u8,
    /// Skills that each of them needs, sorted.
    pub skills: Vec<usize>,
    /// 1 life-critical, 2 needed on the day, 3 can be deferred.
    pub priority: u8,
    /// Carers who may not come, sorted.
    pub excluded: Vec<usize>,
    /// Carers who know the person, sorted; they count as no new face.
    pub preferred: Vec<usize>,
    /// The zone it is in.
    pub zone: Option<usize>,
    /// The provider who has it; `None` is any.
    pub provider: Option<usize>,
    /// Carers it is locked to, sorted; empty if it is not locked.
    pub locked: Vec<usize>,
    /// Carers who had it in the plan that is being changed, sorted; empty if there is none.
    pub had: Vec<usize>,
    /// What it takes of a vehicle's capacity; nil in care.
    pub load: i64,
}

/// Two visits whose starts hang together: `least <= start(second) - start(first) <= most`.
/// It binds only while both are in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Position of the first visit.
    pub first: usize,
    /// Position of the second.
    pub second: usize,
    /// Least time from start to start.
    pub least: Ticks,
    /// Most time from start to start.
    pub most: Option<Ticks>,
    /// Neither is worth anything without the other, and two different carers come.
    pub pair: bool,
}

/// Rules of working time. `None` where a rule does not apply.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Whether the ways from and to home are inside the shift and paid.
    pub home_in_shift: bool,
    /// A working day longer than this needs a break.
    pub break_after: Option<Ticks>,
    /// How long the break is.
    pub break_length: Ticks,
    /// Rest between two working days.
    pub daily_rest: Option<Ticks>,
    /// Longest rest that each seven days must have.
    pub weekly_rest: Option<Ticks>,
    /// A gap between visits at least this long is the carer's own time, and not paid.
    pub own_time_from: Option<Ticks>,
    /// How far apart two carers of one visit may start.
    pub together_within: Ticks,
    /// What a vehicle can carry; `None` in care.
    pub capacity: Option<i64>,
}

/// What a plan is judged by: the cost is the sum of figure times weight, over
/// [`Weights::divide_by`].
#[derive(Clone, Debug)]
pub struct Weights {
    /// For each visit left out, by priority 1, 2, 3, in ticks.
    pub unserved: [i64; 3],
    /// For each tick late.
    pub lateness: i64,
    /// For each tick of the latest visit.
    pub worst_lateness: i64,
    /// For each tick of travel that is paid.
    pub travel: i64,
    /// For each tick of waiting that is paid.
    pub waiting: i64,
    /// For each carer of a person beyond the target, in ticks.
    pub new_face: i64,
    /// Carers a person may have at no cost.
    pub faces: usize,
    /// For each tick beyond contract.
    pub overtime: i64,
    /// For each carer of a visit who did not have it in the plan that is being changed, ticks.
    pub moved: i64,
    /// For each kilometre, in ticks.
    pub kilometre: i64,
    /// The whole is divided by this.
    pub divide_by: i64,
}

impl Weights {
    /// The cost of vehicle routing: travel alone, and every visit made.
    pub fn travel_only() -> Self {
        Self {
            unserved: [NEVER >> 12; 3],
            lateness: 0,
            worst_lateness: 0,
            travel: 1,
            waiting: 0,
            new_face: 0,
            faces: usize::MAX,
            overtime: 0,
            moved: 0,
            kilometre: 0,
            divide_by: 1,
        }
    }
}

/// A rule by which a carer may not make a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The visit is locked to others.
    Locked,
    /// The carer is excluded from the person.
    Excluded,
    /// The carer lacks a skill.
    Skill(usize),
    /// The carer does not work in the zone.
    Zone(usize),
    /// Another provider has the package.
    Provider(usize),
}

impl Problem {
    /// Whether a carer may make a visit at all, whatever the time: the first rule that
    /// says no.
    pub fn refusal(&self, carer: usize, visit: usize) -> Option<Refusal> {
        self.refusals(carer, visit).next()
    }

    /// Every rule by which a carer may not make a visit, whatever the time.
    pub fn refusals(&self, carer: usize, visit: usize) -> impl Iterator<Item = Refusal> {
        let (who, what) = (&self.carers[carer], &self.visits[visit]);
        let locked = !what.locked.is_empty() && what.locked.binary_search(&carer).is_err();
        let excluded = what.excluded.binary_search(&carer).is_ok();
        let missing = |skill: &&usize| who.skills.binary_search(skill).is_err();
        let zone = what.zone.filter(|zone| {
            who.zones
                .as_ref()
                .is_some_and(|zones| !zones.contains(zone))
        });
        let provider = what.provider.filter(|has| who.provider != Some(*has));
        locked
            .then_some(Refusal::Locked)
            .into_iter()
            .chain(excluded.then_some(Refusal::Excluded))
            .chain(
                what.skills
                    .iter()
                    .filter(missing)
                    .map(|skill| Refusal::Skill(*skill)),
            )
            .chain(zone.map(Refusal::Zone))
            .chain(provider.map(Refusal::Provider))
    }

    /// A refusal in words, after "its carer" or, of several, "carers".
    pub fn refusal_words(&self, refusal: Refusal, several: bool) -> String {
        let (are, have, do_not) = if several {
            ("are", "do not have", "do not work")
        } else {
            ("is", "does not have", "does not work")
        };
        match refusal {
            Refusal::Locked => format!("{are} not whom the visit is locked to"),
            Refusal::Excluded => format!("{are} excluded from the person"),
            Refusal::Skill(skill) => format!("{have} the skill {}", self.names.skills[skill]),
            Refusal::Zone(zone) => format!("{do_not} in the zone {}", self.names.zones[zone]),
            Refusal::Provider(has) => {
                format!(
                    "{are} not with {}, which has the package",
                    self.names.providers[has]
                )
            }
        }
    }

    /// A time in units of the file.
    pub fn units(&self, ticks: Ticks) -> f64 {
        ticks as f64 / self.ticks as f64
    }

    /// A cost as the file states it.
    pub fn shown_cost(&self, cost: i64) -> f64 {
        let by = self.weights.divide_by as f64;
        self.units(cost) / by
    }

    /// Whether nothing but windows, travel and capacity matters, so that the fast engine
    /// may plan it.
    pub fn windows_only(&self) -> bool {
        self.kind == Kind::Windows && self.links.is_empty()
    }
}
