//! Checks before sending, compared with the service's own library and with what it accepted and refused.

use std::collections::BTreeMap;

use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};
use notify_http::check::{
    self, CheckResult, Problem, SmsText, missing_personalisation, unused_personalisation,
};
use notify_http::model::{File, Personalisation, Template, TemplateId};
use notify_http::{SendEmail, SendLetter, SendSms};
use notify_testkit::wire::{self, Exchange, Recording};
use serde_json::{Value, json};

use crate::call::body;

/// Beyond this point no assigned character has an accent: only ideographs, tags and private use follow.
const LAST_SCRIPT: char = '\u{2ffff}';

/// A template with this text, as the service serves it.
fn template(kind: &str, content: &str, subject: &Value, placeholders: &Value) -> Template {
    let rules: BTreeMap<&str, Value> = placeholders
        .as_array()
        .unwrap()
        .iter()
        .map(|name| (name.as_str().unwrap(), json!({"required": true})))
        .collect();
    let json = json!({
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a", "name": "n", "type": kind, "version": 1, "body": content,
        "created_at": "2026-11-23T10:37:19.031939Z", "subject": subject, "personalisation": rules,
    });
    serde_json::from_value(json).unwrap()
}

/// The values of a case; null means that none was given. `None` if our types cannot represent one of them.
fn values(values: &Value) -> Option<Personalisation> {
    let given = values.as_object().cloned().unwrap_or_default();
    let mut given: serde_json::Map<String, Value> =
        given.into_iter().filter(|(_, value)| !value.is_null()).collect();
    // The service leaves out a null in a list.
    for value in given.values_mut() {
        if let Value::Array(items) = value {
            items.retain(|item| !item.is_null());
        }
    }
    serde_json::from_value(Value::Object(given)).ok()
}

#[test]
fn text_messages_arrive_and_cost_as_recorded() {
    for case in wire::table("cases/sms_fragments.json").unwrap()["cases"].as_array().unwrap() {
        let text = SmsText::new(case["content"].as_str().unwrap());
        let ours = json!([text.as_str(), text.characters(), text.fragments(), text.is_too_long()]);
        let theirs = ["sent", "characters", "fragments", "too_long"].map(|name| case[name].clone());
        assert_eq!(ours, json!(theirs), "{}", case["content"]);
    }
}

#[test]
fn each_character_arrives_as_recorded() {
    let table = wire::table("cases/sms_characters.json").unwrap();
    let (unchanged, replaced) =
        (table["unchanged"].as_str().unwrap(), table["replaced"].as_object().unwrap());
    // White space is tidied before characters are examined, so on its own it never gets that far.
    for c in (' '..='\u{ffff}').filter(|c| !c.is_whitespace()) {
        let recorded = replaced.get(&c.to_string()).map(|other| other.as_str().unwrap());
        let expected = match recorded {
            None if unchanged.contains(c) => c.to_string(),
            // Here the service fails, so nobody can say what would arrive.
            Some(error) if error.starts_with("error ") => "?".to_owned(),
            other => other.unwrap_or("?").to_owned(),
        };
        let text = SmsText::new(&format!("z{c}z"));
        assert_eq!(text.as_str(), format!("z{expected}z"), "{c:?}");
        let listed = text.replaced().get(&c).cloned();
        // Zero-width white space is removed when the line is tidied, before it could be replaced.
        let is_changed = expected != c.to_string() && !expected.is_empty();
        assert_eq!(listed, is_changed.then_some(expected), "{c:?}");
    }
}

#[test]
fn a_list_has_the_length_that_the_service_counts() {
    let sms = template("sms", "((l))", &json!(null), &json!(["l"]));
    for obscure in ['\u{202f}', '\u{2028}', '\u{2029}', '\u{a0}', '\u{feff}'] {
        let items = vec![format!("a{obscure}"); 306];
        let given = Personalisation::from_iter([("l", items)]);
        // 306 letters, 304 commas, 305 spaces and "and ".
        assert_eq!(SmsText::of(&sms, &given).characters(), 306 + 304 + 305 + 4, "{obscure:?}");
        let values = Personalisation::from_iter([("l", vec![format!("a{obscure}"); 305])]);
        let message = SendSms::new(sms.id, "07900900123").personalisations(values);
        assert_eq!(check::sms(&message, &sms), CheckResult::Unknown, "{obscure:?}");
    }
}

