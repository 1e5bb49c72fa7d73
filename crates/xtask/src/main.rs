//! House-keeping: tidy, assets, bless, bench.
fn main() {}
