//! The decimal digits of a number, in a time that does not depend on it.

/// The digits of the largest number.
pub(crate) const DIGITS_MAX: usize = u64::MAX.ilog10() as usize + 1;

/// The digits of a number, zeros in front.
///
/// A microcontroller divides 64 bits in software, at a price that depends on the number. So the number is cut into four
/// limbs of 16 bits, whose weights 2^48, 2^32, 2^16 and 1 are written in base 10,000; what adds up at
/// each place of that base fits 31 bits, and so does every carry.
pub(crate) fn digits(number: u64) -> [u8; DIGITS_MAX] {
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

/// The upper two and the lower eight digits of a number below 10^10, zeros in front, each at the foot of a word, the
/// first uppermost.
///
/// For machines of 64 bits: what is divided here are words of theirs, by constants, which is a product.
pub(crate) fn ten_digits(number: u64) -> (u64, u64) {
    // Two quotients that do not wait for each other.
    let (two, six) = (number / 100_000_000, number / 10_000);
    let tens = (two * 103) >> 10;
    let ones = two - tens * 10;
    ((tens << 8 | ones) + 0x3030, eight_digits(six - two * 10_000, number - six * 10_000))
}

/// The four digits of each of two numbers below 10,000, told as [`four_digits`] does, both at once.
fn eight_digits(upper: u64, lower: u64) -> u64 {
    let numbers = upper | lower << 32;
    let hundreds = (numbers * 5243) >> 19 & 0x0000_007f_0000_007f;
    // One product takes the hundreds from the upper half, a hundredfold, and leaves them in the lower.
    let pairs = (numbers << 16) - hundreds * ((100 << 16) - 1);
    let tens = (pairs * 103) >> 10 & 0x000f_000f_000f_000f;
    let digits = (pairs << 8) - tens * ((10 << 8) - 1);
    (digits + 0x3030_3030_3030_3030).swap_bytes()
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{carried, digits, eight_digits, four_digits, ten_digits};
    use proptest::prelude::*;
    use std::format;

    /// Both ways, the second as far as it goes.
    fn agree(number: u64) {
        assert_eq!(digits(number), format!("{number:020}").as_bytes(), "{number}");
        if number < 10_000_000_000 {
            let (two, eight) = ten_digits(number);
            let words = [two.to_be_bytes(), eight.to_be_bytes()];
            assert_eq!(words.as_flattened(), format!("\0\0\0\0\0\0{number:010}").as_bytes());
        }
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
                assert_eq!(both.0.to_be_bytes(), format!("{digits}{other}").as_bytes());
                assert_eq!(both.1.to_be_bytes(), format!("{other}{digits}").as_bytes());
            }
        }
    }
}
