//! A resource as a tree, whether it came as JSON or XML.
//!
//! Numbers keep the digits they came with (FHIR decimals mean something by their
//! trailing noughts), objects keep their order and their repeated keys.

use std::borrow::Cow;

/// One value of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(Cow<'a, str>),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// Names and values, in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<'a>(pub Vec<(Cow<'a, str>, Node<'a>)>);

impl<'a> Object<'a> {
    /// The value of a name; the first, if the name comes more than once.
    pub fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// The text of a name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    /// The object of a name; the first of a list.
    pub fn object(&self, name: &str) -> Option<&Object<'a>> {
        self.each(name).find_map(Node::as_object)
    }

    /// The values of a name: the items of a list, or the one value.
    pub fn each(&self, name: &str) -> impl Iterator<Item = &Node<'a>> {
        match self.get(name) {
            Some(Node::List(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        }
        .iter()
    }

    /// The objects of a name.
    pub fn objects(&self, name: &str) -> impl Iterator<Item = &Object<'a>> {
        self.each(name).filter_map(Node::as_object)
    }

    /// The first value of a choice element, with the type its name says: `choice("value")`
    /// finds `valueQuantity` and gives `Quantity`.
    pub fn choice(&self, name: &str) -> Option<(&str, &Node<'a>)> {
        self.0.iter().find_map(|(key, value)| {
            let ty = key.strip_prefix(name)?;
            ty.starts_with(|first: char| first.is_ascii_uppercase())
                .then_some((ty, value))
        })
    }
}

impl<'a> Node<'a> {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The value as it reads: a text, a number's digits, `true` or `false`.
    pub fn as_value(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            _ => None,
        }
    }
}
