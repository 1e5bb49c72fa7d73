//! Small steps through the XML tree that note what is wrong and where.

use kernel::{Issue, Severity, limits};
use roxmltree::Node;
use std::collections::HashMap;

/// The namespace of FHIR in XML.
pub(super) const FHIR: &str = "http://hl7.org/fhir";

/// Elements that may come more than once, so that their path has a number.
const LISTS: &[&str] = &[
    "entry",
    "identifier",
    "name",
    "family",
    "given",
    "telecom",
    "address",
    "line",
    "contact",
    "relationship",
    "coding",
    "question",
    "answer",
    "extension",
    "data",
    "location",
    "careProvider",
    "content",
    "supportingInformation",
    "practitionerRole",
    "destination",
    "group",
    "dosage",
];

/// Reads one document, remembering what is wrong with it.
pub(super) struct Reader<'d> {
    /// Every resource by what it can be referred to as.
    pub by_reference: HashMap<String, Node<'d, 'd>>,
    /// What is wrong.
    pub issues: Vec<Issue>,
}

/// The FHIRPath of an element, such as `Bundle.entry[2].resource.Patient.birthDate`.
pub(super) fn path(node: Node<'_, '_>) -> String {
    let mut parts = Vec::new();
    let mut at = Some(node);
    while let Some(element) = at.filter(Node::is_element) {
        let name = element.tag_name().name();
        let same = |other: &Node<'_, '_>| other.is_element() && other.tag_name().name() == name;
        let before = element.prev_siblings().skip(1).filter(same).count();
        let after = element.next_siblings().skip(1).any(|other| same(&other));
        let numbered = before > 0 || after || LISTS.contains(&name);
        parts.push(match numbered {
            true if element.parent_element().is_some() => format!("{name}[{before}]"),
            _ => name.to_owned(),
        });
        at = element.parent_element();
    }
    parts.reverse();
    parts.join(".")
}

/// The child elements with a name.
pub(super) fn children<'d>(
    node: Node<'d, 'd>,
    name: &'static str,
) -> impl Iterator<Item = Node<'d, 'd>> {
    node.children()
        .filter(move |child| child.has_tag_name((FHIR, name)))
}

/// The element at the end of a way of first children.
pub(super) fn down<'d>(node: Node<'d, 'd>, way: &[&'static str]) -> Option<Node<'d, 'd>> {
    way.iter()
        .try_fold(node, |node, name| children(node, name).next())
}

/// Name of an element.
pub(super) fn name<'d>(node: Node<'d, 'd>) -> &'d str {
    node.tag_name().name()
}

impl<'d> Reader<'d> {
    /// Notes something wrong at an element.
    pub fn wrong(
        &mut self,
        severity: Severity,
        at: Node<'d, 'd>,
        code: &'static str,
        text: impl Into<String>,
    ) {
        if self.issues.len() < limits::ISSUES_KEPT {
            self.issues
                .push(Issue::new(severity, 1, path(at), code, text));
        }
    }

    /// Notes that an element that must be there is not.
    pub fn missing(&mut self, severity: Severity, parent: Node<'d, 'd>, child: &str) {
        let place = format!("{}.{child}", path(parent));
        if self.issues.len() < limits::ISSUES_KEPT {
            self.issues.push(Issue::new(
                severity,
                1,
                place,
                "missing",
                "This is needed and is not there. Ask the sender for a whole message.",
            ));
        }
    }

    /// The one child with a name. Two of it are refused, because nobody can say
    /// which is meant.
    pub fn one(&mut self, node: Node<'d, 'd>, child: &'static str) -> Option<Node<'d, 'd>> {
        let mut all = children(node, child);
        let first = all.next();
        if let Some(second) = all.next() {
            self.wrong(
                Severity::Reject,
                second,
                "repeated-element",
                "This comes twice where it may come once. Ask the sender which is meant.",
            );
        }
        first
    }

    /// The value of an element.
    pub fn value_of(&mut self, node: Node<'d, 'd>) -> Option<String> {
        let text = node.attribute("value")?.trim();
        if text.is_empty() {
            self.wrong(
                Severity::Note,
                node,
                "empty-value",
                "An element without content is here; it was passed over.",
            );
            return None;
        }
        if text.len() > limits::TEXT_CHARACTERS && text.chars().count() > limits::TEXT_CHARACTERS {
            self.wrong(
                Severity::Reject,
                node,
                "too-long",
                format!(
                    "The text is longer than {} characters. Ask the sender to shorten it or \
                     attach it as a document.",
                    limits::TEXT_CHARACTERS
                ),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// The value of the one child with a name.
    pub fn value(&mut self, node: Node<'d, 'd>, child: &'static str) -> Option<String> {
        let child = self.one(node, child)?;
        self.value_of(child)
    }

    /// The same, with an empty text for none.
    pub fn text(&mut self, node: Node<'d, 'd>, child: &'static str) -> String {
        self.value(node, child).unwrap_or_default()
    }

    /// The values of every child with a name, with a space between.
    pub fn joined(&mut self, node: Node<'d, 'd>, child: &'static str) -> String {
        let found: Vec<_> = children(node, child).collect();
        let values: Vec<String> = found
            .into_iter()
            .filter_map(|one| self.value_of(one))
            .collect();
        values.join(" ")
    }

    /// The resource that a reference element points to.
    pub fn target(&mut self, reference: Node<'d, 'd>) -> Option<Node<'d, 'd>> {
        let wanted = self.value(reference, "reference")?;
        let found = self.by_reference.get(&wanted).copied();
        if found.is_none() {
            self.wrong(
                Severity::Note,
                reference,
                "reference-not-found",
                "It refers to a resource that is not in the message.",
            );
        }
        found
    }

    /// The resource that a child reference points to, if it is of a type.
    pub fn follow(
        &mut self,
        node: Node<'d, 'd>,
        child: &'static str,
        kind: &str,
    ) -> Option<Node<'d, 'd>> {
        let reference = children(node, child).next()?;
        self.target(reference).filter(|found| name(*found) == kind)
    }

    /// Files the resources of a bundle and of the bundles in it, and gives those
    /// of the bundle itself in order.
    pub fn file(&mut self, bundle: Node<'d, 'd>) -> Vec<Node<'d, 'd>> {
        let mut own = Vec::new();
        for entry in children(bundle, "entry") {
            let inside = down(entry, &["resource"])
                .and_then(|resource| resource.children().find(Node::is_element));
            let Some(resource) = inside else { continue };
            let id = down(resource, &["id"]).and_then(|id| id.attribute("value"));
            let url = down(entry, &["fullUrl"]).and_then(|url| url.attribute("value"));
            let keys = [
                url.map(str::to_owned),
                id.map(|id| format!("{}/{id}", name(resource))),
                id.map(|id| format!("urn:uuid:{id}")),
            ];
            for key in keys.into_iter().flatten() {
                self.by_reference.entry(key).or_insert(resource);
            }
            if name(resource) == "Bundle" {
                self.file(resource);
            }
            own.push(resource);
        }
        own
    }
}
