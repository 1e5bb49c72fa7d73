//! The place quarter: official statistics in, and series of them out; the directory of services.

mod directory;
mod load_directory;
mod load_dtoc;
mod load_organisations;
mod load_population;
mod official;
mod series;

pub use directory::{SERVICES_A_PAGE, ServiceFound, ServicePage, ServicesFound};
pub use series::{Area, Statistics};
