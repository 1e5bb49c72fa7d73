//! Between XML and the tree that JSON gives.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019), XML and JSON representations. In words: a value is an
//! attribute in XML and a plain value in JSON; its id and extensions go beside it under an
//! underscore; what may repeat is a list; the narrative is kept as its own text; comments
//! mean nothing and are left out of the tree.

use std::borrow::Cow;
use std::collections::HashSet;

use kernel::{Issue, Severity};

use crate::definitions::{Definitions, Kind, Type, definitions};
use crate::tree::{Node, Object};
use crate::xml::parse_xml;

/// The namespace of FHIR elements.
pub const FHIR: &str = "http://hl7.org/fhir";
/// Most names of one element that are looked through for a repeated one.
const NAMES: usize = 256;
/// Most issues told while converting one record.
const ISSUES: usize = 50;

/// The namespace of narrative.
pub const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Turns a resource element into a tree. What has no place in FHIR is told in issues.
///
/// `source` is the text the document was parsed from.
pub fn from_xml(
    resource: roxmltree::Node<'_, '_>,
    source: &str,
    record: u32,
    place: &str,
    issues: &mut Vec<Issue>,
) -> Object<'static> {
    let mut reader = Reader {
        all: definitions(),
        source,
        record,
        place,
        root: resource,
        skip: "",
        issues,
    };
    reader.resource(resource)
}

/// Turns an element of a known type into a tree, without its children of one name.
pub fn from_xml_without(
    node: roxmltree::Node<'_, '_>,
    ty: &'static Type,
    skip: &'static str,
    record: u32,
    place: &str,
    issues: &mut Vec<Issue>,
) -> Object<'static> {
    let mut reader = Reader {
        all: definitions(),
        source: "",
        record,
        place,
        root: node,
        skip,
        issues,
    };
    let mut object = Object::default();
    reader.complex(node, Some(ty), &mut object);
    object
}

struct Reader<'r, 'a, 'i> {
    all: &'static Definitions,
    source: &'r str,
    record: u32,
    place: &'r str,
    root: roxmltree::Node<'a, 'i>,
    skip: &'static str,
    issues: &'r mut Vec<Issue>,
}

/// The values of one name as they are gathered.
struct Gathered<'d> {
    name: String,
    many: bool,
    ty: Option<&'d Type>,
    values: Vec<Node<'static>>,
    beside: Vec<Node<'static>>,
}

