//! What the types of the sibling services say.

use notify_http::model::Timestamp;
use notify_http::{Extended, ExtendedPage, au, gc, va};
use serde_json::{Value, json};

use super::{ToJson, all};

/// The common and the added fields form one object.
impl<T: ToJson, F: ToJson> ToJson for Extended<T, F> {
    fn to_json(&self) -> Value {
        let (Value::Object(mut common), Value::Object(added)) = (self.common.to_json(), self.added.to_json())
        else {
            panic!("both parts are objects")
        };
        common.extend(added);
        Value::Object(common)
    }
}

impl<F: ToJson> ToJson for ExtendedPage<F> {
    fn to_json(&self) -> Value {
        json!({ "notifications": all(&self.notifications), "links": self.links.to_json() })
    }
}

impl ToJson for au::NotificationFields {
    fn to_json(&self) -> Value {
        json!({
            "created_by_email_address": self.created_by_email_address,
            "scheduled_for": self.scheduled_for,
        })
    }
}

impl ToJson for gc::NotificationFields {
    fn to_json(&self) -> Value {
        json!({
            "status_description": self.status_description,
            "provider_response": self.provider_response,
            "scheduled_for": self.scheduled_for,
        })
    }
}

/// A time as GC Notify writes those of a job.
fn of_job(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string().replace('Z', "+00:00"))
}

impl ToJson for gc::Named {
    fn to_json(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "key_type": self.key_type })
    }
}

impl ToJson for gc::BulkJob {
    fn to_json(&self) -> Value {
        json!({ "data": {
            "id": self.id,
            "original_file_name": self.name,
            "notification_count": self.notification_count,
            "template": self.template_id,
            "template_version": self.template_version,
            "template_type": self.template_type,
            "job_status": self.job_status,
            "created_at": of_job(self.created_at),
            "updated_at": of_job(self.updated_at),
            "scheduled_for": of_job(self.scheduled_for),
            "processing_started": of_job(self.processing_started),
            "processing_finished": of_job(self.processing_finished),
            "archived": self.archived,
            "sender_id": self.sender_id,
            "service": self.service_id,
            "service_name": self.service_name.to_json(),
            "created_by": self.created_by.to_json(),
            "api_key": self.api_key.to_json(),
        } })
    }
}

impl ToJson for gc::ManagedTemplate {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "service_id": self.service_id,
            "service_name": self.service_name,
            "name": self.name,
            "type": self.template_type,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "created_by": self.created_by,
            "version": self.version,
            "body": self.body,
            "subject": self.subject,
            "postage": self.postage,
            "template_category_id": self.template_category_id,
            "template_category_name": self.template_category_name,
            "folder_id": self.folder_id,
            "archived": self.archived,
        })
    }
}

impl ToJson for gc::TemplateCategories {
    fn to_json(&self) -> Value {
        let category = |it: &gc::TemplateCategory| json!({ "template_category_id": it.id, "name": it.name });
        json!({ "template_categories": self.template_categories.iter().map(category).collect::<Value>() })
    }
}

impl ToJson for gc::Report {
    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "report_type": self.report_type,
            "service_id": self.service_id,
            "status": self.status,
            "requested_at": self.requested_at,
            "completed_at": self.completed_at,
            "expires_at": self.expires_at,
            "api_key_id": self.api_key_id,
        })
    }
}

impl ToJson for gc::ReportPage {
    fn to_json(&self) -> Value {
        json!({ "reports": all(&self.reports), "links": self.links.to_json() })
    }
}

impl ToJson for gc::RequestedReport {
    fn to_json(&self) -> Value {
        json!({ "report_id": self.id, "status": self.status })
    }
}

impl ToJson for va::SentFields {
    fn to_json(&self) -> Value {
        json!({ "billing_code": self.billing_code, "callback_url": self.callback_url })
    }
}

impl ToJson for va::NotificationFields {
    fn to_json(&self) -> Value {
        let identifier =
            |it: &va::RecipientIdentifier| json!({ "id_type": it.id_type, "id_value": it.id_value });
        json!({
            "provider_reference": self.provider_reference,
            "status_reason": self.status_reason,
            "recipient_identifiers": self.recipient_identifiers.iter().map(identifier).collect::<Value>(),
            "billing_code": self.billing_code,
            "callback_url": self.callback_url,
            "sms_sender_id": self.sms_sender_id,
            "segments_count": self.segments_count,
            "cost_in_millicents": self.cost_in_millicents,
            "sent_by": self.sent_by,
            "scheduled_for": self.scheduled_for,
        })
    }
}

impl ToJson for va::Pushed {
    fn to_json(&self) -> Value {
        json!({ "result": self.result })
    }
}

impl ToJson for va::v3::Sent {
    fn to_json(&self) -> Value {
        json!({ "id": self.id })
    }
}
