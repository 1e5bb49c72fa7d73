//! The place quarter.
mod load_dtoc;
mod load_population;
