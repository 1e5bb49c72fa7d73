//! The store's own invariants, checked by `almoner doctor`, by tests and after a
//! restore: the chain of the journal, every byte that was kept, every reference, and every count.

mod kept;

use crate::{Error, Tx, journal};

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which invariant, in a few words.
    pub check: &'static str,
    /// What is wrong; ids only, no personal data.
    pub what: String,
}

/// A query that must find nothing; its first column names what is wrong.
struct Check {
    name: &'static str,
    sql: &'static str,
}

const CHECKS: &[Check] = &[
    Check {
        name: "an arrival's counts add up",
        sql: "SELECT 'inbox ' || id FROM inbox WHERE place = ?1 AND tries > 0 \
              AND records <> accepted + partly + rejected + repeated",
    },
    Check {
        // Two people may have been given one number: then somebody has said so.
        name: "a person's NHS number is theirs alone",
        sql: "SELECT 'person ' || MIN(id) FROM person WHERE place = ?1 AND nhs_number IS NOT NULL \
              AND id NOT IN (SELECT one_id FROM identity_apart WHERE place = ?1 \
              UNION SELECT other_id FROM identity_apart WHERE place = ?1) \
              GROUP BY nhs_number HAVING COUNT(DISTINCT head_id) > 1",
    },
    Check {
        name: "every record's head is the head of a person",
        sql: "SELECT 'person ' || p.id FROM person p LEFT JOIN person h ON h.place = p.place \
              AND h.id = p.head_id WHERE p.place = ?1 AND (h.id IS NULL OR h.head_id <> h.id)",
    },
    Check {
        name: "every person is filed under the keys by which a record meets them",
        sql: "SELECT 'person ' || id FROM person WHERE place = ?1 AND nhs_number IS NOT NULL \
              AND id NOT IN (SELECT person_id FROM person_key WHERE place = ?1)",
    },
    Check {
        name: "a person has at most one current stay",
        sql: "SELECT 'person ' || person_id FROM stay WHERE place = ?1 AND discharged_on IS NULL \
              GROUP BY person_id HAVING COUNT(*) > 1",
    },
    Check {
        name: "every row of the journal about a person is filed under them",
        sql: "SELECT 'journal row ' || j.sequence FROM journal j JOIN journal_head h \
              ON h.place = j.place WHERE j.place = ?1 AND j.sequence <= h.filed \
              AND j.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal_stretch s \
              JOIN journal_filed f ON f.place = s.place AND f.stretch = s.stretch \
              WHERE s.place = j.place AND s.stretch = (j.sequence - 1) / 32768 \
              AND f.person_id = j.person_id AND f.sequence = j.sequence)",
    },
    Check {
        name: "what is filed under a person is a row of the journal about them",
        sql: "SELECT 'journal row ' || f.sequence FROM journal_filed f JOIN journal_head h \
              ON h.place = f.place LEFT JOIN journal j ON j.place = f.place \
              AND j.sequence = f.sequence WHERE f.place = ?1 \
              AND (j.person_id IS DISTINCT FROM f.person_id OR f.sequence > h.filed \
              OR f.stretch <> (f.sequence - 1) / 32768)",
    },
    Check {
        name: "a stay's dates are in order",
        sql: "SELECT 'stay ' || id FROM stay WHERE place = ?1 AND (discharged_on < admitted_on \
              OR ready_on < admitted_on OR discharged_on < ready_on)",
    },
    Check {
        name: "what the board says a stay waits for is its open delay",
        sql: "SELECT 'stay ' || stay.id FROM stay LEFT JOIN delay_segment \
              ON delay_segment.place = stay.place AND delay_segment.stay_id = stay.id \
              AND delay_segment.superseded_at IS NULL AND delay_segment.ends_on IS NULL \
              WHERE stay.place = ?1 AND (stay.waiting_reason IS DISTINCT FROM \
              delay_segment.code_set || '/' || delay_segment.reason \
              OR stay.waiting_responsible IS DISTINCT FROM delay_segment.responsible \
              OR stay.waiting_organisation_id IS DISTINCT FROM delay_segment.organisation_id)",
    },
    Check {
        name: "a notice and its stay are about one person",
        sql: "SELECT 'notice ' || notice.id FROM notice JOIN stay ON stay.place = notice.place \
              AND stay.id = notice.stay_id WHERE notice.place = ?1 \
              AND stay.person_id <> notice.person_id",
    },
    Check {
        name: "a step that has ended has its moment and one that goes on has a start",
        sql: "SELECT 'step ' || id FROM chain_step WHERE place = ?1 AND \
              ((state IN ('done', 'done elsewhere', 'not needed')) <> (ended_at IS NOT NULL) \
              OR (state IN ('going on', 'waiting') AND started_at IS NULL))",
    },
    Check {
        name: "a chain that is over has no open step",
        sql: "SELECT 'step ' || s.id FROM chain_step s JOIN chain c ON c.place = s.place \
              AND c.id = s.chain_id WHERE s.place = ?1 AND c.over_at IS NOT NULL \
              AND s.state IN ('not started', 'going on', 'waiting')",
    },
    Check {
        name: "a step belongs to whoever last accepted it",
        sql: "SELECT 'step ' || s.id FROM chain_step s JOIN handover h ON h.place = s.place \
              AND h.step_id = s.id AND h.answer = 'accepted' WHERE s.place = ?1 \
              AND s.owner_id IS DISTINCT FROM h.to_id AND NOT EXISTS (SELECT 1 FROM handover l \
              WHERE l.place = h.place AND l.step_id = h.step_id AND l.answer = 'accepted' \
              AND l.answered_at > h.answered_at)",
    },
    Check {
        name: "a chain of a stay is over exactly when the stay is",
        sql: "SELECT 'chain ' || c.id FROM chain c JOIN stay ON stay.place = c.place \
              AND stay.id = c.case_id WHERE c.place = ?1 AND c.kind = 'stay' \
              AND (c.over_at IS NULL) <> (stay.discharged_on IS NULL)",
    },
    Check {
        name: "a superseded delay names what stands in its stead",
        sql: "SELECT 'segment ' || id FROM delay_segment WHERE place = ?1 AND \
              (superseded_at IS NULL) <> (superseded_why IS NULL)",
    },
    Check {
        name: "a timeline line has a person or waits for one",
        sql: "SELECT 'timeline ' || id FROM timeline WHERE place = ?1 \
              AND person_id IS NULL AND person_key IS NULL",
    },
    Check {
        name: "nobody waits on the timeline for a person who is here",
        sql: "SELECT 'timeline ' || timeline.id FROM timeline JOIN person_identifier \
              ON person_identifier.place = timeline.place \
              AND person_identifier.value = timeline.person_key \
              AND person_identifier.system = 'fhir:Patient' \
              WHERE timeline.place = ?1 AND timeline.person_id IS NULL",
    },
    Check {
        name: "the version of a passport that stands is its latest",
        sql: "SELECT 'passport ' || id FROM passport WHERE place = ?1 AND version <> \
              (SELECT COALESCE(MAX(number), 0) FROM passport_version v \
              WHERE v.place = passport.place AND v.passport_id = passport.id)",
    },
    Check {
        name: "passports have one key that signs",
        sql: "SELECT 'keys of ' || place FROM passport_key WHERE place = ?1 \
              AND retired_at IS NULL GROUP BY place HAVING COUNT(*) > 1",
    },
    Check {
        name: "a service of the directory was checked and can be found",
        sql: "SELECT 'service ' || id FROM service WHERE place = ?1 AND (name = '' OR needs = '' \
              OR checked_on = '' OR version < 1)",
    },
    Check {
        name: "a service of a person ends no earlier than it starts",
        sql: "SELECT 'service period ' || id FROM service_period WHERE place = ?1 \
              AND (ends_on < starts_on OR version < 1)",
    },
    Check {
        name: "a service and the stay it follows are about one person",
        sql: "SELECT 'service period ' || v.id FROM service_period v JOIN stay s \
              ON s.place = v.place AND s.id = v.stay_id JOIN person vp ON vp.place = v.place \
              AND vp.id = v.person_id JOIN person sp ON sp.place = s.place AND sp.id = s.person_id \
              WHERE v.place = ?1 AND vp.head_id <> sp.head_id",
    },
    Check {
        name: "a case that ended says how, and did not end before it began",
        sql: "SELECT 'case ' || id FROM statutory_case WHERE place = ?1 AND (version < 1 \
              OR (closed_at IS NULL) <> (outcome IS NULL) OR closed_at < opened_at)",
    },
    Check {
        name: "a form that is finished says when and by whom",
        sql: "SELECT 'form ' || id FROM form WHERE place = ?1 \
              AND (state = 'open') <> (finished_at IS NULL)",
    },
    Check {
        name: "a request for help that is decided says what, when and by whom",
        sql: "SELECT 'referral ' || id FROM referral WHERE place = ?1 AND \
              ((state IN ('decided', 'merged')) <> (decided_at IS NOT NULL) \
              OR (state = 'merged') <> (merged_into IS NOT NULL) \
              OR (state = 'decided' AND NOT EXISTS (SELECT 1 FROM referral_outcome o \
              WHERE o.place = ?1 AND o.referral_id = referral.id)))",
    },
    Check {
        name: "what a decision on a request for help began is there",
        sql: "SELECT 'referral ' || b.referral_id || ' ' || b.thing FROM referral_begun b \
              WHERE b.place = ?1 AND (CASE b.thing \
              WHEN 'case' THEN (SELECT COUNT(*) FROM statutory_case t WHERE t.place = ?1 \
              AND t.id = b.thing_id) \
              WHEN 'form' THEN (SELECT COUNT(*) FROM form t WHERE t.place = ?1 \
              AND t.id = b.thing_id) \
              WHEN 'need' THEN (SELECT COUNT(*) FROM need t WHERE t.place = ?1 \
              AND t.id = b.thing_id) \
              ELSE (SELECT COUNT(*) FROM chain_step t WHERE t.place = ?1 \
              AND t.id = b.thing_id) END) = 0",
    },
    Check {
        name: "a form is sent when there is a request for help of it",
        sql: "SELECT 'form ' || f.id FROM form f LEFT JOIN referral r ON r.place = f.place \
              AND r.form_id = f.id WHERE f.place = ?1 AND (f.state = 'sent') <> (r.id IS NOT NULL)",
    },
    Check {
        name: "only what was signed is accepted or refused under an agreement",
        sql: "SELECT 'form ' || f.id FROM form f WHERE f.place = ?1 AND f.state <> 'signed' \
              AND (f.id IN (SELECT form_id FROM assessment_acceptance WHERE place = ?1) \
              OR f.id IN (SELECT form_id FROM assessment_refusal WHERE place = ?1))",
    },
    Check {
        name: "an answer has its number, and what it was written over comes before",
        sql: "SELECT 'form ' || a.form_id || ' ' || a.link_id FROM form_answer a WHERE a.place = ?1 \
              AND (a.number < 1 OR EXISTS (SELECT 1 FROM form_answer_before b WHERE b.place = ?1 \
              AND b.form_id = a.form_id AND b.link_id = a.link_id AND b.number >= a.number))",
    },
    Check {
        name: "the version of a care plan that stands is its latest",
        sql: "SELECT 'plan ' || id FROM care_plan WHERE place = ?1 AND version <> \
              (SELECT COALESCE(MAX(number), 0) FROM care_plan_version v \
              WHERE v.place = care_plan.place AND v.plan_id = care_plan.id)",
    },
    Check {
        name: "what is free is what was told, less what was taken and not given back",
        sql: "SELECT 'capacity ' || c.id FROM capacity c WHERE c.place = ?1 AND (c.free < 0 OR \
              c.free <> (SELECT e.free FROM capacity_event e WHERE e.place = c.place \
              AND e.capacity_id = c.id AND e.number = (SELECT MAX(l.number) FROM capacity_event l \
              WHERE l.place = c.place AND l.capacity_id = c.id)))",
    },
    Check {
        name: "a need has one service that accepted it, or none while it is open",
        sql: "SELECT 'need ' || n.id FROM need n LEFT JOIN offer o ON o.place = n.place \
              AND o.need_id = n.id AND o.state = 'accepted' WHERE n.place = ?1 \
              GROUP BY n.id, n.state HAVING COUNT(o.id) <> \
              CASE WHEN n.state IN ('accepted', 'started') THEN 1 ELSE 0 END",
    },
    Check {
        name: "a need that is open or withdrawn holds nothing of what is free",
        sql: "SELECT 'need ' || n.id FROM need n JOIN capacity_event e ON e.place = n.place \
              AND e.need_id = n.id WHERE n.place = ?1 AND n.state IN ('open', 'withdrawn') \
              GROUP BY n.id HAVING SUM(CASE WHEN e.what = 'taken' THEN e.amount \
              ELSE -e.amount END) <> 0",
    },
    Check {
        name: "a stay that is looked for care for is of the same person",
        sql: "SELECT 'need ' || n.id FROM need n JOIN stay s ON s.place = n.place \
              AND s.id = n.stay_id JOIN person one ON one.place = n.place AND one.id = n.person_id \
              JOIN person other ON other.place = s.place AND other.id = s.person_id \
              WHERE n.place = ?1 AND one.head_id <> other.head_id",
    },
    Check {
        name: "an edition of official figures adds up",
        sql: "SELECT 'publication ' || publication_id || ' area ' || area_code \
              FROM official_delay WHERE place = ?1 AND (acute + non_acute <> total \
              OR nhs + social_care + nhs_and_social_care <> total \
              OR reason_a + reason_b + reason_c + reason_d_i + reason_d_ii + reason_e + reason_f \
              + reason_g + reason_h + reason_i + COALESCE(reason_o, 0) <> total)",
    },
    Check {
        name: "a month of official figures has one standing edition",
        sql: "SELECT 'month ' || month FROM publication WHERE place = ?1 \
              AND superseded_by IS NULL GROUP BY month HAVING COUNT(*) > 1",
    },
];

