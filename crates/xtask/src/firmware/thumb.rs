//! Decodes Arm Thumb code, as far as it branches from one function to another.

/// The targets to which the code at this address branches with `BL` and `B.W`.
pub(crate) fn branches(start: u32, code: &[u8]) -> impl Iterator<Item = u32> {
    let halves = code.as_chunks().0.iter().map(|bytes| u16::from_le_bytes(*bytes));
    let halves: Vec<u16> = halves.collect();
    let pairs: Vec<(u16, u16)> = halves.windows(2).map(|pair| (pair[0], pair[1])).collect();
    pairs.into_iter().zip((start..).step_by(2)).filter_map(|((first, second), at)| target(at, first, second))
}

/// The target of the instruction made of these two halves, encodings T1 of `BL` and T4 of `B` (Arm v7-M reference
/// manual, A7.7.18 and A7.7.12).
fn target(at: u32, first: u16, second: u16) -> Option<u32> {
    if first & 0xf800 != 0xf000 || !matches!(second & 0xd000, 0xd000 | 0x9000) {
        return None;
    }
    let (first, second) = (u32::from(first), u32::from(second));
    let sign = first >> 10 & 1;
    // The upper bits are written inverted, unless the offset is negative.
    let upper = |bit: u32| (second >> bit & 1) ^ sign ^ 1;
    let offset =
        sign << 24 | upper(13) << 23 | upper(11) << 22 | (first & 0x3ff) << 12 | (second & 0x7ff) << 1;
    // Sign-extends 25 bits to 32, in two's complement.
    let offset = offset.wrapping_sub(sign << 25);
    Some(at.wrapping_add(4).wrapping_add(offset))
}

#[cfg(test)]
mod tests {
    use super::branches;

    #[test]
    fn calls_forward_and_backward_and_long_jumps_are_found() {
        // As a disassembler shows them: bl 13fc; movs r0, #0; bl f94; b.w ee8 at 0x6a0, 0x6a4, 0x213c, 0x1228.
        assert_eq!(branches(0x6a0, &[0x00, 0xf0, 0xac, 0xfe, 0x00, 0x20]).collect::<Vec<_>>(), [0x13fc]);
        assert_eq!(branches(0x213c, &[0xfe, 0xf7, 0x2a, 0xff]).collect::<Vec<_>>(), [0xf94]);
        assert_eq!(branches(0x1000, &[0xff, 0xf7, 0xfe, 0xbf]).collect::<Vec<_>>(), [0x1000]);
        assert_eq!(branches(0x1000, &[0x10, 0xb5, 0x10, 0xbd]).count(), 0);
    }
}
