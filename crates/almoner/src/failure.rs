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
}

impl Failure {
    /// Prints the text and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        let (code, text) = match self {
            Self::Failed(text) => (1, Some(text)),
            Self::Usage(text) => (2, Some(text)),
            Self::Refused(text) => (3, Some(text)),
            Self::Rejected => (3, None),
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
        Self::Failed(error.to_string())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