impl<'a, 'i> Reader<'_, 'a, 'i> {
    fn resource(&mut self, node: roxmltree::Node<'a, 'i>) -> Object<'static> {
        let name = node.tag_name().name();
        let mut object = Object(vec![("resourceType".into(), text(name))]);
        self.complex(node, self.all.resource(name), &mut object);
        object
    }

    /// The attributes and child elements of a complex element.
    fn complex(
        &mut self,
        node: roxmltree::Node<'a, 'i>,
        ty: Option<&'static Type>,
        into: &mut Object<'static>,
    ) {
        for attribute in node.attributes() {
            let known = ty.is_none()
                || ty.is_some_and(|ty| {
                    ty.elements
                        .iter()
                        .any(|e| e.attribute && e.name == attribute.name())
                });
            if attribute.namespace().is_none() && known {
                into.0
                    .push((attribute.name().to_owned().into(), text(attribute.value())));
            } else if attribute.namespace() != Some("http://www.w3.org/2001/XMLSchema-instance") {
                self.wrong(
                    node,
                    "unknown-attribute",
                    "FHIR R4 has no such attribute here. It is not used.",
                );
            }
        }
        let mut gathered: Vec<Gathered<'static>> = Vec::new();
        for child in node.children() {
            if child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty()) {
                self.wrong(
                    node,
                    "unexpected-text",
                    "There is text between elements, where FHIR has none. It is not used.",
                );
            }
            let skipped =
                node == self.root && !self.skip.is_empty() && child.tag_name().name() == self.skip;
            if child.is_element() && !skipped {
                self.child(child, ty, &mut gathered);
            }
        }
        for one in gathered {
            one.put(into);
        }
    }

    fn child(
        &mut self,
        child: roxmltree::Node<'a, 'i>,
        parent: Option<&'static Type>,
        gathered: &mut Vec<Gathered<'static>>,
    ) {
        let name = child.tag_name().name();
        let field = parent.and_then(|ty| self.all.field(ty, name));
        let xhtml = field.is_some_and(|field| field.ty.name == "xhtml");
        let namespace = if xhtml { XHTML } else { FHIR };
        if child.tag_name().namespace() != Some(namespace) {
            self.wrong(
                child,
                "wrong-namespace",
                "The element is in a namespace that FHIR does not have here.",
            );
        }
        let (value, beside) = match field.map(|field| field.ty) {
            Some(ty) if ty.name == "xhtml" => {
                (Node::Text(self.narrative(child).into()), Node::Null)
            }
            Some(ty) if ty.name == "Resource" => (self.wrapped(child), Node::Null),
            Some(ty) if ty.kind == Kind::Primitive => self.primitive(child, ty),
            Some(ty) => {
                let mut object = Object::default();
                self.complex(child, Some(ty), &mut object);
                (Node::Object(object), Node::Null)
            }
            None => (self.unknown(child), Node::Null),
        };
        // Usually few names; a hostile document has many, which are then not put together.
        let near = gathered.len().saturating_sub(NAMES);
        let found = gathered[near..].iter().position(|one| one.name == name);
        let at = found.map_or(gathered.len(), |at| near + at);
        if found.is_none() {
            gathered.push(Gathered {
                name: name.to_owned(),
                many: field.is_some_and(|field| field.element.many),
                ty: field.map(|field| field.ty),
                values: Vec::new(),
                beside: Vec::new(),
            });
        }
        if let Some(one) = gathered.get_mut(at) {
            one.values.push(value);
            one.beside.push(beside);
        }
    }

    /// A value, and its id and extensions.
    fn primitive(
        &mut self,
        node: roxmltree::Node<'a, 'i>,
        ty: &Type,
    ) -> (Node<'static>, Node<'static>) {
        let value = node
            .attribute("value")
            .map_or(Node::Null, |value| typed(ty, value));
        let mut beside = Object::default();
        if let Some(id) = node.attribute("id") {
            beside.0.push(("id".into(), text(id)));
        }
        if node
            .attributes()
            .any(|attribute| !["value", "id"].contains(&attribute.name()))
        {
            self.wrong(
                node,
                "unknown-attribute",
                "FHIR R4 has no such attribute here. It is not used.",
            );
        }
        let mut gathered = Vec::new();
        let element = self.all.find("Element");
        for child in node.children().filter(roxmltree::Node::is_element) {
            self.child(child, element, &mut gathered);
        }
        for one in gathered {
            one.put(&mut beside);
        }
        let beside = if beside.0.is_empty() {
            Node::Null
        } else {
            Node::Object(beside)
        };
        (value, beside)
    }

    /// The resource in `contained` or `Bundle.entry.resource`.
    fn wrapped(&mut self, node: roxmltree::Node<'a, 'i>) -> Node<'static> {
        let mut inside = node.children().filter(roxmltree::Node::is_element);
        let Some(first) = inside.next() else {
            return Node::Object(Object::default());
        };
        if inside.next().is_some() {
            self.wrong(
                node,
                "too-many",
                "Only one resource is allowed here. The first is used.",
            );
        }
        Node::Object(self.resource(first))
    }

    /// An element FHIR does not have: kept by its names alone.
    fn unknown(&mut self, node: roxmltree::Node<'a, 'i>) -> Node<'static> {
        let only_value =
            node.attributes().len() == 1 && !node.children().any(|child| child.is_element());
        if let (true, Some(value)) = (only_value, node.attribute("value")) {
            return text(value);
        }
        let mut object = Object::default();
        self.complex(node, None, &mut object);
        Node::Object(object)
    }

    /// The narrative's own text, made to stand alone.
    fn narrative(&self, node: roxmltree::Node<'a, 'i>) -> String {
        let source = self.source.get(node.range()).unwrap_or_default();
        let head = source.split('>').next().unwrap_or_default();
        let name = head
            .trim_start_matches('<')
            .split(|c: char| c.is_whitespace() || c == '/')
            .next()
            .unwrap_or_default();
        let declaration = match name.split_once(':') {
            Some((prefix, _)) => format!("xmlns:{prefix}="),
            None => "xmlns=".to_owned(),
        };
        if head.contains(&declaration) || node.tag_name().namespace() != Some(XHTML) {
            return source.to_owned();
        }
        // The namespace was declared further out.
        let at = 1 + name.len();
        format!(
            "{} {declaration}\"{XHTML}\"{}",
            &source[..at],
            &source[at..]
        )
    }

    fn wrong(&mut self, node: roxmltree::Node<'a, 'i>, code: &'static str, text: &str) {
        if self.issues.len() >= ISSUES {
            return;
        }
        let mut names = Vec::new();
        let mut at = node;
        while at != self.root {
            let name = at.tag_name().name();
            let before = at
                .prev_siblings()
                .skip(1)
                .filter(|one| one.is_element() && one.tag_name().name() == name)
                .count();
            let more = at
                .next_siblings()
                .skip(1)
                .any(|one| one.is_element() && one.tag_name().name() == name);
            names.push(if before > 0 || more {
                format!(".{name}[{before}]")
            } else {
                format!(".{name}")
            });
            let Some(parent) = at.parent() else { break };
            at = parent;
        }
        let path = names
            .iter()
            .rev()
            .fold(self.place.to_owned(), |path, name| path + name);
        self.issues
            .push(Issue::new(Severity::Part, self.record, path, code, text));
    }
}

