//! The decimal digits of a number, in constant time.

/// The digits of the largest `u64`.
pub(crate) const DIGITS_MAX: usize = u64::MAX.ilog10() as usize + 1;

/// The digits of a number, with leading zeros.
///
/// A microcontroller divides 64-bit numbers in software, in a time that depends on the number. So this splits the
/// number into four 16-bit limbs and writes their weights, 2^48, 2^32, 2^16 and 1, in base 10,000. The sum at each
/// place fits 31 bits, carry included.
pub(crate) fn digits(number: u64) -> [u8; DIGITS_MAX] {
    let limb = |shift: u32| u32::try_from(number >> shift & 0xffff).unwrap_or_default();
    let [a, b, c, d] = [limb(48), limb(32), limb(16), limb(0)];
    // 2^48 is 281 4749 7671 0656, 2^32 is 42 9496 7296, 2^16 is 6 5536.
    let places =
        [0, 281 * a, 4749 * a + 42 * b, 7671 * a + 9496 * b + 6 * c, 656 * a + 7296 * b + 5536 * c + d];

    let mut all = [0; DIGITS_MAX];
    let mut carry = 0;
    for (place, digits) in places.iter().zip(all.chunks_exact_mut(4)).rev() {
        let (quotient, remainder) = div_rem_10_000(place + carry);
        carry = quotient;
        if let Some(digits) = digits.first_chunk_mut() {
            *digits = four_digits(remainder);
        }
    }
    all
}

/// The quotient and the remainder of a number below 2^31, divided by 10,000.
///
/// The smallest microcontrollers divide 32-bit numbers in software too. A product and a shift estimate the quotient,
/// never too high; a second product corrects the estimate exactly. The tests cover every input.
fn div_rem_10_000(number: u32) -> (u32, u32) {
    let estimate = ((number >> 13) * 13_421) >> 14;
    let rest = number - estimate * 10_000;
    let correction = ((rest >> 4) * 6711) >> 22;
    (estimate + correction, rest - correction * 10_000)
}

/// The four digits of a number below 10,000.
///
/// A product and a shift replace each division. They are exact in this range; the tests cover every input.
fn four_digits(number: u32) -> [u8; 4] {
    let hundreds = (number * 5243) >> 19;
    let pairs = hundreds | (number - hundreds * 100) << 16;
    let tens = (pairs * 103) >> 10 & 0x000f_000f;
    let digits = tens | (pairs - tens * 10) << 8;
    (digits + 0x3030_3030).to_le_bytes()
}

/// The upper two and the lower eight digits of a number below 10^10, with leading zeros, each right-aligned in a
/// big-endian word.
///
/// For 64-bit machines, where dividing a word by a constant is a product.
pub(crate) fn ten_digits(number: u64) -> (u64, u64) {
    // Neither quotient depends on the other.
    let (two, six) = (number / 100_000_000, number / 10_000);
    let tens = (two * 103) >> 10;
    let ones = two - tens * 10;
    ((tens << 8 | ones) + 0x3030, eight_digits(six - two * 10_000, number - six * 10_000))
}

/// The four digits of each of two numbers below 10,000, computed together, as [`four_digits`] does.
fn eight_digits(upper: u64, lower: u64) -> u64 {
    let numbers = upper | lower << 32;
    let hundreds = (numbers * 5243) >> 19 & 0x0000_007f_0000_007f;
    // One product subtracts the hundreds from the upper half and keeps them in the lower.
    let pairs = (numbers << 16) - hundreds * ((100 << 16) - 1);
    let tens = (pairs * 103) >> 10 & 0x000f_000f_000f_000f;
    let digits = (pairs << 8) - tens * ((10 << 8) - 1);
    (digits + 0x3030_3030_3030_3030).swap_bytes()
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{digits, div_rem_10_000, eight_digits, four_digits, ten_digits};
    use proptest::prelude::*;
    use std::format;

    /// Compares both functions with `format!`, the second where the number is small enough.
    fn check(number: u64) {
        assert_eq!(digits(number), format!("{number:020}").as_bytes(), "{number}");
        if number < 10_000_000_000 {
            let (two, eight) = ten_digits(number);
            let words = [two.to_be_bytes(), eight.to_be_bytes()];
            assert_eq!(words.as_flattened(), format!("\0\0\0\0\0\0{number:010}").as_bytes());
        }
    }

    #[test]
    fn the_digits_around_every_power_of_two_and_ten_are_right() {
        let powers = (0..20).map(|power| 10_u64.pow(power)).chain((0..64).map(|power| 1 << power));
        for number in powers.flat_map(|power| [power - 1, power, power + 1]).chain([u64::MAX]) {
            check(number);
        }
    }

    proptest! {
        #[test]
        fn the_digits_of_any_number_are_right(number: u64, shift in 0..64_u32) {
            check(number >> shift);
        }
    }

    #[test]
    fn every_number_below_two_to_the_31_is_divided_exactly() {
        // The estimate is the same for 2^13 numbers in a row, so the remainder is least at the first of them and most at the last.
        let mut least = u32::MAX;
        let mut most = 0;
        for upper in 0..1_u32 << 18 {
            let estimate = (upper * 13_421) >> 14;
            for number in [upper << 13, (upper << 13) + 8191] {
                assert_eq!(div_rem_10_000(number), (number / 10_000, number % 10_000), "{number}");
                // An estimate that is too high would overflow here.
                least = least.min(number - estimate * 10_000);
                most = most.max(number - estimate * 10_000);
            }
        }
        assert_eq!(least, 0);
        // Everything that the correction can be given.
        for rest in 0..=most {
            assert_eq!(((rest >> 4) * 6711) >> 22, rest / 10_000, "{rest}");
        }
    }

    #[test]
    fn every_number_of_four_digits_is_written() {
        for number in 0..10_000 {
            let digits = format!("{number:04}");
            assert_eq!(four_digits(number), digits.as_bytes());
            // Whatever its neighbour is.
            for other in [0, 9_999, 10_000 - 1 - number] {
                let both =
                    (eight_digits(number.into(), other.into()), eight_digits(other.into(), number.into()));
                let other = format!("{other:04}");
                assert_eq!(both.0.to_be_bytes(), format!("{digits}{other}").as_bytes());
                assert_eq!(both.1.to_be_bytes(), format!("{other}{digits}").as_bytes());
            }
        }
    }
}
