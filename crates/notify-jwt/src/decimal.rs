//! The decimal digits of a number, in a time that does not depend on it.

/// The digits of the largest number.
pub(crate) const DIGITS_MAX: usize = u64::MAX.ilog10() as usize + 1;

/// The digits of a number, zeros in front.
pub(crate) fn digits(number: u64) -> [u8; DIGITS_MAX] {
    if usize::BITS == 64 { by_quotients(number) } else { by_limbs(number) }
}

/// By four quotients that do not wait for each other, each of which is a product where products have 128 bits.
fn by_quotients(number: u64) -> [u8; DIGITS_MAX] {
    let quotient = |power: u32| number / 10_u64.pow(power);
    let [a, ab, abc, abcd] = [quotient(16), quotient(12), quotient(8), quotient(4)];
    let mut digits = [0; DIGITS_MAX];
    if let Some((upper, rest)) = digits.split_first_chunk_mut()
        && let Some((middle, lower)) = rest.split_first_chunk_mut()
        && let Some(lower) = lower.first_chunk_mut()
    {
        *upper = four_digits(u32::try_from(a).unwrap_or_default());
        *middle = eight_digits(ab - a * 10_000, abc - ab * 10_000);
        *lower = eight_digits(abcd - abc * 10_000, number - abcd * 10_000);
    }
    digits
}

/// By limbs of 16 bits.
///
/// A microcontroller divides 64 bits in software, at a price that depends on the number. So the number is cut into four
/// limbs, whose weights 2^48, 2^32, 2^16 and 1 are written in base 10,000; what adds up at
/// each place of that base fits 31 bits, and so does every carry.
fn by_limbs(number: u64) -> [u8; DIGITS_MAX] {
    let limb = |shift: u32| u32::try_from(number >> shift & 0xffff).unwrap_or_default();
    let [a, b, c, d] = [limb(48), limb(32), limb(16), limb(0)];
    // 2^48 is 281 4749 7671 0656, 2^32 is 42 9496 7296, 2^16 is 6 5536.
    let places =
        [0, 281 * a, 4749 * a + 42 * b, 7671 * a + 9496 * b + 6 * c, 656 * a + 7296 * b + 5536 * c + d];

    let mut all = [0; DIGITS_MAX];
    let mut carry = 0;
    for (place, digits) in places.iter().zip(all.as_chunks_mut().0).rev() {
        let (above, rest) = carried(place + carry);
        carry = above;
        *digits = four_digits(rest);
    }
    all
}

/// How many times 10,000 a number below 2^31 is, and the rest.
///
/// The smallest microcontrollers divide 32 bits in software too. Products and shifts tell it almost, and no more than it is;
/// then once more, exactly, what is missing. The tests go through all of it.
fn carried(number: u32) -> (u32, u32) {
    let almost = ((number >> 13) * 13_421) >> 14;
    let rest = number - almost * 10_000;
    let missing = ((rest >> 4) * 6711) >> 22;
    (almost + missing, rest - missing * 10_000)
}

/// The four digits of a number below 10,000.
///
/// A product and a shift stand for each division. They are exact in this range; the tests go through all of it.
fn four_digits(number: u32) -> [u8; 4] {
    let hundreds = (number * 5243) >> 19;
    let pairs = hundreds | (number - hundreds * 100) << 16;
    let tens = (pairs * 103) >> 10 & 0x000f_000f;
    let digits = tens | (pairs - tens * 10) << 8;
    (digits + 0x3030_3030).to_le_bytes()
}

/// The four digits of each of two numbers below 10,000, told as [`four_digits`] does, both at once.
fn eight_digits(upper: u64, lower: u64) -> [u8; 8] {
    let numbers = upper | lower << 32;
    let hundreds = (numbers * 5243) >> 19 & 0x0000_007f_0000_007f;
    let pairs = hundreds | (numbers - hundreds * 100) << 16;
    let tens = (pairs * 103) >> 10 & 0x000f_000f_000f_000f;
    let digits = tens | (pairs - tens * 10) << 8;
    (digits + 0x3030_3030_3030_3030).to_le_bytes()
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{by_limbs, by_quotients, carried, eight_digits, four_digits};
    use proptest::prelude::*;
    use std::format;

    /// Both ways, whatever machine this is.
    fn agree(number: u64) {
        let digits = format!("{number:020}");
        assert_eq!(by_quotients(number), digits.as_bytes(), "{number}");
        assert_eq!(by_limbs(number), digits.as_bytes(), "{number}");
    }

    #[test]
    fn around_every_power_of_two_and_ten_all_digits_are_right() {
        let powers = (0..20).map(|power| 10_u64.pow(power)).chain((0..64).map(|power| 1 << power));
        for number in powers.flat_map(|power| [power - 1, power, power + 1]).chain([u64::MAX]) {
            agree(number);
        }
    }

    proptest! {
        #[test]
        fn all_digits_of_any_number_are_right(number: u64, shift in 0..64_u32) {
            agree(number >> shift);
        }
    }

    #[test]
    fn all_numbers_below_two_to_the_31_are_carried() {
        // What is missing after the first step is the more the higher the number, and the most before its next multiple of 2^13.
        let mut least = u32::MAX;
        let mut most = 0;
        for upper in 0..1_u32 << 18 {
            let almost = (upper * 13_421) >> 14;
            for number in [upper << 13, (upper << 13) + 8191] {
                assert_eq!(carried(number), (number / 10_000, number % 10_000), "{number}");
                // It would be an overflow if it were more than there is.
                least = least.min(number - almost * 10_000);
                most = most.max(number - almost * 10_000);
            }
        }
        assert_eq!(least, 0);
        // All that the second step is asked, wherever in the number it comes from.
        for rest in 0..=most {
            assert_eq!(((rest >> 4) * 6711) >> 22, rest / 10_000, "{rest}");
        }
    }

    #[test]
    fn all_numbers_of_four_digits_are_written() {
        for number in 0..10_000 {
            let digits = format!("{number:04}");
            assert_eq!(four_digits(number), digits.as_bytes());
            // Whatever stands beside it.
            for other in [0, 9_999, 10_000 - 1 - number] {
                let both =
                    (eight_digits(number.into(), other.into()), eight_digits(other.into(), number.into()));
                let other = format!("{other:04}");
                assert_eq!(both.0, format!("{digits}{other}").as_bytes());
                assert_eq!(both.1, format!("{other}{digits}").as_bytes());
            }
        }
    }
}
