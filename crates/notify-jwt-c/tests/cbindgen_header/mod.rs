//! Headers that cbindgen makes of the source, here and in notify-embedded-c.

use std::collections::BTreeSet;
use std::{env, fs};

use cbindgen::{Builder, Config, DocumentationStyle, Language, Style};

/// What cbindgen does not say: that both sides agree on the sizes. C99 has no word for it, but no array of negative size.
const ASSERT_SIZE: &str = r#"#if defined(__cplusplus) && __cplusplus >= 201103L
#define NOTIFY_ASSERT_SIZE(type, size) static_assert(sizeof(struct type) == (size), "the size of " #type)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define NOTIFY_ASSERT_SIZE(type, size) _Static_assert(sizeof(struct type) == (size), "the size of " #type)
#else
#define NOTIFY_ASSERT_SIZE(type, size) typedef char type##_has_its_size[sizeof(struct type) == (size) ? 1 : -1]
#endif
"#;

/// A header of a crate.
pub(crate) struct Header<'h> {
    /// Where it is committed, in the crate's folder.
    pub(crate) path: &'h str,
    pub(crate) guard: &'h str,
    /// What it has.
    pub(crate) subject: &'h str,
    /// The crate.
    pub(crate) package: &'h str,
    /// The files that it is made of.
    pub(crate) sources: &'h [&'h str],
    /// The types, as they are called in C.
    pub(crate) types: &'h [(&'h str, &'h str)],
    /// Their sizes in bytes, where they are the same everywhere.
    pub(crate) sizes: &'h [(&'h str, usize)],
    /// The headers of ours that it includes.
    pub(crate) includes: &'h [&'h str],
    /// What an archive exports.
    pub(crate) exports: &'h str,
    /// What of that is in those headers.
    pub(crate) exports_of_included: &'h str,
}

impl Header<'_> {
    fn generate(&self) -> String {
        let mut config = Config {
            language: Language::C,
            style: Style::Tag,
            documentation_style: DocumentationStyle::C99,
            include_guard: Some(self.guard.to_owned()),
            header: Some(format!(
                "// {} Made from the source of {} by its tests: do not edit.",
                self.subject, self.package
            )),
            includes: self.includes.iter().map(|&header| header.to_owned()).collect(),
            cpp_compat: true,
            no_includes: true,
            sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
            usize_is_size_t: true,
            line_length: 110,
            tab_width: 4,
            ..Config::default()
        };
        for (rust, c) in self.types {
            config.export.rename.insert((*rust).to_owned(), (*c).to_owned());
        }
        let mut builder = Builder::new().with_config(config);
        for file in self.sources {
            builder = builder.with_src(file);
        }
        let mut header = Vec::new();
        builder.generate().expect("cbindgen reads the source").write(&mut header);
        let header = String::from_utf8(header).expect("a header is text");
        self.with_sizes(&with_brackets(&without_safety_sections(&header)))
    }

    /// The sizes are checked once, however often the header is included.
    fn with_sizes(&self, header: &str) -> String {
        let end = header.rfind(&format!("#endif  /* {} */", self.guard)).expect("the header has a guard");
        let sizes = self.sizes.iter().map(|(name, size)| format!("NOTIFY_ASSERT_SIZE({name}, {size});\n"));
        let sizes: String = sizes.collect();
        format!("{}{ASSERT_SIZE}{sizes}#undef NOTIFY_ASSERT_SIZE\n\n{}", &header[..end], &header[end..])
    }

    /// Its functions, and those of the headers that it includes, are those that an archive exports.
    pub(crate) fn check_exports(&self) {
        let header = fs::read_to_string(self.path).expect("there is a header");
        let functions = header.lines().filter_map(|line| {
            line.strip_prefix("notify_status ").and_then(|rest| rest.split_once('(')).map(|(name, _)| name)
        });
        let functions: BTreeSet<_> = functions.chain(self.exports_of_included.lines()).collect();
        assert_eq!(functions, self.exports.lines().collect());
    }

    /// It is what cbindgen makes of the source.
    pub(crate) fn check(&self) {
        let generated = self.generate();
        if env::var_os("NOTIFY_WRITE_HEADER").is_some() {
            fs::write(self.path, &generated).expect("the header can be written");
        }
        let committed = fs::read_to_string(self.path).unwrap_or_default();
        assert!(
            committed == generated,
            "write it anew: NOTIFY_WRITE_HEADER=1 cargo test -p {}\n{generated}",
            self.package
        );
    }
}

/// In C every pointer is unsafe, and the headings about it are Rust's form.
fn without_safety_sections(header: &str) -> String {
    header.replace("//\n// # Safety\n//\n", "//\n")
}

/// A macro that is a negative number has to be one operand wherever it is used.
fn with_brackets(header: &str) -> String {
    let line = |line: &str| match line.split_once(" -") {
        Some((name, number)) if line.starts_with("#define") => format!("{name} (-{number})\n"),
        _ => format!("{line}\n"),
    };
    header.lines().map(line).collect()
}
