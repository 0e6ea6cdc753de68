//! Text messages to other countries: their cost and receipts, compared with the recorded table; and the cost of
//! letters.

use notify_sandbox::{CallbackKind, CallbackReceiver, DEFAULT_STEP, KeyType, Sandbox, World};
use notify_testkit::http1::ScriptedServer;
use notify_testkit::wire;
use serde_json::{Value, json};

use crate::fixture::{exchange, json, request_with};

const SERVICE: &str = "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11";
const TEXT: &str = "6f1d2c3b-4a59-4687-9b0a-c1d2e3f40516";
const LETTER: &str = "7f1d2c3b-4a59-4687-9b0a-c1d2e3f40517";

/// A prefix and a number for each. The number for 44 is in Jersey.
const NUMBERS: &str = "1 2015550123; 7 9123456789; 20 1001234567; 27 711234567; 30 6912345678; 31 612345678; 32 450001234; 33 \
    612345678; 34 612345678; 36 201234567; 39 3123456789; 40 712034567; 41 781234567; 43 664123456; 44 \
    7797712345; 45 34412345; 46 701234567; 47 40612345; 48 512345678; 49 15123456789; 51 912345678; 52 \
    2221234567; 53 51234567; 54 91123456789; 55 11961234567; 56 221234567; 57 3211234567; 58 4121234567; 60 \
    123456789; 61 412345678; 62 812345678; 63 9051234567; 64 211234567; 65 81234567; 66 812345678; 81 \
    9012345678; 82 1020000000; 84 912345678; 86 13123456789; 90 5012345678; 91 8123456789; 92 3012345678; 93 \
    701234567; 94 712345678; 95 92123456; 98 9123456789; 211 977123456; 212 650123456; 213 551234567; 216 \
    20123456; 218 912345678; 220 3012345; 221 701234567; 222 22123456; 223 65012345; 224 601123456; 225 \
    0123456789; 226 70123456; 227 93123456; 228 90112345; 229 0195123456; 230 52512345; 231 770123456; 232 \
    25123456; 233 231234567; 234 8021234567; 235 63012345; 236 70012345; 237 671234567; 238 9911234; 239 \
    9812345; 240 222123456; 241 06031234; 242 061234567; 243 991234567; 244 923123456; 245 955012345; 246 \
    3801234; 248 2510123; 249 911231234; 250 720123456; 251 911234567; 252 71123456; 253 77831001; 254 \
    712123456; 255 621234567; 256 712345678; 257 79561234; 258 821234567; 260 955123456; 261 321234567; 262 \
    692123456; 263 712345678; 264 811234567; 265 991234567; 266 50123456; 267 71123456; 268 76123456; 269 \
    3212345; 291 7123456; 297 5601234; 298 211234; 299 221234; 350 57123456; 351 912345678; 352 628123456; \
    353 850123456; 354 6111234; 355 672123456; 356 96961234; 357 96123456; 358 412345678; 359 43012345; 370 \
    61234567; 371 21234567; 372 51234567; 373 62112345; 374 77123456; 375 294911911; 376 312345; 377 \
    612345678; 378 66661212; 380 501234567; 381 601234567; 382 60123456; 383 43201234; 385 921234567; 386 \
    31234567; 387 61123456; 389 72345678; 420 601123456; 421 912123456; 423 660234567; 500 51234; 501 \
    6221234; 502 51234567; 503 70123456; 504 91234567; 505 81234567; 506 83123456; 507 61234567; 508 551234; \
    509 34101234; 590 690001234; 591 71234567; 592 6091234; 593 991234567; 594 694201234; 595 961456789; 596 \
    696201234; 597 7412345; 598 94231234; 599 95181234; 670 77212345; 672 381234; 673 7123456; 674 5551234; \
    675 70123456; 676 7715123; 677 7421234; 678 5912345; 679 7012345; 680 6201234; 681 821234; 682 71234; \
    683 8884012; 685 7212345; 686 72001234; 687 751234; 689 87123456; 690 7290; 691 3501234; 692 2351234; \
    852 51234567; 853 66123456; 855 91234567; 856 2023123456; 880 1812345678; 886 912345678; 960 7712345; \
    961 71123456; 962 790123456; 963 944567890; 964 7912345678; 965 50012345; 966 512345678; 967 712345678; \
    968 92123456; 970 599123456; 971 501234567; 972 502345678; 973 36001234; 974 33123456; 975 17123456; 976 \
    88123456; 977 9841234567; 992 917123456; 993 66123456; 994 401234567; 995 555123456; 996 700123456; 998 \
    912345678; 1242 4567890; 1246 2345678; 1264 2351234; 1268 4641234; 1284 3001234; 1345 3231234; 1441 \
    2345678; 1473 4567890; 1649 2311234; 1664 4923456; 1684 2540123; 1721 5205678; 1758 2345678; 1767 \
    2251234; 1784 4567890; 1809 2345678; 1829 2345678; 1849 2345678; 1868 2345678; 1869 7652917; 1876 \
    2345678";

