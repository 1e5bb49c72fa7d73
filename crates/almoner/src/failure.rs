//! How a command ends: 0 done; 1 failed; 2 wrong usage; 3 input rejected in part
//! or whole, with a report already printed.

use std::process::ExitCode;

/// Why a command did not end with 0.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It failed; the text says what and what to do.
    Failed(String),
    /// It was asked for in a way that cannot be.
    Usage(String),
    /// Some input was refused; the report has been printed.
    Rejected,
    /// Some input was refused; the text says why.
    Refused(String),
    /// Whoever read the output has stopped: there is nothing more to say.
    ReaderGone,
}

/// How programs end that are stopped by a closed pipe: 128 and the number of SIGPIPE.
pub(crate) const READER_GONE: u8 = 141;

impl Failure {
    /// Prints the text and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (code, text) = match self {
            Self::Failed(text) => (1, Some(text)),
            Self::Usage(text) => (2, Some(text)),
            Self::Refused(text) => (3, Some(text)),
            Self::Rejected => (3, None),
            Self::ReaderGone => (READER_GONE, None),
        };
        if let Some(text) = text {
            eprintln!("almoner: {text}");
        }
        ExitCode::from(code)
    }
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::Invalid(_) | app::Error::NotFound(_) | app::Error::Refused(_) => {
                Self::Refused(error.to_string())
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
