//! What can be next for somebody who is ready and waits, by what they wait for.

use flow::DestinationState::{self, Accepted, Declined, NotSought, Seen, Sent};
use flow::Responsible;

/// One thing that can be next.
pub(crate) struct Step {
    /// In words; `{place}` is the destination.
    pub(crate) action: &'static str,
    /// How far the next service has come by then.
    pub(crate) state: DestinationState,
}

const fn step(action: &'static str, state: DestinationState) -> Step {
    Step { action, state }
}

/// What can be next while a reason lasts.
pub(crate) fn steps(letter: &str, reason: &str, side: Responsible, pathway: u8) -> &'static [Step] {
    match reason {
        "HP-transport" => return TRANSPORT,
        "HP-medicines" => return MEDICINES,
        "WC-capacity" => return CAPACITY,
        _ => {}
    }
    match (letter, side) {
        ("A", Responsible::Nhs) => HEALTH_ASSESSMENT,
        ("A", _) => ASSESSMENT,
        ("B", _) => FUNDING,
        ("C", _) => BED,
        ("D(i)" | "D(ii)", _) => HOME,
        ("E", _) => CARE,
        ("F", _) => EQUIPMENT,
        ("G", _) if pathway == 3 => CHOICE,
        ("G", _) => WISHES,
        ("H", _) => DISPUTE,
        ("I", _) => HOUSING,
        _ => OTHER,
    }
}

const ASSESSMENT: &[Step] = &[
    step("Finish the assessment of needs with the family", NotSought),
    step(
        "Visit the ward to assess what help is needed at home",
        NotSought,
    ),
    step("Meet on the ward to agree the pathway", NotSought),
    step("Write up the assessment and send it to the hub", NotSought),
];
const HEALTH_ASSESSMENT: &[Step] = &[
    step("Complete the continuing healthcare checklist", NotSought),
    step("Therapist to finish the home assessment", NotSought),
    step("Hub to confirm needs and pathway", NotSought),
];
const FUNDING: &[Step] = &[
    step("Take the case to the funding panel", NotSought),
    step("Answer the panel's question about night care", NotSought),
    step("Confirm the funding decision in writing", Seen),
];
const BED: &[Step] = &[
    step("Find a rehabilitation bed at {place}", Sent),
    step("Ring {place} about the bed that falls free", Seen),
    step("Agree the day of transfer with {place}", Accepted),
    step("Ask a second unit: {place} has no bed this week", Declined),
];
const HOME: &[Step] = &[
    step("Send the needs to care homes with a free room", NotSought),
    step("{place} to visit the ward and assess", Seen),
    step("Chase {place} for an answer", Sent),
    step(
        "{place} cannot meet the needs: ask two more homes",
        Declined,
    ),
    step("Agree the day of moving in with {place}", Accepted),
];
const CARE: &[Step] = &[
    step("Offer the visits to home care providers", NotSought),
    step("{place} to say whether they can start", Sent),
    step("{place} has opened the request: ring the manager", Seen),
    step("Confirm the first visit with {place}", Accepted),
    step(
        "{place} declined the evening visits: offer them again",
        Declined,
    ),
    step("Ask last month's provider to restart the visits", Sent),
];
const EQUIPMENT: &[Step] = &[
    step("Order the hospital bed and the hoist", NotSought),
    step("Deliver the commode and the rails", Sent),
    step("Show the family how to use the hoist", Accepted),
    step("Fit the key safe before they come home", Accepted),
];
const CHOICE: &[Step] = &[
    step("Meet the family about the homes they have seen", Seen),
    step(
        "Give the family the choice letter and explain it",
        NotSought,
    ),
    step("Ring the daughter after her visit to {place}", Sent),
];
const DISPUTE: &[Step] = &[
    step("Meet the family and the ward to settle the plan", NotSought),
    step(
        "Senior review of the disagreement about the plan",
        NotSought,
    ),
];
const HOUSING: &[Step] = &[
    step("Find a ground-floor place to stay", NotSought),
    step("Complete the homelessness application", NotSought),
    step("Confirm the temporary flat and the keys", Accepted),
];
const WISHES: &[Step] = &[
    step("Meet the family on the ward about going home", NotSought),
    step("Give the choice letter and explain it", NotSought),
    step("Ring the daughter about the plan for going home", NotSought),
];
const TRANSPORT: &[Step] = &[
    step("Book transport for the morning", Accepted),
    step(
        "Transport to come before midday: ring if it is late",
        Accepted,
    ),
];
const MEDICINES: &[Step] = &[
    step("Pharmacy to send up the medicines to take home", Accepted),
    step("Finish the discharge letter", NotSought),
];
const CAPACITY: &[Step] = &[
    step("Best interests meeting to be held on the ward", NotSought),
    step(
        "Assess whether the person can make this decision",
        NotSought,
    ),
];
const OTHER: &[Step] = &[
    step("Agree the safeguarding plan before they go", NotSought),
    step(
        "Check that the home is warm and safe to return to",
        NotSought,
    ),
];