/// A sandbox whose service may send to every country, with a frozen clock.
fn sandbox() -> Sandbox {
    let world = json!({"services": [{
        "id": SERVICE,
        "name": "Everywhere",
        "permissions": ["sms", "international_sms", "letter", "international_letters"],
        "api_keys": [
            {"name": "ci", "type": "test", "secret": "9d7a8f6e-5c4b-4a39-8271-605f4e3d2c1b"},
            {"name": "live", "type": "live", "secret": "8d7a8f6e-5c4b-4a39-8271-605f4e3d2c1c"},
        ],
        "templates": [
            {"id": TEXT, "name": "t", "type": "sms", "body": "((text))"},
            {"id": LETTER, "name": "l", "type": "letter", "subject": "s", "body": "((text))", "postage": "second"},
        ],
    }]});
    let world = World::from_json(&world.to_string()).unwrap();
    let sandbox = Sandbox::builder().world(world).without_limits().start().unwrap();
    sandbox.clock().freeze();
    sandbox
}

/// Sends a message, and returns its id.
fn send(sandbox: &Sandbox, key: KeyType, kind: &str, body: &Value) -> String {
    let target = format!("/v2/notifications/{kind}");
    let answer = exchange(sandbox, &request_with(sandbox, key, "POST", &target, body)).unwrap();
    assert_eq!(answer.status, 201, "{body}: {}", json(&answer));
    json(&answer)["id"].as_str().unwrap().to_owned()
}

fn send_text(sandbox: &Sandbox, key: KeyType, number: &str, text: &str) -> String {
    let body = json!({"phone_number": number, "template_id": TEXT, "personalisation": {"text": text}});
    send(sandbox, key, "sms", &body)
}

/// The message as shown once everything has happened that happens by itself.
fn at_last(sandbox: &Sandbox, id: &str) -> Value {
    sandbox.clock().advance(DEFAULT_STEP * 4);
    shown(sandbox, id)
}

fn shown(sandbox: &Sandbox, id: &str) -> Value {
    let target = format!("/v2/notifications/{id}");
    json(&exchange(sandbox, &request_with(sandbox, KeyType::Live, "GET", &target, &Value::Null)).unwrap())
}

#[test]
fn each_prefix_costs_and_reports_as_recorded() {
    let table = wire::table("generated/international.json").unwrap();
    let rows = table["prefixes"].as_array().unwrap();
    let numbers: Vec<(&str, &str)> =
        NUMBERS.split("; ").map(|number| number.split_once(' ').unwrap()).collect();
    assert_eq!(numbers.len(), rows.len());
    let sandbox = sandbox();
    for row in rows {
        let prefix = row["prefix"].as_str().unwrap();
        let (_, rest) = numbers.iter().find(|(known, _)| *known == prefix).unwrap();
        let number = format!("+{prefix}{rest}");
        let (multiplier, receipts) =
            (row["multiplier"].as_f64().unwrap(), row["delivery_receipts"].as_bool().unwrap());
        for key in [KeyType::Live, KeyType::Test] {
            let message = at_last(&sandbox, &send_text(&sandbox, key, &number, "x"));
            assert_eq!(message["status"], if receipts { "delivered" } else { "sent" }, "{number}");
            let fragments = u32::from(key == KeyType::Live || receipts);
            let details = json!({
                "billable_sms_fragments": fragments,
                "international_rate_multiplier": multiplier,
                "sms_rate": 0.024,
            });
            assert_eq!(message["cost_details"], details, "{number} {key:?}");
            assert_eq!(message["cost_in_pounds"], f64::from(fragments) * multiplier * 0.024, "{number}");
            assert!(!message["completed_at"].is_null(), "{number}");
        }
    }
}

