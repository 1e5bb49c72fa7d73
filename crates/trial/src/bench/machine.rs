//! The machine a figure was taken on.

use std::process::Command;

/// Processor, cores, memory, disk and kernel, on one line.
pub fn describe() -> String {
    let processor =
        field("/proc/cpuinfo", "model name").unwrap_or_else(|| "processor not known".to_owned());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.strip_suffix(" kB")?.trim().parse::<u64>().ok())
        .map_or_else(
            || "memory not known".to_owned(),
            |kb| format!("{} GiB of memory", kb >> 20),
        );
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{processor}, {cores} cores, {memory}, disk {}, Linux {}",
        disk(),
        kernel.trim()
    )
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// File system and device the current folder is on.
fn disk() -> String {
    Command::new("df")
        .args(["--output=fstype,source", "."])
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .and_then(|text| {
            Some(
                text.lines()
                    .nth(1)?
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" on "),
            )
        })
        .unwrap_or_else(|| "not known".to_owned())
}

/// The share of the last minute that other work kept the processors busy, as the load average.
pub fn load() -> String {
    std::fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split(' ').next().map(str::to_owned))
        .unwrap_or_else(|| "not known".to_owned())
}
