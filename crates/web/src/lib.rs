//! Server-rendered screens.
