//! A place with people, the API on it, and a client with every scope.

use access::Actor;
use app::api::{NewClient, Scope};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use store::inbox::InboxKind;
use tower::ServiceExt;

pub struct House {
    pub place: testkit::Place,
    pub token: String,
    router: Router,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// Ids of a Bundle's entries, included ones with a plus before.
    pub fn ids(&self) -> Vec<String> {
        let bundle = self.json();
        assert_eq!(bundle["resourceType"], "Bundle", "{bundle}");
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        let id = |entry: &Value| {
            let id = entry["resource"]["id"].as_str().unwrap().to_owned();
            match entry["search"]["mode"].as_str() {
                Some("include") => format!("+{id}"),
                _ => id,
            }
        };
        entries.iter().map(id).collect()
    }

    /// Address of the next page, from the API's path on.
    pub fn next(&self) -> Option<String> {
        let links = self.json()["link"].as_array().cloned().unwrap_or_default();
        let next = links.iter().find(|link| link["relation"] == "next")?;
        let url = next["url"].as_str()?;
        url.split_once("/fhir").map(|(_, rest)| rest.to_owned())
    }

    /// That it is an OperationOutcome with a status, a code and a place.
    pub fn refused(&self, status: u16, code: &str, at: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        let issue = &outcome["issue"][0];
        assert_eq!(issue["code"], code, "{outcome}");
        assert!(!issue["diagnostics"].as_str().unwrap().is_empty());
        let place = issue["expression"][0].as_str().unwrap_or("");
        assert_eq!(place, at, "{outcome}");
    }
}

pub fn patient(id: &str, number: &str, family: &str) -> Value {
    json!({
        "resourceType": "Patient", "id": id,
        "identifier": [{ "system": "https://fhir.nhs.uk/Id/nhs-number", "value": number }],
        "name": [{ "use": "official", "family": family, "given": ["Arthur"] }],
        "gender": "male", "birthDate": "1938-04-03",
        "address": [{ "postalCode": "ZZ1 4AB" }],
        "managingOrganization": { "reference": "Organization/trust" },
    })
}

pub fn observation(id: &str, patient: &str, code: &str, day: &str) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final",
        "code": { "coding": [{ "system": "http://loinc.org", "code": code }] },
        "subject": { "reference": format!("Patient/{patient}") },
        "encounter": { "reference": "Encounter/stay" },
        "effectiveDateTime": day,
        "valueQuantity": { "value": 36.60, "unit": "C" },
    })
}

/// What arrived before the API is asked.
pub fn resources() -> Vec<Value> {
    vec![
        json!({ "resourceType": "Organization", "id": "trust", "name": "Barsetshire Hospitals Trust" }),
        patient("arthur", "9990000018", "Jones"),
        patient("other", "9990000026", "Smith"),
        json!({
            "resourceType": "Encounter", "id": "stay", "status": "finished",
            "class": { "code": "IMP" }, "subject": { "reference": "Patient/arthur" },
            "period": { "start": "2018-03-01", "end": "2018-03-09" },
            "serviceProvider": { "reference": "Organization/trust" },
        }),
        observation("one", "arthur", "8310-5", "2018-03-01"),
        observation("two", "arthur", "8310-5", "2018-03-02"),
        observation("three", "arthur", "8867-4", "2018-03-03"),
        observation("others", "other", "8310-5", "2018-03-02"),
    ]
}

impl House {
    pub fn new() -> Self {
        let place = testkit::place();
        let lines: Vec<String> = resources().iter().map(Value::to_string).collect();
        let operator = Actor::operator();
        let report = place
            .app
            .take_in(
                &operator,
                InboxKind::Fhir,
                "start",
                lines.join("\n").as_bytes(),
            )
            .unwrap();
        assert_eq!(report.arrival.counts.rejected, 0, "{:?}", report.issues);
        place.tie_all();
        let scopes = Scope::ALL.map(|scope| scope.as_str().to_owned());
        let token = client(&place, "all", "practitioner", &scopes);
        let router = api::router(place.app.clone(), api::Config::default());
        Self {
            place,
            token,
            router,
        }
    }

    pub fn client(&self, name: &str, role: &str, scopes: &[Scope]) -> String {
        let scopes: Vec<String> = scopes.iter().map(|one| one.as_str().to_owned()).collect();
        client(&self.place, name, role, &scopes)
    }

    pub fn send(&self, request: Request<Body>) -> Reply {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.unwrap();
            let (head, body) = answer.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            Reply {
                status: head.status,
                headers: head.headers,
                text: String::from_utf8(bytes.to_vec()).unwrap(),
            }
        })
    }

    pub fn request(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: &str,
    ) -> Request<Body> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/fhir{path}"))
            .header("host", "api.example")
            .header("content-type", "application/fhir+json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.body(Body::from(body.to_owned())).unwrap()
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send(self.request("GET", path, Some(&self.token), ""))
    }

    pub fn post(&self, path: &str, body: &str) -> Reply {
        self.send(self.request("POST", path, Some(&self.token), body))
    }

    /// The journal's newest rows: action, actor, detail, results, and whether a person is named.
    pub fn journal(&self, rows: i64) -> Vec<(String, String, String, i64, bool)> {
        let read = |tx: &mut dyn store::Tx| {
            let place = tx.place().to_owned();
            tx.query(
                "SELECT action, actor, detail, results, person_id FROM journal \
                 WHERE place = ?1 ORDER BY sequence DESC LIMIT ?2",
                &[place.into(), rows.into()],
            )?
            .iter()
            .map(|row| {
                Ok::<_, store::Error>((
                    row.text(0)?.to_owned(),
                    row.text(1)?.to_owned(),
                    row.text(2)?.to_owned(),
                    row.int(3)?,
                    row.opt_text(4)?.is_some(),
                ))
            })
            .collect()
        };
        self.place.app.store().read(read).unwrap()
    }
}

fn client(place: &testkit::Place, name: &str, role: &str, scopes: &[String]) -> String {
    let new = NewClient {
        name,
        organisation: "ZRB",
        role,
        purpose: app::api::PURPOSE,
        scopes,
        days: 30,
    };
    place
        .app
        .add_api_client(&Actor::operator(), &new)
        .unwrap()
        .token
}
