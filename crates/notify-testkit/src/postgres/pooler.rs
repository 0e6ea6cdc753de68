//! `pgbouncer`, which has many connections share a few sessions of a server.

use std::path::{Path, PathBuf};
use std::process::Child;

use super::{Server, script};

/// Serves a pooler until its input ends, and removes it. Its first line is the folder of its socket.
const SCRIPT: &str = r#"
set -e
PATH=$PATH:/usr/sbin
folder=$(mktemp -d /tmp/notify-outbox-pooler.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pgbouncer.ini" <<END
[databases]
* = host=$1 user=tests
[pgbouncer]
listen_addr =
listen_port = 5432
unix_socket_dir = $folder
unix_socket_mode = 0777
auth_type = any
pool_mode = transaction
default_pool_size = 2
END
pgbouncer -q "$folder/pgbouncer.ini" 2>"$folder/log" </dev/null &
pooler=$!
until [ -S "$folder/.s.PGSQL.5432" ]; do kill -0 $pooler || cat "$folder/log" >&2; sleep 0.05; done
chmod 755 "$folder"
echo "$folder"
cat >/dev/null
kill -INT $pooler
wait $pooler || true
"#;

/// A pooler in transaction mode, with two sessions for each database.
#[derive(Debug)]
pub struct Pooler {
    folder: PathBuf,
    /// Stops when its input is closed, as for the server.
    _script: Child,
}

impl Pooler {
    /// A pooler in front of a server.
    pub fn before(server: &Server) -> Self {
        let (folder, script) = script(SCRIPT, [server.folder()]);
        Self { folder, _script: script }
    }

    /// Where its socket is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
