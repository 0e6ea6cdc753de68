//! The contents of an image: how much of the chip it takes, and which functions it has.

use anyhow::{Context as _, Result};
use object::read::elf::{ElfFile32, ElfSymbol32};
use object::{
    Object as _, ObjectSection as _, ObjectSymbol as _, SectionFlags, SectionKind, SymbolKind, elf,
};

use super::thumb;
use super::trace::Function;

/// A program for a board, as an ELF file.
pub(crate) struct Image<'d> {
    file: ElfFile32<'d>,
}

impl<'d> Image<'d> {
    pub(crate) fn read(bytes: &'d [u8]) -> Result<Self> {
        Ok(Self { file: ElfFile32::parse(bytes)? })
    }

    /// The bytes in flash: code, constants, and the initial values of variables.
    pub(crate) fn flash(&self) -> u64 {
        self.sizes(|kind| !matches!(kind, SectionKind::UninitializedData))
    }

    /// The bytes of RAM that static variables take.
    pub(crate) fn ram(&self) -> u64 {
        self.sizes(|kind| matches!(kind, SectionKind::Data | SectionKind::UninitializedData))
    }

    fn sizes(&self, counts: impl Fn(SectionKind) -> bool) -> u64 {
        let loaded =
            |flags| matches!(flags, SectionFlags::Elf { sh_flags, .. } if sh_flags.0 & elf::SHF_ALLOC.0 != 0);
        self.file
            .sections()
            .filter(|section| loaded(section.flags()) && counts(section.kind()))
            // The section of this name in the start-up code is the room that is left, not a variable.
            .filter(|section| !matches!(section.name(), Ok(".stack" | ".heap")))
            .map(|section| section.size())
            .sum()
    }

    /// The function with this full path.
    pub(crate) fn function(&self, name: &str) -> Result<Function> {
        let symbol = self.functions().find(|(function, _)| function == name);
        let (_, symbol) = symbol.with_context(|| format!("no function {name} in the image"))?;
        Ok(Function { start: start(&symbol)?, back: None })
    }

    /// The address ranges of the code that is not the host's, in the format of QEMU's `-dfilter`: reading cases and
    /// printing are not measured.
    pub(crate) fn ranges(&self) -> Result<String> {
        let functions = self.functions().filter(|(name, _)| !is_host_code(name));
        let ranges =
            functions.map(|(_, symbol)| Ok(format!("{:#x}+{:#x}", start(&symbol)?, symbol.size().max(1))));
        Ok(ranges.collect::<Result<Vec<String>>>()?.join(","))
    }

    /// The functions whose purpose is to panic, and those that handle a panic.
    pub(crate) fn panics(&self) -> Vec<String> {
        let mut panics: Vec<String> =
            self.functions().map(|(name, _)| name).filter(|name| is_panic(name)).collect();
        panics.sort_unstable();
        panics.dedup();
        panics
    }

    /// The functions that call those, apart from core's own; in Thumb code.
    pub(crate) fn panickers(&self) -> Result<Vec<String>> {
        let panics = self.functions().filter(|(name, _)| is_panic(name));
        let panics = panics.map(|(_, symbol)| start(&symbol)).collect::<Result<Vec<u32>>>()?;
        let mut panickers = Vec::new();
        let core_s = |name: &str| name.trim_start_matches('<').starts_with("core::");
        for (name, symbol) in self.functions().filter(|(name, _)| !core_s(name)) {
            let section = symbol.section_index().context("a function in no section")?;
            let section = self.file.section_by_index(section)?;
            let start = start(&symbol)?;
            let code = section.data_range(start.into(), symbol.size())?.unwrap_or_default();
            if thumb::branches(start, code).any(|target| panics.contains(&target)) {
                panickers.push(name);
            }
        }
        panickers.sort_unstable();
        panickers.dedup();
        Ok(panickers)
    }

    fn functions(&self) -> impl Iterator<Item = (String, ElfSymbol32<'d, '_>)> {
        self.file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text).filter_map(|symbol| {
            Some((format!("{:#}", rustc_demangle::demangle(symbol.name().ok()?)), symbol))
        })
    }
}

/// Whether a function reads cases or prints: in Rust it is of the firmware's library, in C its name says so.
fn is_host_code(name: &str) -> bool {
    name.contains("notify_firmware::") || name.starts_with("host_")
}

/// Where a function starts: on Arm the last bit of its address is not part of it.
fn start(symbol: &ElfSymbol32<'_, '_>) -> Result<u32> {
    Ok(u32::try_from(symbol.address())? & !1)
}

/// Whether a function of this name is there to panic: core's ways to fail, and the panic handler.
pub(crate) fn is_panic(name: &str) -> bool {
    ["panic", "unwrap_failed", "expect_failed", "index_fail", "mismatch_fail", "begin_unwind"]
        .iter()
        .any(|word| name.contains(word))
}
