//! Filling in a form of a page as a browser would: what stands in it goes along.

/// A form as it stands on a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Names and values that would be sent.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The first posted form of a page that has a field of this name.
    pub fn with_field(page: &str, field: &str) -> Option<Self> {
        page.split("<form")
            .skip(1)
            .filter_map(|rest| rest.split("</form").next())
            .find_map(|text| {
                let (opening, inside) = text.split_once('>')?;
                let fields = fields(inside);
                let known = fields.iter().any(|(name, _)| name == field);
                (known && opening.contains("post")).then(|| Self {
                    action: attribute(opening, "action").unwrap_or_default(),
                    fields,
                })
            })
    }

    /// Puts a value into a field.
    pub fn set(&mut self, field: &str, value: &str) {
        for (name, old) in &mut self.fields {
            if name == field {
                value.clone_into(old);
            }
        }
    }

    /// Names and values, to send.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

fn fields(inside: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut rest = inside;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let Some((element, after)) = rest.split_once('>') else {
            break;
        };
        let kind = element.split_whitespace().next().unwrap_or_default();
        let Some(name) = attribute(element, "name") else {
            continue;
        };
        let value = match kind {
            "input" => input(element),
            "textarea" => after.split("</textarea").next().map(unescape),
            "select" => after.split("</select").next().and_then(chosen),
            _ => None,
        };
        fields.extend(value.map(|value| (name, value)));
    }
    fields
}

/// What an input would send; nothing for a box that is not ticked.
fn input(element: &str) -> Option<String> {
    let kind = attribute(element, "type").unwrap_or_default();
    let sends = match kind.as_str() {
        "radio" | "checkbox" => element
            .split_whitespace()
            .any(|word| word == "checked" || word.starts_with("checked=")),
        "submit" | "button" => false,
        _ => true,
    };
    sends.then(|| attribute(element, "value").unwrap_or_default())
}

/// The chosen option of a list, or its first.
fn chosen(options: &str) -> Option<String> {
    let opening: Vec<&str> = options
        .split("<option")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .collect();
    let chosen = opening
        .iter()
        .find(|option| option.contains("selected"))
        .or(opening.first())?;
    attribute(chosen, "value")
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(unescape)
}

/// Text as it is meant, of text as it stands in a page.
pub fn unescape(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_form_goes_along() {
        let page = r#"<form action="/sign-out" method="post"><button name="x">Out</button></form>
            <form action="/a?b=1&amp;c=2" method="post" novalidate>
            <input type="hidden" name="version" value="3"><input class="i" name="what" value="Ring &quot;home&quot;">
            <textarea name="why" rows="5">a &lt; b</textarea>
            <select name="who"><option value="1">One</option><option value="2" selected>Two</option></select>
            <input type="radio" name="r" value="n"><input type="radio" name="r" value="y" checked>
            <input type="submit" name="s" value="Save"></form>"#;
        let mut form = Form::with_field(page, "what").unwrap();
        form.set("what", "other");
        assert_eq!(form.action, "/a?b=1&c=2");
        assert_eq!(
            form.pairs(),
            [
                ("version", "3"),
                ("what", "other"),
                ("why", "a < b"),
                ("who", "2"),
                ("r", "y")
            ]
        );
        assert_eq!(Form::with_field(page, "gone"), None);
    }
}