#[test]
fn a_name_with_a_final_sigma_takes_its_value() {
    let sms = template("sms", "((ΟΔΟΣ))", &json!(null), &json!(["ΟΔΟΣ"]));
    let given = Personalisation::from_iter([("Οδος", "Ermou")]);
    assert!(missing_personalisation(&sms, &given).is_empty());
    assert!(unused_personalisation(&sms, &given).is_empty());
    assert_eq!(SmsText::of(&sms, &given).as_str(), "Ermou");
    let other = Personalisation::from_iter([("οδοσ", "Ermou")]);
    assert_eq!(missing_personalisation(&sms, &other), ["ΟΔΟΣ"]);
    let email = template("email", "((ΟΔΟΣ))", &json!("s"), &json!(["ΟΔΟΣ"]));
    let message = SendEmail::new(email.id, "kim@example.com").file("Οδος", File::new("x"));
    assert_eq!(check::email(&message, &email), CheckResult::Unknown);
}

#[test]
fn letters_lose_their_accents_as_another_library_decomposes_them() {
    let decomposition = CanonicalDecompositionBorrowed::new();
    for c in (char::MIN..=LAST_SCRIPT).filter(|c| !c.is_whitespace()) {
        let text = SmsText::new(&format!("a{c}b"));
        let Some(ours) = text.replaced().get(&c) else { continue };
        let is_syllable = ('\u{ac00}'..='\u{d7a3}').contains(&c);
        match decomposition.decompose(c) {
            Decomposed::Singleton(base) | Decomposed::Expansion(base, _)
                if !is_syllable && u32::from(base) <= 0xffff =>
            {
                let is_sent = SmsText::new(&base.to_string()).replaced().is_empty();
                assert_eq!(*ours, if is_sent { base.to_string() } else { "?".to_owned() }, "{c:?}");
            }
            _ => assert!(ours.len() < 2 || ours == "...", "{c:?} {ours}"),
        }
    }
}

/// Every template that the recorded services served.
fn served_templates(recordings: &[Recording]) -> BTreeMap<TemplateId, Template> {
    let answers = recordings.iter().flat_map(|recording| &recording.exchanges);
    let answers = answers.filter_map(|exchange| exchange.response.as_ref()?.json.as_ref());
    let templates = answers.flat_map(|json| match json["templates"].as_array() {
        Some(list) => list.clone(),
        None => vec![json.clone()],
    });
    // A preview names no placeholders.
    let templates = templates.filter(|json| json["personalisation"].is_object());
    let mut templates: Vec<Template> =
        templates.filter_map(|json| serde_json::from_value(json).ok()).collect();
    templates.sort_by_key(|template| template.version);
    templates.into_iter().map(|template| (template.id, template)).collect()
}

