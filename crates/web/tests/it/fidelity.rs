//! Our macros give the HTML of the npm package's own templates. Pictures are
//! our own drawings, so the shapes inside `svg` are left out of the comparison.

use askama::Template;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use web::components::{Choice, DateInput, Fault, Input, Pagination, Radios, Select, Tag, TextArea};

macro_rules! sample {
    ($name:ident, $source:literal, { $($field:ident: $kind:ty),* }) => {
        #[derive(Template)]
        #[template(ext = "html", source = $source)]
        struct $name { $($field: $kind),* }
    };
}

sample!(InputSample, "{%- import \"components/form.html\" as form -%}{% call form::input(f) %}{% endcall %}", { f: Input });
sample!(PasswordSample, "{%- import \"components/form.html\" as form -%}{% call form::password(f) %}{% endcall %}", { f: Input });
sample!(AreaSample, "{%- import \"components/form.html\" as form -%}{% call form::textarea(f) %}{% endcall %}", { f: TextArea });
sample!(SelectSample, "{%- import \"components/form.html\" as form -%}{% call form::select(f) %}{% endcall %}", { f: Select });
sample!(RadiosSample, "{%- import \"components/form.html\" as form -%}{% call form::radios(f) %}{% endcall %}", { f: Radios });
sample!(DateSample, "{%- import \"components/form.html\" as form -%}{% call form::date(f) %}{% endcall %}", { f: DateInput });
sample!(SummarySample, "{%- import \"components/form.html\" as form -%}{% call form::error_summary(f) %}{% endcall %}", { f: Vec<Fault> });
sample!(
    ButtonSample,
    "{%- import \"components/form.html\" as form -%}{% call form::button(\"Save\") %}{% endcall %}",
    {}
);
sample!(
    SecondarySample,
    "{%- import \"components/form.html\" as form -%}{% call form::secondary_button(\"Filter\") %}{% endcall %}",
    {}
);
sample!(TagSample, "{%- import \"components/parts.html\" as parts -%}{% call parts::tag(f) %}{% endcall %}", { f: Tag });
sample!(
    SkipSample,
    "{%- import \"components/parts.html\" as parts -%}{% call parts::skip_link() %}{% endcall %}",
    {}
);
sample!(
    BackSample,
    "{%- import \"components/parts.html\" as parts -%}{% call parts::back_link(\"/x\", \"Back\") %}{% endcall %}",
    {}
);
sample!(
    BannerSample,
    "{%- import \"components/parts.html\" as parts -%}{% call parts::success_banner(\"Saved\") %}{% endcall %}",
    {}
);
sample!(
    DetailsSample,
    "{%- import \"components/parts.html\" as parts -%}{% call parts::details(\"More\", \"Inside\") %}{% endcall %}",
    {}
);
sample!(PagesSample, "{%- import \"components/parts.html\" as parts -%}{% call parts::pagination(f) %}{% endcall %}", { f: Pagination });
sample!(
    RowsSample,
    "{%- import \"components/parts.html\" as parts -%}<dl class=\"nhsuk-summary-list\">{% call parts::summary_change(\"Ward\", \"7\", \"/c\", \"ward\") %}{% endcall %}{% call parts::summary_row(\"Bed\", \"2\") %}{% endcall %}</dl>",
    {}
);

fn text(text: &str) -> String {
    text.to_owned()
}

