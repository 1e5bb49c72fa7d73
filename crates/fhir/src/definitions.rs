//! The structure of every FHIR R4 type, from `definitions/r4.txt`.
//!
//! Source: HL7 FHIR R4 4.0.1 (2019). The table is made by `cargo xtask fhir-pack`; its
//! header says how it is laid out. It is read once, at first use.

use std::collections::HashMap;
use std::sync::OnceLock;

const PACK: &str = include_str!("../definitions/r4.txt");

/// What kind of structure a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A resource, such as `Patient`.
    Resource,
    /// A data type, such as `HumanName`.
    Complex,
    /// A group of elements inside one type, such as `Patient.contact`.
    Group,
    /// A value, such as `date`.
    Primitive,
}

/// One structure.
#[derive(Debug)]
pub struct Type {
    /// Its name, such as `Patient`, `HumanName`, `Patient.contact` or `date`.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// Its elements in the order of the standard, which is their order in XML.
    pub elements: Vec<Element>,
    /// JSON names in alphabetical order, each with its element and type.
    fields: Vec<(Box<str>, u16, u16)>,
}

/// One element of a structure.
#[derive(Debug)]
pub struct Element {
    /// Its name, without `[x]`.
    pub name: &'static str,
    /// Fewest allowed.
    pub min: u8,
    /// Whether more than one is allowed.
    pub many: bool,
    /// Whether it is an attribute in XML.
    pub attribute: bool,
    /// Whether its name carries its type, as in `valueQuantity`.
    pub choice: bool,
    /// The codes allowed, when a list is required and can be listed.
    pub codes: Option<&'static str>,
    types: Vec<u16>,
}

impl Element {
    /// Whether a code is in the required list (always, when there is none).
    pub fn allows(&self, code: &str) -> bool {
        self.codes
            .is_none_or(|codes| codes.split(' ').any(|one| one == code))
    }
}

/// A JSON name found in a structure.
#[derive(Clone, Copy, Debug)]
pub struct Field<'d> {
    /// The element.
    pub element: &'d Element,
    /// Its number in the structure, from 0.
    pub number: usize,
    /// The type its name says.
    pub ty: &'d Type,
}

/// All structures.
#[derive(Debug)]
pub struct Definitions {
    types: Vec<Type>,
    by_name: HashMap<&'static str, u16>,
}

/// The definitions, read at first use.
pub fn definitions() -> &'static Definitions {
    static READ: OnceLock<Definitions> = OnceLock::new();
    READ.get_or_init(|| Definitions::read(PACK))
}

impl Definitions {
    /// A structure by name.
    pub fn find(&self, name: &str) -> Option<&Type> {
        self.by_name
            .get(name)
            .and_then(|at| self.types.get(usize::from(*at)))
    }

    /// A concrete resource type by name.
    pub fn resource(&self, name: &str) -> Option<&Type> {
        let concrete = name != "Resource" && name != "DomainResource";
        self.find(name)
            .filter(|ty| ty.kind == Kind::Resource && concrete)
    }

    /// Every structure, in alphabetical order.
    pub fn types(&self) -> &[Type] {
        &self.types
    }

    /// An element of a structure by its JSON name (without the underscore of `_birthDate`).
    pub fn field<'d>(&'d self, ty: &'d Type, name: &str) -> Option<Field<'d>> {
        let at = ty
            .fields
            .binary_search_by(|field| (*field.0).cmp(name))
            .ok()?;
        let (_, number, kind) = &ty.fields[at];
        let number = usize::from(*number);
        Some(Field {
            element: &ty.elements[number],
            number,
            ty: &self.types[usize::from(*kind)],
        })
    }

