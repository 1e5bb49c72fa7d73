//! The screens over a real store: who is let in, what pages say, and that our
//! components are those of NHS.UK.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod acting;
mod clocks;
mod directory;
mod doors;
mod fidelity;
mod flow;
mod forbidden;
mod forms;
mod fund;
mod hostile;
mod house;
mod identity;
mod inbox;
mod letter;
mod notice;
mod offers;
mod own;
mod passport;
mod people;
mod plans;
mod privacy;
mod record;
mod refer;
mod sign_in;
mod statistics;
