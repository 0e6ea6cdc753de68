//! Files of earlier versions, which lack what those versions did not have.

use rusqlite::{Connection, params};
use serde_json::Value;

use super::stored::parse;

/// Adds the fields that a kept value lacks, from the given one. What both have stays as it is.
pub(super) fn complete(kept: &mut Value, given: &Value) {
    match (kept, given) {
        (Value::Object(kept), Value::Object(given)) => {
            for (name, given) in given {
                match kept.get_mut(name) {
                    Some(kept) => complete(kept, given),
                    None => drop(kept.insert(name.clone(), given.clone())),
                }
            }
        }
        (Value::Array(kept), Value::Array(given)) if kept.len() == given.len() => {
            kept.iter_mut().zip(given).for_each(|(kept, given)| complete(kept, given));
        }
        _ => {}
    }
}

/// Completes each service from the same service in the world.
pub(super) fn complete_services(connection: &Connection, world: &Value) -> rusqlite::Result<()> {
    let mut rows = connection.prepare("SELECT position, config FROM services")?;
    let rows = rows.query_map([], |row| Ok((row.get::<_, i64>(0)?, parse(&row.get::<_, String>(1)?)?)))?;
    for row in rows.collect::<rusqlite::Result<Vec<(i64, Value)>>>()? {
        let (position, mut service) = row;
        let mut in_world = world["services"].as_array().into_iter().flatten();
        if let Some(given) = in_world.find(|given| given["id"] == service["id"]) {
            complete(&mut service, given);
            let change = "UPDATE services SET config = ?2 WHERE position = ?1";
            connection.execute(change, params![position, service.to_string()])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::state::{Restored, StateError, StateFile};
    use crate::time::Timestamp;
    use crate::world::World;

    #[test]
    fn what_is_missing_comes_from_the_given_value_and_what_differs_stays() {
        let mut kept = json!({ "services": [{ "id": 1, "name": "A" }], "list": [1] });
        let given = json!({ "services": [{ "id": 1, "name": "B", "limit": 5 }], "list": [1, 2], "new": {} });
        complete(&mut kept, &given);
        assert_eq!(
            kept,
            json!({ "services": [{ "id": 1, "name": "A", "limit": 5 }], "list": [1], "new": {} })
        );
    }

    fn open(path: &std::path::Path, world: Option<World>) -> Result<Restored, StateError> {
        StateFile::open(path, world, Timestamp::from_unix_seconds(0)).map(|(_, restored)| restored)
    }

    #[test]
    fn a_file_of_a_version_that_knew_less_of_a_world_is_still_of_that_world() {
        const CATEGORY: &str = r#"[{"id": "0a6fb8d4-2c22-4e37-8c1c-3f1a4a1b8a11", "name_en": "Test"}]"#;
        let world = |limit: u32| {
            let text = format!(
                r#"{{"services": [{{"name": "A", "rate_limit_per_minute": {limit}}}], "template_categories": {CATEGORY},
                    "contact_information": {{"1": {{}}}}}}"#
            );
            World::from_json(&text).unwrap()
        };
        let path = std::env::temp_dir().join(format!("notify-state-{}", uuid::Uuid::new_v4()));
        open(&path, Some(world(5))).unwrap();
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "UPDATE world SET config = json_remove(config, '$.template_categories', '$.contact_information',
                     '$.services[0].rate_limit_per_minute');
                 UPDATE services SET config = json_remove(config, '$.rate_limit_per_minute')",
            )
            .unwrap();
        drop(connection);
        for given in [Some(world(5)), None] {
            let restored = open(&path, given).unwrap();
            let expected = serde_json::to_value(world(5)).unwrap();
            assert_eq!(serde_json::to_value(&restored.world).unwrap(), expected);
            assert_eq!(serde_json::to_value(&restored.services.services).unwrap(), expected["services"]);
        }
        let other = open(&path, Some(world(6))).map(drop).unwrap_err().to_string();
        assert!(other.contains("leave the world out, or start with a new file"), "{other}");
        std::fs::remove_file(path).unwrap();
    }
}
