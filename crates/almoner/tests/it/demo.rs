//! `almoner demo`: starts, serves its first page, lets each role in, and is well.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The demo place, served by the real binary until dropped.
struct Demo {
    child: Child,
    address: String,
    /// Role, username, password, as printed.
    accounts: Vec<(String, String, String)>,
}

impl Demo {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_almoner"))
            .args(["demo", "--people", "300", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .env_remove("ALMONER_DATA")
            .env_remove("ALMONER_DATABASE_URL")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map(Result::unwrap);
        let first = lines.next().expect("the first line is the address");
        let address = first
            .strip_prefix("Almoner is at http://")
            .and_then(|a| a.strip_suffix('/'));
        let address = address.unwrap_or_else(|| panic!("{first}")).to_owned();
        let mut table = lines.skip_while(|line| !line.starts_with("Role ")).skip(1);
        let mut accounts = Vec::new();
        while let Some(line) = table.next().filter(|line| !line.is_empty()) {
            let mut words: Vec<_> = line.split("  ").filter(|word| !word.is_empty()).collect();
            assert_eq!(words.len(), 3, "{line}");
            let mut next = || words.remove(0).trim().to_owned();
            accounts.push((next(), next(), next()));
        }
        Self {
            child,
            address,
            accounts,
        }
    }

    /// Sends a request and gives the head and the body of the answer.
    fn ask(&self, request: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = &self.address;
        let length = body.len();
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        (head.to_owned(), body.to_owned())
    }

    /// Asks it to stop and waits until it has.
    fn stop(mut self) {
        let stopped = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status();
        assert!(stopped.unwrap().success());
        assert!(
            self.child.wait().unwrap().success(),
            "Ctrl-C stops it cleanly"
        );
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn doctor(folder: &Path) -> bool {
    let data = folder.to_str().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_almoner"))
        .args(["doctor", "--data", data])
        .output();
    let done = done.unwrap();
    if !done.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&done.stdout));
    }
    done.status.success()
}

#[test]
fn it_serves_a_first_page_and_lets_every_role_in() {
    let demo = Demo::start(&[]);
    let (head, body) = demo.ask("GET /sign-in", "");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(body.contains("demonstration"), "a banner says so");
    let roles: std::collections::BTreeSet<_> = demo.accounts.iter().map(|one| &one.0).collect();
    assert_eq!(
        roles.len(),
        access::Role::ALL.len() - 1,
        "each role but the command line's"
    );
    for (role, username, password) in &demo.accounts {
        let form = format!("username={username}&password={password}&next=");
        let (head, _) = demo.ask("POST /sign-in", &form);
        assert!(head.starts_with("HTTP/1.1 303"), "{role}: {head}");
        assert!(head.to_lowercase().contains("set-cookie:"), "{role}");
        let (_, body) = demo.ask("POST /sign-in", &form.replace(password, "wrong"));
        assert!(body.contains("not right"), "{role} with a wrong password");
    }
    demo.stop();
}

#[test]
fn a_kept_place_is_well_and_is_found_again() {
    let kept = tempfile::tempdir().unwrap();
    let data = kept.path().to_str().unwrap();
    Demo::start(&["--data", data]).stop();
    let settings = std::fs::read_to_string(kept.path().join("demo.json")).unwrap();
    assert!(doctor(kept.path()));

    let again = Demo::start(&["--data", data]);
    assert!(again.ask("GET /health", "").0.starts_with("HTTP/1.1 200"));
    again.stop();
    assert_eq!(
        std::fs::read_to_string(kept.path().join("demo.json")).unwrap(),
        settings
    );
    assert!(doctor(kept.path()));

    // What an interrupted making left is taken away and made again.
    std::fs::write(
        kept.path().join("demo.json"),
        settings.replace("true", "false"),
    )
    .unwrap();
    Demo::start(&["--data", data]).stop();
    assert!(doctor(kept.path()));
}

#[test]
fn it_never_writes_into_a_folder_that_holds_something_else() {
    let kept = tempfile::tempdir().unwrap();
    let data = kept.path().to_str().unwrap();
    std::fs::write(kept.path().join("almoner.sqlite"), "somebody's own").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_almoner"));
        command
            .args(["demo", "--no-serve"])
            .args(arguments)
            .output()
            .unwrap()
    };
    let refused = run(&["--people", "300", "--data", data]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("name an empty folder"));
    assert_eq!(
        std::fs::read(kept.path().join("almoner.sqlite")).unwrap(),
        b"somebody's own"
    );

    let other = tempfile::tempdir().unwrap();
    let data = other.path().to_str().unwrap();
    assert!(run(&["--people", "60", "--data", data]).status.success());
    let refused = run(&["--people", "70", "--data", data]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("60 people"));
    assert_eq!(
        run(&["--people", "300"]).status.code(),
        Some(2),
        "--no-serve needs --data"
    );
    assert_eq!(
        run(&["--people", "5", "--data", data]).status.code(),
        Some(2)
    );
}