/// Tables and the references they make, checked even where the engine already
/// enforces them: a restored or repaired file may not have been.
const REFERENCES: &[(&str, &str, &str)] = &[
    ("organisation", "parent_id", "organisation"),
    ("account", "organisation_id", "organisation"),
    ("session", "account_id", "account"),
    ("person", "council_id", "organisation"),
    ("person_identifier", "person_id", "person"),
    ("shelf", "inbox_id", "inbox"),
    ("resource_link", "shelf_id", "shelf"),
    ("document", "person_id", "person"),
    ("document", "inbox_id", "inbox"),
    ("timeline", "person_id", "person"),
    ("timeline", "shelf_id", "shelf"),
    ("timeline", "stay_id", "stay"),
    ("timeline", "document_id", "document"),
    ("stay", "person_id", "person"),
    ("stay", "hospital_id", "organisation"),
    ("stay", "council_id", "organisation"),
    ("delay_segment", "stay_id", "stay"),
    ("delay_segment", "superseded_by", "delay_segment"),
    ("notice", "stay_id", "stay"),
    ("notice", "person_id", "person"),
    ("stay_change", "stay_id", "stay"),
    ("form", "person_id", "person"),
    ("form", "organisation_id", "organisation"),
    ("form_answer", "form_id", "form"),
    ("agreement", "assessor_id", "organisation"),
    ("agreement", "acceptor_id", "organisation"),
    ("assessment_acceptance", "form_id", "form"),
    ("care_plan", "coordinator_id", "account"),
    ("assessment_refusal", "form_id", "form"),
    ("assessment_refusal", "agreement_id", "agreement"),
    ("assessment_acceptance", "agreement_id", "agreement"),
    ("failed_placement", "agreement_id", "agreement"),
    ("referral", "form_id", "form"),
    ("referral", "person_id", "person"),
    ("referral", "owner_id", "organisation"),
    ("referral", "merged_into", "referral"),
    ("referral_service", "service_id", "service"),
    ("referral_begun", "referral_id", "referral"),
    ("handover_told", "handover_id", "handover"),
    ("handover_told", "organisation_id", "organisation"),
    ("form_section", "form_id", "form"),
    ("passport", "person_id", "person"),
    ("passport_version", "passport_id", "passport"),
    ("official_delay", "publication_id", "publication"),
    ("publication", "superseded_by", "publication"),
    ("service", "inbox_id", "inbox"),
    ("service_period", "person_id", "person"),
    ("service_period", "stay_id", "stay"),
    ("service_period", "organisation_id", "organisation"),
    ("service_goal", "service_period_id", "service_period"),
    ("statutory_case", "person_id", "person"),
    ("statutory_case", "owner_id", "organisation"),
    (
        "statutory_case_change",
        "statutory_case_id",
        "statutory_case",
    ),
    (
        "service_period_change",
        "service_period_id",
        "service_period",
    ),
    ("listed_organisation", "inbox_id", "inbox"),
    ("capacity", "service_id", "service"),
    ("care_plan", "person_id", "person"),
    ("meeting", "organisation_id", "organisation"),
    ("meeting_item", "meeting_id", "meeting"),
    ("meeting_item", "person_id", "person"),
    ("meeting_item", "stay_id", "stay"),
    ("meeting_action", "meeting_id", "meeting"),
    ("care_plan_version", "plan_id", "care_plan"),
    ("outgoing", "notice_id", "notice"),
    ("outgoing", "stay_id", "stay"),
    ("outgoing", "inbox_id", "inbox"),
    ("stay_letter", "stay_id", "stay"),
    ("stay_letter", "document_id", "document"),
    ("capacity_event", "capacity_id", "capacity"),
    ("capacity_event", "need_id", "need"),
    ("need", "person_id", "person"),
    ("need", "stay_id", "stay"),
    ("need", "restarts_id", "need"),
    ("offer", "need_id", "need"),
    ("offer", "service_id", "service"),
    ("offer_answer", "offer_id", "offer"),
    ("ledger_account", "person_id", "person"),
    ("ledger_balance", "account_id", "ledger_account"),
    ("ledger_posting", "account_id", "ledger_account"),
    ("ledger_reservation", "debit_id", "ledger_account"),
    ("ledger_reservation", "credit_id", "ledger_account"),
    ("acting", "person_id", "person"),
];

