//! Commands and queries: authorise, load, ask the domain, append to the journal, commit.
