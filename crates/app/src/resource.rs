//! Resources off the shelf, to be read: JSON as they came, or JSON made from XML.

use fhir::tree::{Node, Object};
use std::borrow::Cow;

/// A resource's text as JSON. `None` when it cannot be read.
pub(crate) fn json<'b>(bytes: &'b [u8], xml: bool, resource_type: &str) -> Option<Cow<'b, str>> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !xml {
        return Some(text.into());
    }
    // An element taken out of a bundle may leave its namespace behind.
    let text = match text.find("?>") {
        Some(end) if text.starts_with("<?xml") => &text[end + 2..],
        _ => text,
    };
    let whole = format!("<in xmlns=\"{}\">{text}</in>", fhir::convert::FHIR);
    let document = fhir::xml::parse_xml(&whole).ok()?;
    let resource = document.root_element().first_element_child()?;
    let mut issues = Vec::new();
    let tree = fhir::convert::from_xml(resource, &whole, 1, resource_type, &mut issues);
    Some(fhir::json::write(&Node::Object(tree)).into())
}

/// What a function makes of a resource's tree. `None` when it cannot be read.
pub(crate) fn with_tree<T>(
    resource: &store::timeline::Resource,
    work: impl FnOnce(&Object<'_>) -> T,
) -> Option<T> {
    let text = json(&resource.bytes, resource.xml, &resource.resource_type)?;
    match fhir::json::parse(&text) {
        Ok(Node::Object(tree)) => Some(work(&tree)),
        _ => None,
    }
}