#[test]
fn domestic_texts_cost_one_each_and_the_price_is_pythons_product() {
    let sandbox = sandbox();
    for number in ["07900900123", "+447700900123"] {
        let message = at_last(&sandbox, &send_text(&sandbox, KeyType::Live, number, "x"));
        assert_eq!(message["cost_details"]["international_rate_multiplier"], 1.0, "{number}");
        assert_eq!(message["status"], "delivered", "{number}");
    }
    for (fragments, price) in
        [(1, "0.024"), (2, "0.048"), (3, "0.07200000000000001"), (6, "0.14400000000000002")]
    {
        let text = "x".repeat(if fragments == 1 { 160 } else { 153 * fragments });
        let message = at_last(&sandbox, &send_text(&sandbox, KeyType::Live, "07900900123", &text));
        assert_eq!(message["cost_details"]["billable_sms_fragments"], fragments);
        assert_eq!(message["cost_in_pounds"].to_string(), price, "{fragments}");
    }
    let text = "€".repeat(918);
    let message = at_last(&sandbox, &send_text(&sandbox, KeyType::Live, "07900900123", &text));
    assert_eq!(message["cost_in_pounds"].to_string(), "0.28800000000000003", "12 fragments");
}

#[test]
fn with_a_test_key_fragments_are_counted_when_the_receipt_comes() {
    let sandbox = sandbox();
    let id = send_text(&sandbox, KeyType::Test, "07900900123", "x");
    assert_eq!(shown(&sandbox, &id)["is_cost_data_ready"], false);
    sandbox.clock().advance(DEFAULT_STEP);
    let message = shown(&sandbox, &id);
    assert_eq!((&message["status"], &message["cost_in_pounds"]), (&json!("sending"), &json!(0.0)));
    assert_eq!(at_last(&sandbox, &id)["cost_in_pounds"], 0.024);
}

#[test]
fn receipts_come_only_from_countries_that_send_them() {
    let receiver =
        ScriptedServer::start(|_| b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n".to_vec()).unwrap();
    let sandbox = sandbox();
    let url = format!("{}/cb", receiver.url());
    sandbox
        .set_callback(
            SERVICE,
            CallbackReceiver {
                kind: CallbackKind::DeliveryStatus,
                url: &url,
                bearer_token: "a-token-for-callbacks",
            },
        )
        .unwrap();
    let silent = send_text(&sandbox, KeyType::Live, "+12025550104", "x");
    let telling = send_text(&sandbox, KeyType::Live, "+33612345678", "x");
    assert_eq!(at_last(&sandbox, &silent)["status"], "sent");
    sandbox.wait_until_idle();
    let receipts: Vec<Value> =
        receiver.requests().iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect();
    let [receipt] = &receipts[..] else { panic!("{receipts:?}") };
    assert_eq!((&receipt["id"], &receipt["status"]), (&json!(telling), &json!("delivered")));
    assert_eq!(receipt["to"], "+33612345678");
}

#[test]
fn a_letters_cost_depends_on_its_sheets_once_it_is_made() {
    let sandbox = sandbox();
    let letter = |text: &str, last_line: &str| {
        json!({"template_id": LETTER, "personalisation": {
            "text": text, "address_line_1": "A", "address_line_2": "B", "address_line_3": last_line,
        }})
    };
    let long = "word ".repeat(1_500);
    for (key, body, sheets, price) in [
        (KeyType::Live, letter("x", "SW1A 1AA"), 1, 0.73),
        (KeyType::Live, letter(&long, "SW1A 1AA"), 2, 0.77),
        (KeyType::Live, letter("x", "France"), 1, 1.8),
        (KeyType::Live, letter(&long, "Japan"), 2, 1.84),
        (KeyType::Test, letter("x", "SW1A 1AA"), 0, 0.0),
    ] {
        let id = send(&sandbox, key, "letter", &body);
        if key == KeyType::Live {
            let message = shown(&sandbox, &id);
            assert_eq!(
                (&message["is_cost_data_ready"], &message["cost_details"]),
                (&json!(false), &json!({}))
            );
        }
        let message = at_last(&sandbox, &id);
        assert_eq!(message["cost_details"]["billable_sheets_of_paper"], sheets);
        assert_eq!(message["cost_in_pounds"], price);
        assert_eq!(message["cost_details"]["postage"], message["postage"]);
    }
}