/// What the package is asked for (a component, its macro, parameters as JSON),
/// and what we give.
fn pairs() -> Vec<(&'static str, &'static str, serde_json::Value, String)> {
    use serde_json::json;
    let draw = |template: &dyn askama::DynTemplate| template.dyn_render().unwrap();
    let error = || Some(text("Enter a ward"));
    let input = Input {
        name: text("ward"),
        label: text("Ward"),
        hint: text("For example, Ward 7"),
        value: text("A&E \"1\""),
        error: error(),
        classes: text("nhsuk-input--width-10"),
        inputmode: text("numeric"),
        autocomplete: text("off"),
    };
    let plain = Input {
        name: text("ward"),
        label: text("Ward"),
        ..Input::default()
    };
    let password = Input {
        name: text("password"),
        label: text("Password"),
        error: error(),
        ..Input::default()
    };
    let area = TextArea {
        name: text("why"),
        label: text("Why"),
        hint: text("A line"),
        value: text("x\ny <z>"),
        error: error(),
        rows: 5,
    };
    let select = Select {
        name: text("h"),
        label: text("Hospital"),
        choices: vec![Choice::new("", "All", "1"), Choice::new("1", "One", "1")],
        ..Select::default()
    };
    let mut social = Choice::new("sc", "Social care", "nhs");
    social.hint = text("The council");
    let radios = Radios {
        name: text("r"),
        legend: text("Who?"),
        hint: text("Pick one"),
        error: error(),
        choices: vec![Choice::new("nhs", "NHS", "nhs"), social],
    };
    let day = DateInput {
        name: text("ready"),
        legend: text("When?"),
        hint: text("For example, 6 8 2026"),
        error: error(),
        day: text("6"),
        month: text("8"),
        year: text("2026"),
    };
    let faults = vec![Fault {
        field: text("ward"),
        text: text("Enter a ward"),
    }];
    let pages = Pagination::new(2, 9, |n| format!("/p{n}"));
    let message = json!({"text": "Enter a ward"});
    vec![
        (
            "input",
            "input",
            json!({"label": {"text": "Ward"}, "id": "ward", "name": "ward", "value": "A&E \"1\"",
            "hint": {"text": "For example, Ward 7"}, "errorMessage": message, "classes": "nhsuk-input--width-10",
            "inputmode": "numeric", "autocomplete": "off"}),
            draw(&InputSample { f: input }),
        ),
        (
            "input",
            "input",
            json!({"label": {"text": "Ward"}, "id": "ward", "name": "ward"}),
            draw(&InputSample { f: plain }),
        ),
        (
            "password-input",
            "passwordInput",
            json!({"label": {"text": "Password"}, "id": "password", "name": "password",
            "errorMessage": message}),
            draw(&PasswordSample { f: password }),
        ),
        (
            "textarea",
            "textarea",
            json!({"label": {"text": "Why"}, "id": "why", "name": "why", "value": "x\ny <z>",
            "hint": {"text": "A line"}, "errorMessage": message}),
            draw(&AreaSample { f: area }),
        ),
        (
            "select",
            "select",
            json!({"label": {"text": "Hospital"}, "id": "h", "name": "h",
            "items": [{"value": "", "text": "All"}, {"value": "1", "text": "One", "selected": true}]}),
            draw(&SelectSample { f: select }),
        ),
        (
            "radios",
            "radios",
            json!({"name": "r", "idPrefix": "r", "fieldset": {"legend": {"text": "Who?", "size": "s"}},
            "hint": {"text": "Pick one"}, "errorMessage": message, "items": [{"value": "nhs", "text": "NHS", "checked": true},
            {"value": "sc", "text": "Social care", "hint": {"text": "The council"}}]}),
            draw(&RadiosSample { f: radios }),
        ),
        (
            "date-input",
            "dateInput",
            json!({"id": "ready", "fieldset": {"legend": {"text": "When?", "size": "s"}},
            "hint": {"text": "For example, 6 8 2026"}, "errorMessage": message, "items": [
            {"id": "ready-day", "name": "ready-day", "label": "Day", "classes": "nhsuk-input--width-2", "value": "6"},
            {"id": "ready-month", "name": "ready-month", "label": "Month", "classes": "nhsuk-input--width-2", "value": "8"},
            {"id": "ready-year", "name": "ready-year", "label": "Year", "classes": "nhsuk-input--width-4", "value": "2026"}]}),
            draw(&DateSample { f: day }),
        ),
        (
            "error-summary",
            "errorSummary",
            json!({"titleText": "There is a problem",
            "errorList": [{"text": "Enter a ward", "href": "#ward"}]}),
            draw(&SummarySample { f: faults }),
        ),
        (
            "button",
            "button",
            json!({"text": "Save"}),
            draw(&ButtonSample {}),
        ),
        (
            "button",
            "button",
            json!({"text": "Filter", "variant": "secondary"}),
            draw(&SecondarySample {}),
        ),
        (
            "tag",
            "tag",
            json!({"text": "Overdue", "colour": "red"}),
            draw(&TagSample {
                f: Tag::new("Overdue", "red"),
            }),
        ),
        (
            "tag",
            "tag",
            json!({"text": "Plain"}),
            draw(&TagSample {
                f: Tag::new("Plain", ""),
            }),
        ),
        (
            "skip-link",
            "skipLink",
            json!({"href": "#maincontent", "text": "Skip to main content"}),
            draw(&SkipSample {}),
        ),
        (
            "back-link",
            "backLink",
            json!({"href": "/x", "text": "Back"}),
            draw(&BackSample {}),
        ),
        (
            "notification-banner",
            "notificationBanner",
            json!({"text": "Saved", "variant": "success"}),
            draw(&BannerSample {}),
        ),
        (
            "details",
            "details",
            json!({"summaryText": "More", "text": "Inside"}),
            draw(&DetailsSample {}),
        ),
        (
            "pagination",
            "pagination",
            json!({"previous": {"href": "/p1"}, "next": {"href": "/p3"}, "items": [
            {"number": 1, "href": "/p1"}, {"number": 2, "href": "/p2", "current": true}, {"number": 3, "href": "/p3"},
            {"ellipsis": true}, {"number": 9, "href": "/p9"}]}),
            draw(&PagesSample { f: pages }),
        ),
        (
            "summary-list",
            "summaryList",
            json!({"rows": [{"key": {"text": "Ward"}, "value": {"text": "7"},
            "actions": {"items": [{"href": "/c", "text": "Change", "visuallyHiddenText": "ward"}]}},
            {"key": {"text": "Bed"}, "value": {"text": "2"}}]}),
            draw(&RowsSample {}),
        ),
    ]
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn our_components_are_the_packages() {
    if !root().join("node_modules/nunjucks").is_dir() {
        eprintln!("not run: component fidelity (no node_modules: run `npm ci`)");
        return;
    }
    let pairs = pairs();
    let jobs: Vec<serde_json::Value> = pairs
        .iter()
        .map(|(component, name, params, _)| {
            serde_json::json!({"component": component, "macro": name, "params": params})
        })
        .collect();
    let mut node = Command::new("node")
        .arg(root().join("tests/components/render.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is installed where node_modules is");
    let sent = serde_json::to_vec(&jobs).unwrap();
    node.stdin.take().unwrap().write_all(&sent).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    let originals: Vec<String> = serde_json::from_slice(&output.stdout).unwrap();
    for ((component, _, params, ours), original) in pairs.iter().zip(&originals) {
        assert_eq!(normal(ours), normal(original), "{component} {params}");
    }
}

/// One line a tag or text: attributes in order of name, spaces gone, escapes in
/// one spelling, shapes of pictures left out.
fn normal(html: &str) -> String {
    let mut lines = Vec::new();
    let mut rest = html;
    let mut drawing = false;
    while let Some(start) = rest.find('<') {
        push_text(&mut lines, &rest[..start], drawing);
        let end = rest[start..].find('>').unwrap() + start;
        let tag = &rest[start + 1..end];
        if tag == "/svg" {
            drawing = false;
        }
        if !drawing {
            lines.push(normal_tag(tag));
        }
        if tag.starts_with("svg") {
            drawing = true;
        }
        rest = &rest[end + 1..];
    }
    push_text(&mut lines, rest, drawing);
    lines.join("\n")
}

fn push_text(lines: &mut Vec<String>, text: &str, drawing: bool) {
    let text = unescape(text.trim());
    if !text.is_empty() && !drawing {
        lines.push(text);
    }
}

fn normal_tag(tag: &str) -> String {
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let key = &rest[..end];
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let close = quoted.find('"').unwrap();
                rest = &quoted[close + 1..];
                unescape(&quoted[..close])
            }
            None => String::new(),
        };
        attributes.push(format!(" {key}=\"{value}\""));
    }
    attributes.sort();
    format!("<{name}{}>", attributes.concat())
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&lt;", "<")
        .replace("&#62;", ">")
        .replace("&gt;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}
