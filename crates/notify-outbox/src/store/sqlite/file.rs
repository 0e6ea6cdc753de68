//! What the file system knows of a file: its owner, its identity, and whether it is on this machine.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// File systems on which a lock or an `fsync` may not be reliable, since the disk belongs to another machine.
const NETWORK: [&str; 18] = [
    "9p",
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "fuse.ceph",
    "fuse.davfs",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
];

/// The name of the file system, if it is on a network.
#[derive(Debug, PartialEq)]
pub(super) struct NetworkFileSystem(pub(super) String);

/// Whether the file is on a network, as far as the system says: Linux does.
pub(super) fn network_file_system(path: &Path) -> Option<NetworkFileSystem> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let folder = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return None,
    };
    // The file itself may be a link to elsewhere.
    let place = fs::canonicalize(path).or_else(|_| fs::canonicalize(folder)).ok()?;
    on_network(&mounts, &place)
}

/// The same by the kernel's table of mounts (`proc_pid_mountinfo(5)`): the last one of the longest mount point counts.
fn on_network(mounts: &str, place: &Path) -> Option<NetworkFileSystem> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let Some((before, after)) = line.split_once(" - ") else { continue };
        let Some(point) = before.split(' ').nth(4).map(unescaped) else { continue };
        let kind = after.split(' ').next().unwrap_or_default();
        let length = point.as_os_str().len();
        if place.starts_with(&point) && best.is_none_or(|(longest, _)| length >= longest) {
            best = Some((length, kind));
        }
    }
    let (_, kind) = best?;
    (NETWORK.contains(&kind) || kind.starts_with("smb")).then(|| NetworkFileSystem(kind.to_owned()))
}

/// A mount point without the kernel's octal escapes.
fn unescaped(point: &str) -> PathBuf {
    let mut text = point.to_owned();
    for (escape, character) in [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")] {
        text = text.replace(escape, character);
    }
    PathBuf::from(text)
}

/// Creates the file for its owner alone, or closes it to others.
pub(super) fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(file) => file.sync_all(),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => close_to_others(path),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    let mut permissions = fs::metadata(path)?.permissions();
    if permissions.mode() & 0o077 != 0 {
        permissions.set_mode(0o600);
        fs::set_permissions(path, permissions)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The identity of the file on its disk, by which a copy is recognised. Only Unix has one.
pub(super) fn inode(path: &Path) -> i64 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(path).map_or(0, |metadata| metadata.ino().cast_signed())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/share rw shared:5 - nfs4 server:/export rw
31 22 0:41 / /mnt/share/local rw - xfs /dev/sdb1 rw
32 22 0:42 / /mnt/my\\040share rw - cifs //server/x rw
33 22 0:43 / /srv rw - nfs server:/a rw
34 22 0:44 / /srv rw - ext4 /dev/sdc1 rw
";

    #[test]
    fn a_file_on_a_network_is_known_by_its_longest_mount_point() {
        let kind = |place: &str| on_network(MOUNTS, Path::new(place)).map(|found| found.0);
        assert_eq!(kind("/home/kim/outbox.sqlite"), None);
        assert_eq!(kind("/mnt/share/outbox.sqlite").as_deref(), Some("nfs4"));
        assert_eq!(kind("/mnt/share/local/outbox.sqlite"), None);
        assert_eq!(kind("/mnt/shared/outbox.sqlite"), None);
        assert_eq!(kind("/mnt/my share/x").as_deref(), Some("cifs"));
        // A mount on top of another counts.
        assert_eq!(kind("/srv/x"), None);
    }
}
