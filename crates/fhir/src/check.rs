//! Checks a tree against the structure of its type, and gathers its references.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019): elements allowed, how many, of which type, required
//! codes, formats of values. Nothing found here rejects a resource: the part is not used,
//! the rest is. Locations are FHIRPath, such as `Patient.name[0].given[1]`.

use std::fmt::Write as _;

use kernel::nhs_number::{NhsNumber, NhsNumberError};
use kernel::{Issue, Severity};

use crate::definitions::{Definitions, Field, Kind, Type, definitions};
use crate::primitive;
use crate::tree::{Node, Object};
use crate::xml::parse_xml;

/// The system that names NHS numbers.
pub const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

/// Most issues told about one record; the rest are counted.
const ISSUES: usize = 50;

/// What a check found.
#[derive(Debug, Default)]
pub struct Found<'t> {
    /// Everything wrong.
    pub issues: Vec<Issue>,
    /// Every reference: its location in the resource and its text.
    pub references: Vec<(String, &'t str)>,
}

/// Checks a resource. `record` is its number in the file, `place` the location of the
/// resource itself, such as `Patient` or `Bundle.entry[3].resource.ofType(Patient)`.
pub fn check<'t>(
    resource: &'t Object<'_>,
    ty: &'static Type,
    record: u32,
    place: &str,
) -> Found<'t> {
    let mut walk = Walk::new(record, place);
    walk.object(ty, resource);
    walk.finish()
}

/// Checks the elements of an object that is only a part of a structure: none is asked for.
pub fn check_part<'t>(
    part: &'t Object<'_>,
    ty: &'static Type,
    record: u32,
    place: &str,
) -> Found<'t> {
    let mut walk = Walk::new(record, place);
    walk.partial = true;
    walk.object(ty, part);
    walk.finish()
}

/// One step of a location.
struct Step<'t> {
    name: &'t str,
    index: Option<usize>,
    of_type: Option<&'static str>,
}

struct Walk<'t, 'p> {
    all: &'static Definitions,
    record: u32,
    place: &'p str,
    steps: Vec<Step<'t>>,
    found: Found<'t>,
    untold: usize,
    partial: bool,
}

impl<'t, 'p> Walk<'t, 'p> {
    fn new(record: u32, place: &'p str) -> Self {
        Self {
            all: definitions(),
            record,
            place,
            steps: Vec::with_capacity(8),
            found: Found::default(),
            untold: 0,
            partial: false,
        }
    }

