//! A PostgreSQL server of the tests' own: in a folder of its own, reached by a socket in it, run by a user without rights,
//! and stopped when the tests end, however they end.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use notify_outbox::PostgresStore;
use tokio_postgres::{Client, Config, NoTls};

/// Where the server's programs are, if not where Debian puts them.
const PROGRAMS: &str = "NOTIFY_POSTGRES_BIN";

/// Makes a cluster, serves it until its input ends, and removes it. Its first line is the folder.
const SCRIPT: &str = r#"
set -e
folder=$(mktemp -d /tmp/notify-outbox-postgres.XXXXXX)
trap 'rm -rf "$folder"' EXIT
"$0/initdb" -D "$folder/data" -A trust -U tests -E UTF8 --no-locale --no-sync >/dev/null
"$0/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c max_connections=200 \
    -c unix_socket_permissions=0777 >"$folder/log" 2>&1 </dev/null &
server=$!
until "$0/pg_isready" -q -h "$folder"; do kill -0 $server; sleep 0.05; done
chmod 755 "$folder"
echo "$folder"
cat >/dev/null
kill -INT $server
wait $server || true
"#;

struct Server {
    folder: PathBuf,
    /// Stops when its input is closed, which the system does for us.
    _script: Child,
}

fn programs() -> PathBuf {
    if let Some(folder) = std::env::var_os(PROGRAMS) {
        return folder.into();
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = versions.map(|version| version.path().join("bin"));
    let found = folders.filter(|folder| folder.join("initdb").exists()).max();
    found.expect("PostgreSQL is not here: `cargo xtask test --only outbox` installs it on Debian")
}

fn start() -> Server {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| {
        use std::os::unix::fs::MetadataExt as _;
        process.uid() == 0
    });
    // The server does not run as root.
    let mut command = if is_root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    let mut script = command
        .arg("-c")
        .arg(SCRIPT)
        .arg(programs())
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut folder = String::new();
    BufReader::new(script.stdout.take().unwrap()).read_line(&mut folder).unwrap();
    assert!(!folder.is_empty(), "the server did not start");
    Server { folder: folder.trim().into(), _script: script }
}

pub(crate) fn folder() -> &'static Path {
    static SERVER: OnceLock<Server> = OnceLock::new();
    &SERVER.get_or_init(start).folder
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