#[test]
fn the_missing_placeholders_are_those_that_the_service_named() {
    let recordings = [Recording::gov_uk().unwrap(), Recording::generated().unwrap()];
    let templates = served_templates(&recordings);
    let mut compared = 0;
    for exchange in recordings.iter().flat_map(|recording| &recording.exchanges) {
        let Some(json) = exchange.response.as_ref().and_then(|response| response.json.as_ref()) else {
            continue;
        };
        let message = json["errors"][0]["message"].as_str().unwrap_or_default();
        let Some(missing) = message.strip_prefix("Missing personalisation: ") else { continue };
        let Ok(Some(body)) = exchange.request.body() else { continue };
        let Ok(body) = serde_json::from_slice::<Value>(&body) else { continue };
        let in_path = || exchange.request.path.split('/').nth(3);
        let id = body["template_id"].as_str().or_else(in_path).and_then(|id| id.parse().ok());
        let Some(template) = id.and_then(|id: TemplateId| templates.get(&id)) else { continue };
        // Our types cannot represent null, which cancels what another spelling of the name has set.
        if body["personalisation"].as_object().is_some_and(|given| given.values().any(Value::is_null)) {
            continue;
        }
        // Nor an object, which the service would print in Python's notation.
        let Some(given) = values(&body["personalisation"]) else { continue };
        let ours = missing_personalisation(template, &given);
        assert_eq!(ours.join(", "), missing, "{}", exchange.name);
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn values_without_a_placeholder_are_named() {
    let letter =
        template("letter", "((name))", &json!("((Reference Number))"), &json!(["name", "Reference Number"]));
    let given = Personalisation::from_iter(
        [
            "NAME",
            "reference_number",
            "nmae",
            "address_line_1",
            "address_line_7",
            "postcode",
            "address_line_x",
        ]
        .map(|name| (name, "x")),
    );
    assert_eq!(unused_personalisation(&letter, &given), ["address_line_x", "nmae"]);
    let sms = template("sms", "((name))", &json!(null), &json!(["name"]));
    assert_eq!(unused_personalisation(&sms, &Personalisation::from_iter([("postcode", "x")])), ["postcode"]);
}

#[test]
fn a_file_fills_its_placeholder() {
    let template = template("email", "((link_to_file))", &json!("s"), &json!(["link_to_file"]));
    let email = SendEmail::new(template.id, "kim@example.com");
    let missing = Problem::MissingPersonalisation(vec!["link_to_file".to_owned()]);
    assert_eq!(check::email(&email, &template), CheckResult::Refused(vec![missing]));
    let with_file = email.file("Link to file", File::new("x"));
    assert_eq!(check::email(&with_file, &template), CheckResult::Unknown);
    let result = check::email(&with_file.file("Link to file", File::new("")), &template);
    let CheckResult::Refused(problems) = result else { panic!("an empty file was let through") };
    assert_eq!(problems[0].to_string(), "Link to file must not be an empty file");
}

#[test]
fn another_template_gives_no_result() {
    let template = template("email", "((name))", &json!("s"), &json!(["name"]));
    let other = TemplateId::from_bytes([7; 16]);
    assert_eq!(check::sms(&SendSms::new(other, ""), &template), CheckResult::Unknown);
    assert_eq!(check::email(&SendEmail::new(other, ""), &template), CheckResult::Unknown);
    assert_eq!(check::letter(&SendLetter::new(other, ["a"]), &template), CheckResult::Unknown);
}

/// The templates that were served, in their current versions.
fn served(exchanges: &[Exchange]) -> BTreeMap<String, Template> {
    let mut templates = BTreeMap::new();
    for exchange in exchanges.iter().filter(|exchange| exchange.request.path.starts_with("/v2/templates")) {
        let Some(json) = exchange.response.as_ref().and_then(|response| response.json.as_ref()) else {
            continue;
        };
        for template in json["templates"].as_array().into_iter().flatten() {
            let template: Template = serde_json::from_value(template.clone()).unwrap();
            templates.insert(template.id.to_string(), template);
        }
    }
    templates
}

/// The result for a recorded message, if our types can represent it and its template was served.
fn checked(exchange: &Exchange, templates: &BTreeMap<String, Template>) -> Option<CheckResult> {
    let body = body(exchange)?;
    let template = templates.get(body["template_id"].as_str()?)?;
    let given = values(&body["personalisation"])?;
    match exchange.request.path.as_str() {
        "/v2/notifications/sms" => Some(check::sms(
            &SendSms::new(template.id, body["phone_number"].as_str()?).personalisations(given),
            template,
        )),
        "/v2/notifications/email" => Some(check::email(
            &SendEmail::new(template.id, body["email_address"].as_str()?).personalisations(given),
            template,
        )),
        "/v2/notifications/letter" => {
            let no_address: [&str; 0] = [];
            Some(check::letter(&SendLetter::new(template.id, no_address).personalisations(given), template))
        }
        _ => None,
    }
}

#[test]
fn accepted_messages_pass_the_check_and_those_refused_for_their_text_fail_it() {
    let exchanges = Recording::gov_uk().unwrap().exchanges;
    let templates = served(&exchanges);
    let (mut accepted, mut refused) = (0, 0);
    for exchange in &exchanges {
        let Some(result) = checked(exchange, &templates) else { continue };
        let response = exchange.response.as_ref().unwrap();
        if response.status < 300 {
            assert_eq!(result, CheckResult::Unknown, "{}", exchange.name);
            accepted += 1;
            continue;
        }
        let message = response.json.as_ref().unwrap()["errors"][0]["message"].as_str().unwrap();
        let parts = ["Missing personalisation", "Your message is", " template is not suitable for "];
        if !parts.iter().any(|part| message.contains(part)) {
            continue;
        }
        let CheckResult::Refused(problems) = result else { panic!("{}: {message}", exchange.name) };
        let text = match &problems[..] {
            [Problem::MissingPersonalisation(names)] => {
                format!("Missing personalisation: {}", names.join(", "))
            }
            [Problem::MessageTooLong { length, .. }] => format!("Your message is {length} "),
            [Problem::TemplateType(kind)] => format!("{kind} template is not suitable for "),
            other => panic!("{}: {other:?}", exchange.name),
        };
        assert!(message.contains(&text), "{}: {text} / {message}", exchange.name);
        refused += 1;
    }
    assert!(accepted >= 40 && refused >= 5, "{accepted} accepted, {refused} refused for their text");
}
