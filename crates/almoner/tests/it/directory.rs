//! `almoner load directory` and `almoner load organisations`, as a user runs them.

use std::path::Path;
use std::process::{Command, Output};

fn almoner(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_almoner"))
        .args(arguments)
        .arg("--data")
        .arg(folder.join("store"))
        .env_remove("ALMONER_DATA")
        .env_remove("ALMONER_DATABASE_URL")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

const SERVICES: &str = "\
source,key,name,what,needs,referral,checked_on,telephone,hours
list,1,Falls Clinic,Helps.,falls,self,2018-10-01,01632 960 001,Mon-Fri 9am-5pm
list,2,Night Line,Helps.,alarms,self,2018-10-01,01632 960 002,Mon 9-5
";

#[test]
fn bad_lines_are_told_by_line_and_column_and_the_good_go_through() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("services.csv"), SERVICES).unwrap();
    let loaded = almoner(folder.path(), &["load", "directory", "services.csv"]);
    assert_eq!(loaded.status.code(), Some(3), "rejected in part");
    assert_eq!(
        text(&loaded),
        "services.csv record 2 line 3, column hours: \"Mon 9-5\": write times such as 9am, 5:30pm, \
         midday or 17:30. [field-wrong]\n\
         1 files, 2 records: 1 accepted, 0 in part, 1 rejected, 0 repeated\n"
    );
    let good = SERVICES.replace("Mon 9-5", "Mon 9am-5pm");
    std::fs::write(folder.path().join("services.csv"), good).unwrap();
    let loaded = almoner(folder.path(), &["load", "directory", "services.csv"]);
    assert_eq!(loaded.status.code(), Some(0));
    assert!(text(&loaded).contains("1 accepted, 0 in part, 0 rejected, 1 repeated"));
}

#[test]
fn a_list_of_organisations_is_known_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("\"BARSETGP01\",\"CLOSE SURGERY\"{}\r\n", ",\"\"".repeat(25));
    std::fs::write(folder.path().join("epraccur.csv"), &line).unwrap();
    std::fs::write(folder.path().join("other.csv"), &line).unwrap();
    let loaded = almoner(folder.path(), &["load", "organisations", "epraccur.csv"]);
    assert_eq!(loaded.status.code(), Some(0), "{}", text(&loaded));
    let refused = almoner(folder.path(), &["load", "organisations", "other.csv"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(text(&refused).contains("Name it as it is published: epraccur.csv, etr.csv"));
}

#[test]
fn a_place_may_have_its_own_list_of_needs() {
    let folder = tempfile::tempdir().unwrap();
    let needs = folder.path().join("policy/directory");
    std::fs::create_dir_all(&needs).unwrap();
    let own = "code,label,group,words,source,confidence\nfalls,Falls,health,fall,ours,local\n";
    std::fs::write(needs.join("needs.csv"), own).unwrap();
    std::fs::write(folder.path().join("services.csv"), SERVICES).unwrap();
    let with = ["load", "directory", "services.csv", "--policy", "policy"];
    let loaded = almoner(folder.path(), &with);
    assert!(
        text(&loaded).contains("column needs: \"alarms\" is not in the list of needs"),
        "{}",
        text(&loaded)
    );
    std::fs::write(needs.join("needs.csv"), "code,label\n").unwrap();
    let refused = almoner(folder.path(), &with);
    assert!(!refused.status.success());
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(
        told.contains("directory/needs.csv, line 1, column code"),
        "{told}"
    );
}
