//! A PostgreSQL server of the tests' own: in a folder of its own, reached by a socket in it, run by a user without rights,
//! and stopped when the tests end, however they end.

mod pooler;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub use pooler::Pooler;

/// Where the server's programs are, if not where Debian puts them.
const PROGRAMS: &str = "NOTIFY_POSTGRES_BIN";

/// Makes a cluster, serves it until its input ends, and removes it. Its first line is the folder. With a folder of
/// certificates and a port it can also be reached there, by TLS: the user `guarded` with a password. Then
/// come the place of the folder, whether commits are on the disk before they count, and the folder of a primary of which it is
/// to be a standby.
const SCRIPT: &str = r#"
set -e
folder=$(mktemp -d "$3/notify-outbox-postgres.XXXXXX")
trap 'rm -rf "$folder"' EXIT
if [ -n "$5" ]; then
    "$0/pg_basebackup" -h "$5" -U tests -D "$folder/data" -X stream -R --checkpoint=fast --no-sync
else
    "$0/initdb" -D "$folder/data" -A trust -U tests -E UTF8 --no-locale --no-sync >/dev/null
fi
options="-c listen_addresses="
if [ -n "$1" ]; then
    cp "$1/certificate.pem" "$1/key.pem" "$folder/data/"
    chmod 600 "$folder/data/key.pem"
    options="-c listen_addresses=127.0.0.1 -p $2 -c ssl=on -c ssl_cert_file=certificate.pem -c ssl_key_file=key.pem"
    { echo "hostssl all guarded all scram-sha-256"; echo "hostnossl all guarded all reject"; cat "$folder/data/pg_hba.conf"; } >"$folder/hba"
    mv "$folder/hba" "$folder/data/pg_hba.conf"
fi
"$0/postgres" -D "$folder/data" -k "$folder" $options -c "fsync=$4" -c max_connections=200 \
    -c unix_socket_permissions=0777 >"$folder/log" 2>&1 </dev/null &
server=$!
until "$0/pg_isready" -q -h "$folder" -p "${2:-5432}"; do kill -0 $server; sleep 0.05; done
chmod 755 "$folder"
echo "$folder"
cat >/dev/null
kill -INT $server
wait $server || true
"#;

/// A server, which ends with the process that started it.
#[derive(Debug)]
pub struct Server {
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

impl Server {
    /// A server that can be reached only by its socket.
    pub fn start() -> Self {
        start(Path::new(""), "", QUICK, Path::new(""))
    }

    /// A server whose commits are on the disk before they count, as in production. The others do not wait for the disk.
    pub fn durable() -> Self {
        start(Path::new(""), "", DURABLE, Path::new(""))
    }

    /// A server that can also be reached at this port of this machine by TLS, with the `certificate.pem` and the `key.pem` in
    /// this folder.
    pub fn with_tls(certificates: &Path, port: u16) -> Self {
        start(certificates, &port.to_string(), QUICK, Path::new(""))
    }

    /// A standby of this server, which follows it until it is promoted.
    #[must_use]
    pub fn standby(&self) -> Self {
        start(Path::new(""), "", QUICK, &self.folder)
    }

    /// Where its socket is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes an empty database, and returns its URL for the superuser.
    ///
    /// # Panics
    ///
    /// When it cannot be made.
    pub fn database(&self, name: &str) -> String {
        let made = Command::new(programs().join("createdb"))
            .arg("-h")
            .arg(&self.folder)
            .args(["-U", "tests", name])
            .status()
            .expect("there is createdb");
        assert!(made.success(), "{name} cannot be made");
        format!("postgres://tests@/{name}?host={}", self.folder.display())
    }
}

/// Where a server keeps its data, and whether it waits for the disk.
type Keeping = (&'static str, &'static str);
const QUICK: Keeping = ("/tmp", "off");
/// `/tmp` itself may be in memory.
const DURABLE: Keeping = ("/var/tmp", "on");

fn start(certificates: &Path, port: &str, (place, waits): Keeping, primary: &Path) -> Server {
    let arguments = [certificates, Path::new(port), Path::new(place), Path::new(waits), primary];
    let (folder, script) = script(SCRIPT, arguments);
    Server { folder, _script: script }
}

/// Starts a script that serves something, and waits for its first line: the folder of it.
fn script<const N: usize>(script: &str, arguments: [&Path; N]) -> (PathBuf, Child) {
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
        .arg(script)
        .arg(programs())
        .args(arguments)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("there is a shell");
    let mut folder = String::new();
    let stdout = script.stdout.take().expect("it is piped");
    BufReader::new(stdout).read_line(&mut folder).expect("it is text");
    assert!(!folder.is_empty(), "it did not start");
    (folder.trim().into(), script)
}
