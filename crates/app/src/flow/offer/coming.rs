//! What is coming to those who provide care: whom they have accepted, what waits for their answer,
//! the steps that are theirs, and what they said that they have free.
//!
//! Nothing is shown here that the pages behind it would not show: a need that is only offered has
//! no name, and one that is accepted has it as far as whoever asks may see it.

use super::ProviderOffer;
use super::provider::who_it_is;
use crate::flow::board::usual_view;
use crate::flow::capacity::ServiceCapacity;
use crate::flow::chain::{WorkRow, WorkWhich};
use crate::{App, Error, Subject};
use ::flow::board_view::BoardView;
use ::flow::offer::OfferState;
use ::person::Person;
use access::{Action, Actor};
use jiff::civil::Date;
use kernel::ServiceId;
use kernel::calendar::days_between;
use store::directory::Kept;
use store::offer::{self as rows, NeedRow, OfferRow};
use store::{Tx, capacity};

/// Somebody whom a service has accepted and whose care has not begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComingLine {
    /// The offer that was accepted.
    pub offer: OfferRow,
    /// The need.
    pub need: NeedRow,
    /// The service.
    pub service: String,
    /// Who it is; `None` where whoever asks may not see that here.
    pub person: Option<Person>,
    /// The day on which care begins.
    pub starts_on: Date,
    /// Days since that day; `None` before it and on it.
    pub late: Option<i64>,
}

/// What is coming to somebody's services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// Accepted and not begun, by the day on which care begins.
    pub coming: Vec<ComingLine>,
    /// Offered and not answered, by when an answer is due. Without names.
    pub asked: Vec<ProviderOffer>,
    /// Open steps that are theirs or are offered to them; `None` for those who work on none.
    pub steps: Option<Vec<WorkRow>>,
    /// Each of their services with what it has free, and how old that is.
    pub capacity: Vec<ServiceCapacity>,
    /// Whether whoever asks answers offers and tells what is free.
    pub answers: bool,
}

/// Most offers that are listed.
const LISTED: u32 = 200;

impl App {
    /// What is coming to the services that somebody's organisation runs. The look is journalled.
    ///
    /// # Errors
    /// Not allowed, a parameter is missing, or the store's.
    pub fn coming(&self, actor: &Actor) -> Result<Coming, Error> {
        let answers = access::decide(actor, Action::AnswerOffer);
        let (allowed, action) = match &answers {
            Ok(allowed) => (*allowed, Action::AnswerOffer),
            Err(_) => (access::decide(actor, Action::SeeBoard)?, Action::SeeBoard),
        };
        let today = self.today();
        let (mut coming, asked, services, figures) = self.store().write(|tx| {
            self.all_move_on(tx)?;
            let services = self.run_by(tx, actor)?;
            let ids: Vec<ServiceId> = services.iter().map(|kept| kept.id).collect();
            let mut coming = Vec::new();
            for (offer, need) in rows::accepted_not_begun(tx, &ids)? {
                let starts_on = offer.starts_on.unwrap_or(need.need.starts_on);
                let late = days_between(starts_on, today);
                coming.push(ComingLine {
                    service: name_of(&services, offer.service),
                    person: self.coming_person(tx, actor, &need)?,
                    starts_on,
                    late: (late > 0).then_some(late),
                    offer,
                    need,
                });
            }
            let mut asked = Vec::new();
            for offer in rows::offers_to(tx, &ids, LISTED)? {
                if !matches!(offer.state, OfferState::Sent | OfferState::Seen) {
                    continue;
                }
                if let Some(need) = rows::need(tx, offer.need)? {
                    asked.push(ProviderOffer {
                        service: name_of(&services, offer.service),
                        offer,
                        need,
                    });
                }
            }
            let subject = Subject {
                thing: "what is coming".to_owned(),
                results: coming.len() + asked.len(),
                ..Subject::default()
            };
            self.looked(tx, actor, allowed, action, subject)?;
            let figures = capacity::standing(tx, None)?;
            Ok::<_, Error>((coming, asked, services, figures))
        })?;
        coming.sort_by_key(|line| (line.starts_on, line.offer.id));
        let steps = match access::decide(actor, Action::WorkSteps) {
            Ok(_) => Some(self.work(actor, WorkWhich::Mine)?.rows),
            Err(_) => None,
        };
        let capacity = services
            .into_iter()
            .map(|kept| {
                let own = figures.iter().filter(|figure| figure.service == kept.id);
                let figures = self.with_ages(own.cloned().collect())?;
                Ok(ServiceCapacity { kept, figures })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Coming {
            coming,
            asked,
            steps,
            capacity,
            answers: answers.is_ok(),
        })
    }

    /// Whether somebody starts with what is coming to them: they answer for a service, or work for
    /// a community provider.
    ///
    /// # Errors
    /// The store's.
    pub fn starts_with_coming(&self, actor: &Actor) -> Result<bool, Error> {
        if access::decide(actor, Action::SeeBoard).is_err() {
            return Ok(access::decide(actor, Action::AnswerOffer).is_ok());
        }
        let Some(own) = actor.organisation else {
            return Ok(false);
        };
        self.store().read(|tx| {
            let family = self.family(tx, own)?;
            Ok(usual_view(tx, actor, &family)? == BoardView::Provider)
        })
    }

    /// Who is coming: as the offer's page says it to those who answer offers, and as the record
    /// is open to others.
    fn coming_person(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        need: &NeedRow,
    ) -> Result<Option<Person>, Error> {
        if access::decide(actor, Action::AnswerOffer).is_ok() {
            return Ok(who_it_is(tx, need)?.0);
        }
        match self.sight(tx, actor, need.person) {
            Ok(sight) => {
                let person = store::person::by_id(tx, sight.person)?;
                Ok(person.map(|person| sight.shown(person)))
            }
            Err(Error::NoTie(_) | Error::NotFound(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

fn name_of(services: &[Kept], id: ServiceId) -> String {
    let found = services.iter().find(|kept| kept.id == id);
    found.map_or_else(String::new, |kept| kept.service.name.clone())
}
