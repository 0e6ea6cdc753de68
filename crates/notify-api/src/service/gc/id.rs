//! The ids of what only GC Notify has.

use crate::model::id::id;

id!(
    "gc",
    /// The id of a bulk job.
    JobId,
    "job id"
);
id!(
    "gc",
    /// The id of a category of templates.
    TemplateCategoryId,
    "template category id"
);
id!(
    "gc",
    /// The id of a folder of templates.
    TemplateFolderId,
    "template folder id"
);
id!(
    "gc",
    /// The id of a report.
    ReportId,
    "report id"
);
id!(
    "gc",
    /// The id of an API key.
    ApiKeyId,
    "api key id"
);
