//! Published workbooks and tables in, with cell-accurate issues; a return as a workbook out.
//!
//! Takes bytes and gives tables: no files, no database. [`dtoc`] reads the monthly
//! delayed-days workbooks of NHS England; [`population`] reads population by single
//! year of age; [`pathways`] reads a model of discharge pathways. Old workbooks (`.xls`) are read by our own reader, which keeps to
//! what is in the bytes whatever they claim; new ones (`.xlsx`) by calamine, cell
//! by cell.

mod cfb;
mod csv_text;
pub mod directory;
pub mod dtoc;
pub mod fund_return;
pub mod organisations;
pub mod pathways;
pub mod plan;
pub mod population;
mod sheet;
mod words;
mod xls;
mod xlsx;

pub use sheet::{Cell, Hider, Sheet, cell_name, open};
