//! Published workbooks and tables in, with cell-accurate issues.
