//! Areas, population, official statistics and SPC, as pure rules.
