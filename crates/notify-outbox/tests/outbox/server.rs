//! A PostgreSQL server for all tests of this crate.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use notify_outbox::PostgresStore;
use notify_testkit::postgres::{Pooler, Server};
use tokio_postgres::{Client, Config, NoTls};

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

pub(crate) fn folder() -> &'static Path {
    server().folder()
}

/// Where a pooler in front of the server has its socket.
pub(crate) fn pooler() -> &'static Path {
    static POOLER: OnceLock<Pooler> = OnceLock::new();
    POOLER.get_or_init(|| Pooler::before(server())).folder()
}

/// How a database of the server is reached.
pub(crate) fn config(folder: &Path, database: &str) -> Config {
    let mut config = Config::new();
    config.host_path(folder).user("tests").dbname(database);
    config
}

pub(crate) async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A new database with nothing in it.
pub(crate) async fn database() -> Config {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("outbox_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let admin = connect(&config(folder(), "postgres")).await;
    admin.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    config(folder(), &name)
}

/// A store in a database of its own.
pub(crate) async fn store() -> PostgresStore {
    let store = PostgresStore::new(database().await, NoTls);
    store.init().await.unwrap();
    store
}

/// A store in one database for all, which is emptied.
pub(crate) async fn emptied() -> PostgresStore {
    static DATABASE: tokio::sync::OnceCell<Config> = tokio::sync::OnceCell::const_new();
    let config = DATABASE.get_or_init(database).await;
    let store = PostgresStore::new(config.clone(), NoTls);
    store.init().await.unwrap();
    let empty = "TRUNCATE notify_outbox.messages, notify_outbox.payloads RESTART IDENTITY";
    connect(config).await.batch_execute(empty).await.unwrap();
    store
}
