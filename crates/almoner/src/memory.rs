//! Memory of this process, where the system says.

use std::fs;

/// The most that the process has had, in megabytes.
pub(crate) fn peak_mb() -> Option<u64> {
    kilobytes("VmHWM:").map(|kilobytes| kilobytes / 1_000)
}

/// What the process has now, in megabytes.
pub(crate) fn now_mb() -> Option<u64> {
    kilobytes("VmRSS:").map(|kilobytes| kilobytes / 1_000)
}

fn kilobytes(field: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[cfg(test)]
mod tests {
    /// What is taken is seen, on a system that says.
    #[test]
    fn memory_that_is_taken_is_seen() {
        let Some(before) = super::now_mb() else {
            eprintln!("did not run: the system does not say");
            return;
        };
        let taken = vec![1u8; 200_000_000];
        let now = super::now_mb().unwrap();
        assert!(now >= before + 150, "{before} {now}");
        assert!(super::peak_mb().unwrap() >= now - 50, "{now}");
        assert_eq!(taken[100_000_000], 1);
    }
}