impl Gathered<'_> {
    fn put(self, into: &mut Object<'static>) {
        let Self {
            name,
            many,
            ty,
            mut values,
            mut beside,
        } = self;
        let list = many || values.len() > 1;
        let primitive = ty.is_some_and(|ty| ty.kind == Kind::Primitive);
        if !primitive
            || values.iter().any(|value| *value != Node::Null)
            || beside.iter().all(|one| *one == Node::Null)
        {
            let value = if list {
                Node::List(values)
            } else {
                values.pop().unwrap_or(Node::Null)
            };
            into.0.push((name.clone().into(), value));
        }
        if beside.iter().any(|one| *one != Node::Null) {
            let beside = if list {
                Node::List(beside)
            } else {
                beside.pop().unwrap_or(Node::Null)
            };
            into.0.push((format!("_{name}").into(), beside));
        }
    }
}

/// A value as JSON has it for its type; a text when it is not of its type, for the check to tell.
fn typed(ty: &Type, value: &str) -> Node<'static> {
    let number = matches!(
        ty.name,
        "integer" | "decimal" | "unsignedInt" | "positiveInt"
    );
    match (ty.name, value) {
        ("boolean", "true") => Node::Bool(true),
        ("boolean", "false") => Node::Bool(false),
        _ if number
            && matches!(crate::json::parse(value), Ok(Node::Number(digits)) if digits.len() == value.len()) =>
        {
            Node::Number(value.to_owned().into())
        }
        _ => text(value),
    }
}

fn text(value: &str) -> Node<'static> {
    Node::Text(Cow::Owned(value.to_owned()))
}

/// Writes a resource as XML. Elements go in the order of the standard.
pub fn to_xml(resource: &Object<'_>) -> String {
    let mut out = String::new();
    put_resource(resource, &mut out, true);
    out
}

fn put_resource(resource: &Object<'_>, out: &mut String, outermost: bool) {
    let name = resource
        .text("resourceType")
        .filter(|name| is_name(name))
        .unwrap_or("Resource");
    let namespace = if outermost {
        format!(" xmlns=\"{FHIR}\"")
    } else {
        String::new()
    };
    put_complex(
        name,
        &namespace,
        resource,
        definitions().resource(name),
        out,
    );
}

/// Opens, fills and closes one element.
fn put_complex(
    name: &str,
    head: &str,
    object: &Object<'_>,
    ty: Option<&'static Type>,
    out: &mut String,
) {
    let all = definitions();
    out.push('<');
    out.push_str(name);
    out.push_str(head);
    let mut children: Vec<(usize, &str)> = Vec::new();
    let mut seen = HashSet::new();
    for (key, value) in &object.0 {
        let plain = key.strip_prefix('_').unwrap_or(key);
        let resource_type = key == "resourceType" && ty.is_none_or(|ty| ty.kind == Kind::Resource);
        if resource_type || !is_name(plain) {
            continue;
        }
        match (ty.and_then(|ty| all.field(ty, plain)), value) {
            (Some(field), Node::Text(value)) if field.element.attribute => {
                put_attribute(plain, value, out)
            }
            (field, _) => {
                let order = field.map_or(usize::MAX, |field| field.number);
                if seen.insert(plain) {
                    children.push((order, plain));
                }
            }
        }
    }
    if children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    children.sort_by_key(|(order, _)| *order);
    for (_, child) in children {
        put_values(child, object, ty, out);
    }
    close(name, out);
}

/// All the values of one name.
fn put_values(name: &str, object: &Object<'_>, ty: Option<&'static Type>, out: &mut String) {
    let field = ty.and_then(|ty| definitions().field(ty, name));
    let values: Vec<&Node<'_>> = object.each(name).collect();
    let beside: Vec<&Node<'_>> = object.each(&format!("_{name}")).collect();
    for number in 0..values.len().max(beside.len()) {
        let value = values.get(number).copied().unwrap_or(&Node::Null);
        let extra = beside.get(number).and_then(|one| one.as_object());
        match (field.map(|field| field.ty), value) {
            (Some(ty), Node::Object(inside)) if ty.name == "Resource" => {
                out.push('<');
                out.push_str(name);
                out.push('>');
                put_resource(inside, out, false);
                close(name, out);
            }
            (Some(ty), Node::Text(division)) if ty.name == "xhtml" => put_narrative(division, out),
            (ty, Node::Object(inside)) => put_complex(name, "", inside, ty, out),
            (_, value) => put_primitive(name, value, extra, out),
        }
    }
}

fn put_primitive(name: &str, value: &Node<'_>, extra: Option<&Object<'_>>, out: &mut String) {
    let mut head = String::new();
    if let Some(value) = value.as_value() {
        put_attribute("value", value, &mut head);
    }
    let none = Object::default();
    put_complex(
        name,
        &head,
        extra.unwrap_or(&none),
        definitions().find("Element"),
        out,
    );
}

/// Narrative goes in as it is when it is sound, and as plain text when it is not.
fn put_narrative(division: &str, out: &mut String) {
    if parse_xml(division).is_ok_and(|document| document.root_element().tag_name().name() == "div")
    {
        out.push_str(division);
        return;
    }
    out.push_str("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
    escape(division, out);
    out.push_str("</div>");
}

fn put_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, out);
    out.push('"');
}

fn close(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Escapes what XML would read otherwise; characters it cannot hold become the replacement character.
fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            _ => out.push(letter),
        }
    }
}

/// Whether a key can be the name of an element.
fn is_name(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}
