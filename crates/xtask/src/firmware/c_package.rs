//! The files beside the archives: the headers, and those for build systems.

use anyhow::Result;
use xshell::{Shell, cmd};

use super::c_archive::{ARCHIVES, LIBRARIES, Library};

/// The files, and where they go. Those for pkg-config name an archive, and lie beside it.
const FILES: [(&str, &str); 4] = [
    ("cmake/@NAME@-config.cmake", include_str!("c_package/config.cmake")),
    ("zephyr/CMakeLists.txt", include_str!("c_package/zephyr/CMakeLists.txt")),
    ("zephyr/Kconfig", include_str!("c_package/zephyr/Kconfig")),
    ("zephyr/module.yml", include_str!("c_package/zephyr/module.yml")),
];
const PKG_CONFIG: (&str, &str) = ("pkgconfig/@NAME@.pc", include_str!("c_package/package.pc"));

/// Completes the packages of all libraries whose archives were built.
pub(crate) fn complete(shell: &Shell) -> Result<()> {
    for library in LIBRARIES {
        let folder = library.package_folder()?;
        for part in ["include", "cmake", "zephyr"] {
            shell.remove_path(folder.join(part))?;
        }
        let include = folder.join("include");
        shell.create_dir(&include)?;
        for source in [Some(library), library.includes].into_iter().flatten() {
            let header = format!("{}/include/{}.h", source.folder, source.name);
            cmd!(shell, "cp {header} {include}").quiet().run()?;
        }
        for (path, text) in FILES {
            shell.write_file(folder.join(of(library, path)), of(library, text))?;
        }
        for archive in ARCHIVES {
            let path = archive.path(library)?;
            if let Some(lib) = path.parent().filter(|_| shell.path_exists(&path)) {
                let text = of(library, PKG_CONFIG.1).replace("@TRIPLE@", archive.target);
                shell.write_file(lib.join(of(library, PKG_CONFIG.0)), text)?;
            }
        }
    }
    Ok(())
}

/// A text for this library.
fn of(library: &Library, text: &str) -> String {
    text.replace("@NAME@", &library.package_name())
        .replace("@LIBRARY@", library.name)
        .replace("@CAPITALS@", &library.name.to_uppercase())
        .replace("@TARGET@", &library.name.replace('_', "::"))
        .replace("@DESCRIPTION@", library.description)
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
}
