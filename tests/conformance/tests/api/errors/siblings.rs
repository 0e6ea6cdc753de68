//! What the sibling services say when they refuse, read by eye.

use notify_http::ErrorKind;
use notify_testkit::wire::Recording;

use super::meaning;
use crate::call::refused_as;

/// What an error means, then the exchanges that say so.
pub(super) const MEANINGS: &[(&str, &[&str])] = &[
    ("annual_limit", &["gc/limits/annual-sms-2", "gc/bulk/annual-limit-email"]),
    ("daily_limit", &["gc/limits/daily-sms-live-3", "gc/bulk/daily-limit-email"]),
    ("daily_limit 1", &["au/limits/daily-sms-live-2"]),
    ("daily_limit 3", &["va/limits/daily-live-5"]),
    ("field", &["gc/bulk/placeholder-empty-cell"]),
    ("field template_category_id", &["gc/manage/post-category-unknown"]),
    (
        "file",
        &[
            "gc/bad/file-exe-refused-by-document-download",
            "va/file/text",
            "va/http/body-over-1-mib",
            "va/http/body-over-1-mib-v3",
        ],
    ),
    ("key", &["va/auth/expired"]),
    ("message_too_long", &["au/bad/sms-content-613", "gc/manage/post-content-613"]),
    (
        "not_permitted",
        &[
            "au/bad/letter-precompiled-no-permission",
            "gc/apikey/suspended-service-post-sms",
            "gc/manage/categories-no-permission",
            "va/push/no-permission",
            "va/v3/permission-email",
        ],
    ),
    ("not_ready", &["gc/reports/content-immediately"]),
    ("personalisation_missing email address link name ref number", &["gc/bulk/csv-semicolons"]),
    ("personalisation_missing link_to_file", &["gc/ok/file-attach-into-placeholder"]),
    ("rate_limited", &["gc/reports/post-number-11"]),
    ("recipient", &["va/v3/phone-invalid"]),
    ("template", &["gc/bulk/template-archived", "au/bad/sms-archived-template-missing-personalisation"]),
    (
        "trial_mode",
        &["gc/bulk/trial-live-stranger", "va/trial/live-stranger-sms", "au/bad/letter-trial-live-key"],
    ),
];

#[test]
fn the_words_of_each_service_mean_what_was_read_from_them_by_eye() {
    let recordings = [Recording::au(), Recording::gc(), Recording::va()].map(Result::unwrap);
    for (expected, names) in MEANINGS {
        for name in *names {
            let exchange = recordings.iter().find_map(|recording| recording.exchange(name).ok());
            let response = exchange.and_then(|exchange| exchange.response.as_ref());
            let response = response.unwrap_or_else(|| panic!("no exchange is named {name}"));
            let error = refused_as(response.status, response.json.as_ref().unwrap());
            assert_eq!(meaning(&error), *expected, "{name}: {error}");
        }
    }
}

#[test]
fn no_recorded_refusal_of_a_sibling_is_in_words_that_are_not_known() {
    let recordings = [
        Recording::au(),
        Recording::au_generated(),
        Recording::gc(),
        Recording::gc_generated(),
        Recording::va(),
    ];
    for recording in recordings.map(Result::unwrap) {
        for exchange in &recording.exchanges {
            let Some(response) = exchange.response.as_ref().filter(|it| (400..500).contains(&it.status))
            else {
                continue;
            };
            let Some(json) = response.json.as_ref().filter(|json| json["errors"].is_array()) else {
                continue;
            };
            let error = refused_as(response.status, json);
            let unknown = error.errors().iter().find(|each| each.kind() == ErrorKind::Unknown);
            assert_eq!(unknown, None, "{}", exchange.name);
        }
    }
}
