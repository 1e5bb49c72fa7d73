//! What is printed as JSON, held against its schema beside the documentation.

use serde_json::Value;
use std::path::Path;

/// Asserts that a value fits the published schema of a name, such as `fund-share`.
pub fn assert_fits(value: &Value, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/reference/schemas")
        .join(format!("{name}.json"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut faults = Vec::new();
    fits(value, &schema, name, &mut faults);
    assert_eq!(faults, [""; 0]);
}

/// The words of JSON Schema that the schemas of what is printed use: type, enum, properties,
/// required, additionalProperties, items, minItems and maxItems. Every object names its fields and
/// has no others.
fn fits(value: &Value, schema: &Value, at: &str, faults: &mut Vec<String>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|one| one == kind),
        one => one == kind,
    };
    if !allowed {
        faults.push(format!("{at}: is {kind}, not {}", schema["type"]));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        faults.push(format!("{at}: {value} is not allowed"));
    }
    if let Some(object) = value.as_object() {
        let known = schema["properties"].as_object();
        if known.is_none_or(|known| known.is_empty()) || schema["additionalProperties"] != false {
            faults.push(format!("{at}: the schema does not name every field"));
        }
        for name in schema["required"].as_array().unwrap() {
            if !object.contains_key(name.as_str().unwrap()) {
                faults.push(format!("{at}: {name} is missing"));
            }
        }
        for (name, one) in object {
            match known.and_then(|known| known.get(name)) {
                Some(schema) => fits(one, schema, &format!("{at}/{name}"), faults),
                None => faults.push(format!("{at}: {name} is not in the schema")),
            }
        }
    }
    if let Some(list) = value.as_array() {
        let least = schema["minItems"].as_u64().unwrap_or(0);
        let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX);
        if !(least..=most).contains(&(list.len() as u64)) {
            faults.push(format!("{at}: has {} items", list.len()));
        }
        for (number, one) in list.iter().enumerate() {
            fits(one, &schema["items"], &format!("{at}/{number}"), faults);
        }
    }
}
