//! `notify outbox init`

use notify_outbox::PostgresStore;
use serde_json::json;

use super::print_value;
use super::store::{self, Shown, failed};
use crate::args::{Format, Options, StoreLocation};
use crate::exit::CommandError;
use crate::output::print_styled;
use crate::output::text::escape;

/// Makes the store, unless it is there.
pub(super) async fn run(place: &StoreLocation, options: &Options) -> Result<(), CommandError> {
    let rights = match place {
        StoreLocation::File(path) => store::file(path).map(|_| None)?,
        StoreLocation::Database(url) => {
            let made = store::database(url)?.init().await;
            made.map_err(|error| {
                let is_about_rights = error.to_string().contains("lacks a right");
                let failure = failed(error);
                if is_about_rights {
                    failure.help("it takes the right to create a schema: GRANT CREATE ON DATABASE … TO …")
                } else {
                    failure
                }
            })?;
            Some(PostgresStore::RIGHTS)
        }
    };
    match options.format() {
        Format::Text => {
            let ready = format!("The outbox in {} is ready.\n", escape(&Shown(place).to_string()));
            let rights = rights
                .map(|sql| format!("\nWho works with it and is not its owner needs these rights:\n\n{sql}"));
            print_styled(&(ready + &rights.unwrap_or_default()))
        }
        format => {
            let columns = &[("ready", "/ready"), ("rights", "/rights")];
            print_value(format, &json!({ "ready": true, "rights": rights }), columns)
        }
    }
}