    fn read(pack: &'static str) -> Self {
        let lines = || pack.lines().filter(|line| !line.starts_with('#'));
        let mut by_name = HashMap::new();
        let mut codes = HashMap::new();
        let mut types = Vec::new();
        for line in lines() {
            let Some((word, rest)) = line.split_once(' ').filter(|(word, _)| !word.is_empty())
            else {
                continue;
            };
            let kind = match word {
                "resource" => Kind::Resource,
                "type" => Kind::Complex,
                "group" => Kind::Group,
                "primitive" => Kind::Primitive,
                _ => {
                    codes.extend(rest.split_once(' '));
                    continue;
                }
            };
            by_name.insert(rest, number(types.len()));
            types.push(Type {
                name: rest,
                kind,
                elements: Vec::new(),
                fields: Vec::new(),
            });
        }
        let mut current = 0;
        for line in lines() {
            match line.strip_prefix(' ') {
                Some(line) => {
                    if let (Some(element), Some(ty)) =
                        (element(line, &by_name, &codes), types.get_mut(current))
                    {
                        ty.elements.push(element);
                    }
                }
                None => {
                    current = line
                        .split_once(' ')
                        .and_then(|(_, name)| by_name.get(name))
                        .map_or(0, |at| usize::from(*at))
                }
            }
        }
        let names: Vec<&str> = types.iter().map(|ty| ty.name).collect();
        for ty in &mut types {
            ty.fields = fields(&ty.elements, &names);
        }
        Self { types, by_name }
    }
}

fn element(
    line: &'static str,
    by_name: &HashMap<&'static str, u16>,
    codes: &HashMap<&'static str, &'static str>,
) -> Option<Element> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let (attribute, name) = name
        .strip_prefix('@')
        .map_or((false, name), |name| (true, name));
    let (choice, name) = name
        .strip_suffix("[x]")
        .map_or((false, name), |name| (true, name));
    Some(Element {
        name,
        attribute,
        choice,
        min: words.next()?.parse().ok()?,
        many: words.next()? == "*",
        types: words
            .next()?
            .split('|')
            .filter_map(|ty| by_name.get(ty).copied())
            .collect(),
        codes: words.next().and_then(|list| codes.get(list).copied()),
    })
}

fn fields(elements: &[Element], names: &[&str]) -> Vec<(Box<str>, u16, u16)> {
    let mut fields = Vec::new();
    for (at, element) in elements.iter().enumerate() {
        for ty in &element.types {
            let name = if element.choice {
                let mut letters = names[usize::from(*ty)].chars();
                let first = letters.next().map(|letter| letter.to_ascii_uppercase());
                element.name.chars().chain(first).chain(letters).collect()
            } else {
                element.name.to_owned()
            };
            fields.push((name.into_boxed_str(), number(at), *ty));
        }
    }
    fields.sort_unstable();
    fields
}

/// The table has a few hundred structures; a number that does not fit points at none.
fn number(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let all = definitions();
        let resources = all.types().iter().filter(|ty| ty.kind == Kind::Resource);
        assert_eq!(
            resources.count(),
            148,
            "146 concrete ones, Resource and DomainResource"
        );
        for ty in all.types() {
            assert!(
                ty.elements.len() < 128,
                "{}: the checker keeps one bit an element",
                ty.name
            );
            assert!(
                ty.kind == Kind::Primitive || !ty.elements.is_empty(),
                "{} has no elements",
                ty.name
            );
            for element in &ty.elements {
                assert!(
                    !element.types.is_empty(),
                    "{}.{} has no type",
                    ty.name,
                    element.name
                );
            }
        }
    }

    #[test]
    fn names_lead_to_elements_and_types() {
        let all = definitions();
        let cases = [
            ("Patient", "deceasedDateTime", "deceased", "dateTime"),
            ("Patient", "contact", "contact", "Patient.contact"),
            ("Patient", "id", "id", "id"),
            ("HumanName", "given", "given", "string"),
            ("Extension", "valueQuantity", "value", "Quantity"),
            ("Questionnaire.item", "item", "item", "Questionnaire.item"),
            ("Bundle.entry", "resource", "resource", "Resource"),
            ("Narrative", "div", "div", "xhtml"),
        ];
        for (ty, name, element, kind) in cases {
            let field = all.field(all.find(ty).unwrap(), name).unwrap();
            assert_eq!(
                (field.element.name, field.ty.name),
                (element, kind),
                "{ty}.{name}"
            );
        }
        assert!(
            all.field(all.find("Patient").unwrap(), "deceased")
                .is_none()
        );
        assert!(
            all.field(all.find("Patient").unwrap(), "shoeSize")
                .is_none()
        );
        assert!(all.resource("Resource").is_none());
        let gender = all
            .field(all.find("Patient").unwrap(), "gender")
            .unwrap()
            .element;
        assert!(gender.allows("female") && !gender.allows("F"));
    }
}