/// Most findings told of one check.
const TOLD: usize = 20;

/// Checks every invariant of the place's rows and returns what does not hold.
///
/// # Errors
/// The database's.
pub fn verify(tx: &mut dyn Tx) -> Result<Vec<Problem>, Error> {
    let place = tx.place().to_owned();
    let mut problems: Vec<_> = journal::broken_links(tx)?
        .into_iter()
        .map(|what| Problem {
            check: "the journal is one unbroken chain",
            what,
        })
        .collect();
    problems.extend(
        crate::return_version::broken(tx)?
            .into_iter()
            .map(|what| Problem {
                check: "a return that was sent is as it was sent",
                what,
            }),
    );
    problems.extend(crate::fund::broken(tx)?.into_iter().map(|what| Problem {
        check: "a return of a fund is as it was sent",
        what,
    }));
    problems.extend(kept::broken(tx)?);
    for check in CHECKS {
        for row in tx
            .query(check.sql, &[place.as_str().into()])?
            .iter()
            .take(TOLD)
        {
            problems.push(Problem {
                check: check.name,
                what: row.text(0)?.to_owned(),
            });
        }
    }
    for (table, column, target) in REFERENCES {
        let sql = format!(
            "SELECT COUNT(*) FROM {table} one WHERE one.place = ?1 AND one.{column} IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM {target} other WHERE other.place = one.place \
             AND other.id = one.{column})"
        );
        let lost = tx
            .query_opt(&sql, &[place.as_str().into()])?
            .map_or(Ok(0), |row| row.int(0))?;
        if lost > 0 {
            problems.push(Problem {
                check: "every reference leads somewhere",
                what: format!("{lost} of {table}.{column} lead to no {target}"),
            });
        }
    }
    Ok(problems)
}
