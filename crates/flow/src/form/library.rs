//! The forms of a place: those that are built in, with a place's own over them.

use super::{Form, FormError, read};

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../policy/", $name)))),+]
    };
}

/// The files as they are built in: path under `policy/` and text.
pub const BUILTIN: &[(&str, &str)] = files![
    "forms/carers-assessment-1.json",
    "forms/initial-screening-1.json",
    "forms/needs-assessment-1.json",
    "forms/reablement-goals-1.json",
    "forms/referral-1.json",
    "forms/trusted-assessment-1.json",
];

/// Every version of every form. A version that somebody has begun with must stay: a new one is
/// a further file, and the old one becomes `retired`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms(Vec<Form>);

impl Forms {
    /// The forms that are built in. A test holds that they have no errors.
    pub fn builtin() -> Self {
        Self::from_texts(&[]).unwrap_or_default()
    }

    /// The built-in forms with a place's own over them: each pair is a path under `policy/`
    /// (such as `forms/referral-2.json`) and its text. A version that is given stands in for the built-in one of the same name and version;
    /// so does a file of the same name.
    ///
    /// # Errors
    /// Everything wrong with the files. Forms with a fault are never used in part.
    pub fn from_texts(given: &[(&str, &str)]) -> Result<Self, Vec<FormError>> {
        let mut forms: Vec<Form> = Vec::new();
        let mut errors = Vec::new();
        let replaced = |name: &str| given.iter().any(|(file, _)| *file == name);
        let kept = BUILTIN.iter().filter(|(name, _)| !replaced(name));
        let mut own: Vec<(String, String)> = Vec::new();
        for (is_own, (file, text)) in kept
            .map(|one| (false, one))
            .chain(given.iter().map(|one| (true, one)))
        {
            match read(file, text) {
                Ok(form) => {
                    let same = |one: &Form| one.name == form.name && one.version == form.version;
                    if is_own && own.contains(&(form.name.clone(), form.version.clone())) {
                        errors.push(FormError {
                            file: (*file).to_owned(),
                            at: "the form".to_owned(),
                            what: "another file has the same name and version: keep one".to_owned(),
                        });
                    }
                    forms.retain(|one| !same(one));
                    if is_own {
                        own.push((form.name.clone(), form.version.clone()));
                    }
                    forms.push(form);
                }
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        forms.sort_by(|one, other| (&one.name, number(one)).cmp(&(&other.name, number(other))));
        Ok(Self(forms))
    }

    /// A version of a form.
    pub fn get(&self, name: &str, version: &str) -> Option<&Form> {
        self.0
            .iter()
            .find(|one| one.name == name && one.version == version)
    }

    /// The version that a new one is begun with: the latest that is not retired.
    pub fn latest(&self, name: &str) -> Option<&Form> {
        self.0
            .iter()
            .rev()
            .find(|one| one.name == name && !one.retired)
    }

    /// Every form that can be begun, in its latest version, by name.
    pub fn current(&self) -> Vec<&Form> {
        let mut names: Vec<&str> = self.0.iter().map(|one| one.name.as_str()).collect();
        names.dedup();
        names.iter().filter_map(|name| self.latest(name)).collect()
    }
}

/// Versions are compared as numbers where they are numbers.
fn number(form: &Form) -> (u64, &str) {
    (form.version.parse().unwrap_or(u64::MAX), &form.version)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const OWN: &str = r#"{"resourceType":"Questionnaire","name":"referral","url":"https://x.example/r","version":"10",
        "title":"Ours","status":"active","item":[{"linkId":"s","text":"S","type":"group","item":[{"linkId":"a","text":"A?","type":"string"}]}]}"#;

    #[test]
    fn the_built_in_forms_have_no_errors() {
        let forms = Forms::from_texts(&[]).unwrap();
        assert_eq!(Forms::builtin(), forms);
        let names: Vec<&str> = forms
            .current()
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "carers-assessment",
                "initial-screening",
                "needs-assessment",
                "reablement-goals",
                "referral",
                "trusted-assessment"
            ]
        );
    }

    #[test]
    fn a_further_version_takes_over_and_the_old_one_stays() {
        let forms = Forms::from_texts(&[("forms/referral-10.json", OWN)]).unwrap();
        assert_eq!(forms.latest("referral").unwrap().title, "Ours");
        assert!(forms.get("referral", "1").is_some());
        let retired = OWN.replace("active", "retired");
        let forms = Forms::from_texts(&[("forms/referral-10.json", &retired)]).unwrap();
        assert_eq!(forms.latest("referral").unwrap().version, "1");
        assert!(forms.get("referral", "10").unwrap().retired);
        let first = OWN.replace("\"10\"", "\"1\"");
        let forms = Forms::from_texts(&[("forms/ours.json", &first)]).unwrap();
        assert_eq!(forms.get("referral", "1").unwrap().title, "Ours");
        let both = [
            ("forms/a.json", first.as_str()),
            ("forms/b.json", first.as_str()),
        ];
        assert_eq!(Forms::from_texts(&both).unwrap_err().len(), 1);
        assert_eq!(
            Forms::from_texts(&[("forms/c.json", "{")])
                .unwrap_err()
                .len(),
            1
        );
    }
}