    fn finish(mut self) -> Found<'t> {
        if self.untold > 0 {
            self.found.issues.push(Issue::new(
                Severity::Part,
                self.record,
                self.place,
                "more-issues",
                format!(
                    "{} more things are wrong with this record than are listed.",
                    self.untold
                ),
            ));
        }
        self.found
    }

    fn object(&mut self, ty: &'static Type, object: &'t Object<'_>) {
        if object.0.is_empty() && !self.partial {
            self.wrong(
                "empty-value",
                "The element is empty. Leave it out when there is nothing to say.",
            );
        }
        // One bit an element, for values and for what goes with them (`_birthDate`).
        let (mut seen, mut beside) = (0_u128, 0_u128);
        for (key, value) in &object.0 {
            if key == "resourceType" && ty.kind == Kind::Resource {
                continue;
            }
            let (name, extra) = match key.strip_prefix('_') {
                Some(name) => (name, true),
                None => (&**key, false),
            };
            let field = self
                .all
                .field(ty, name)
                .filter(|field| !extra || field.ty.kind == Kind::Primitive);
            let Some(field) = field else {
                self.unknown(key);
                continue;
            };
            let bits = if extra { &mut beside } else { &mut seen };
            let bit = 1_u128 << field.number;
            if *bits & bit != 0 {
                self.repeated(ty, object, &field);
                continue;
            }
            *bits |= bit;
            self.field(&field, value, extra, object);
        }
        for (number, element) in ty.elements.iter().enumerate() {
            if element.min > 0 && (seen | beside) & (1 << number) == 0 && !self.partial {
                self.steps.push(Step {
                    name: element.name,
                    index: None,
                    of_type: None,
                });
                self.wrong(
                    "missing-element",
                    "The standard asks for this element and it is not there.",
                );
                self.steps.pop();
            }
        }
        match ty.name {
            "Identifier" => self.identifier(object),
            "Reference" => self.reference(object),
            _ => {}
        }
    }

    /// One name of an object, with all its values.
    fn field(
        &mut self,
        field: &Field<'static>,
        value: &'t Node<'_>,
        extra: bool,
        parent: &'t Object<'_>,
    ) {
        let of_type = if field.element.choice {
            Some(field.ty.name)
        } else {
            None
        };
        self.steps.push(Step {
            name: field.element.name,
            index: None,
            of_type,
        });
        match (value, field.element.many) {
            (Node::List(items), true) => {
                if items.is_empty() {
                    self.wrong(
                        "empty-value",
                        "The list is empty. Leave it out when there is nothing to say.",
                    );
                }
                let other = other_half(parent, field.element.name, extra);
                for (number, item) in items.iter().enumerate() {
                    if let Some(step) = self.steps.last_mut() {
                        (step.index, step.of_type) = (Some(number), of_type);
                    }
                    let null = *item == Node::Null && field.ty.kind == Kind::Primitive;
                    let paired = null && other.get(number).is_some_and(|half| *half != Node::Null);
                    if !paired {
                        self.value(field, item, extra);
                    }
                }
            }
            (Node::List(_), false) => {
                self.wrong("too-many", "Only one value is allowed here, not a list.")
            }
            (_, true) => {
                self.wrong("not-a-list", "The value must be in a list.");
                self.value(field, value, extra);
            }
            (_, false) => self.value(field, value, extra),
        }
        self.steps.pop();
    }

    fn value(&mut self, field: &Field<'static>, value: &'t Node<'_>, extra: bool) {
        match (field.ty.kind, value) {
            (Kind::Primitive, Node::Object(object)) if extra => {
                if let Some(element) = self.all.find("Element") {
                    self.object(element, object);
                }
            }
            (Kind::Primitive, _) if extra => self.wrong(
                "wrong-type",
                "Only an id and extensions can go beside a value.",
            ),
            (Kind::Primitive, Node::Null) => self.wrong(
                "empty-value",
                "The value is null. Leave the element out when there is nothing to say.",
            ),
            (Kind::Primitive, _) => self.primitive(field, value),
            (_, Node::Object(object)) if field.ty.name == "Resource" => self.resource(object),
            (_, Node::Object(object)) => self.object(field.ty, object),
            _ => self.wrong(
                "wrong-type",
                "The value must be an object with elements of its own.",
            ),
        }
    }

    fn primitive(&mut self, field: &Field<'static>, value: &Node<'_>) {
        if let Err((code, text)) = primitive::check(field.ty.name, value) {
            return self.wrong(code, text);
        }
        match (field.ty.name, value) {
            ("code", Node::Text(code)) if !field.element.allows(code) => {
                self.wrong(
                    "not-in-code-list",
                    "The code is not in the list that the standard requires here.",
                );
            }
            ("xhtml", Node::Text(text)) if !is_division(text) => {
                self.wrong(
                    "bad-narrative",
                    "The narrative must be one well-formed XHTML div element.",
                );
            }
            _ => {}
        }
    }

    /// A resource inside another.
    fn resource(&mut self, object: &'t Object<'_>) {
        let Some(ty) = object
            .text("resourceType")
            .and_then(|name| self.all.resource(name))
        else {
            return self.wrong(
                "unknown-resource-type",
                "The resource inside has no resourceType of FHIR R4.",
            );
        };
        if let Some(step) = self.steps.last_mut() {
            step.of_type = Some(ty.name);
        }
        self.object(ty, object);
    }

    fn identifier(&mut self, object: &Object<'_>) {
        if object.text("system") != Some(NHS_NUMBER) {
            return;
        }
        let Some(Err(why)) = object.text("value").map(NhsNumber::parse) else {
            return;
        };
        let code = match why {
            NhsNumberError::CheckDigit => "nhs-number-check-digit",
            _ => "nhs-number-format",
        };
        self.steps.push(Step {
            name: "value",
            index: None,
            of_type: None,
        });
        self.wrong(code, &format!("The NHS number is not valid: {why}. The number is not used; ask the sender for the right one."));
        self.steps.pop();
    }

    fn reference(&mut self, object: &'t Object<'_>) {
        if let Some(text) = object.text("reference").filter(|text| !text.is_empty()) {
            let mut path = String::with_capacity(48);
            // The location within the resource: the type's name, without what is around it.
            let own = self
                .place
                .rsplit_once("ofType(")
                .map_or(self.place, |(_, name)| name.trim_end_matches(')'));
            path.push_str(own);
            self.steps(&mut path);
            self.found.references.push((path, text));
        }
    }

    fn unknown(&mut self, key: &'t str) {
        // A name is shown only when it looks like one: anything else may be somebody's data.
        let plain = key.len() <= 40
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        self.steps.push(Step {
            name: if plain { key } else { "(name not shown)" },
            index: None,
            of_type: None,
        });
        self.wrong(
            "unknown-element",
            "FHIR R4 has no such element here. It is kept as it came but not used.",
        );
        self.steps.pop();
    }

    fn repeated(&mut self, ty: &'static Type, object: &Object<'_>, field: &Field<'static>) {
        if self.found.issues.len() >= ISSUES {
            self.untold += 1;
            return;
        }
        let names = object.0.iter().filter(|(key, _)| {
            !key.starts_with('_')
                && self
                    .all
                    .field(ty, key)
                    .is_some_and(|other| other.number == field.number)
        });
        let mut names: Vec<&str> = names.map(|(key, _)| &**key).collect();
        names.sort_unstable();
        names.dedup();
        self.steps.push(Step {
            name: field.element.name,
            index: None,
            of_type: None,
        });
        if names.len() > 1 {
            self.wrong(
                "more-than-one-choice",
                "The element is there with two types. Only one is allowed; the first is used.",
            );
        } else {
            self.wrong(
                "duplicate-key",
                "The same name comes twice in one object. The first is used.",
            );
        }
        self.steps.pop();
    }

    fn wrong(&mut self, code: &'static str, text: &str) {
        if self.found.issues.len() >= ISSUES {
            self.untold += 1;
            return;
        }
        let mut path = self.place.to_owned();
        self.steps(&mut path);
        self.found
            .issues
            .push(Issue::new(Severity::Part, self.record, path, code, text));
    }

    fn steps(&self, path: &mut String) {
        for step in &self.steps {
            path.push('.');
            path.push_str(step.name);
            // Writing to a String cannot fail.
            if let Some(index) = step.index {
                let _ = write!(path, "[{index}]");
            }
            if let Some(ty) = step.of_type {
                let _ = write!(path, ".ofType({ty})");
            }
        }
    }
}

/// The other half of a list of values: `_given` for `given`, `given` for `_given`.
fn other_half<'t>(parent: &'t Object<'_>, name: &str, extra: bool) -> &'t [Node<'t>] {
    let found = parent
        .0
        .iter()
        .find(|(key, _)| match key.strip_prefix('_') {
            Some(plain) => !extra && plain == name,
            None => extra && key == name,
        });
    match found {
        Some((_, Node::List(items))) => items,
        _ => &[],
    }
}

fn is_division(text: &str) -> bool {
    text.trim_start().starts_with('<')
        && parse_xml(text).is_ok_and(|document| document.root_element().tag_name().name() == "div")
}
