//! The header and the claims of a token that anyone may have written, in JSON.

mod members;

use super::error::ParseTokenError;
use crate::claims::{AFTER_ISSUER, BEFORE_ISSUER};
use crate::service_id::ServiceId;
use members::{Ignored, Members, Once, read};
use serde::de::MapAccess;

/// Reads a header, and rejects it unless its algorithm is HS256 and it has no critical extensions (`crit`,
/// RFC 7515 §4.1.11), since we support none.
pub(super) fn check_header(json: &[u8]) -> Result<(), ParseTokenError> {
    #[derive(Default)]
    struct Header<'j> {
        alg: Once<&'j str>,
        crit: Once<Ignored>,
    }
    impl<'j> Members<'j> for Header<'j> {
        fn member<M: MapAccess<'j>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
            match name {
                "alg" => self.alg.read(map),
                "crit" => self.crit.read(map),
                _ => map.next_value::<Ignored>().map(drop),
            }
        }
    }
    let mut header = Header::default();
    read(json, &mut header, ParseTokenError::Header)?;
    if header.crit.value.is_some() {
        return Err(ParseTokenError::Header);
    }
    if header.alg.value == Some("HS256") { Ok(()) } else { Err(ParseTokenError::Algorithm) }
}

/// The claims that verification needs, with times in seconds since 1970.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(super) struct Claims {
    pub(super) issuer: ServiceId,
    pub(super) issued_at: u64,
    pub(super) expires_at: Option<u64>,
    pub(super) not_before: Option<u64>,
}

impl Claims {
    /// Reads claims.
    pub(super) fn parse(json: &[u8]) -> Result<Self, ParseTokenError> {
        Self::parse_usual(json).map_or_else(|| Self::parse_any(json), Ok)
    }

    /// Reads claims as every client writes them, byte for byte: `iss` and then `iat`, without white space. `None` for any
    /// others, valid or not.
    pub(super) fn parse_usual(json: &[u8]) -> Option<Self> {
        let (before, rest) = json.split_first_chunk()?;
        let (issuer, rest) = rest.split_first_chunk()?;
        let (after, rest) = rest.split_first_chunk()?;
        let [b':', digits @ .., b'}'] = rest else { return None };
        // Ten digits until the year 2286. More of them could overflow, and a number does not start with zero.
        if before != BEFORE_ISSUER
            || after != AFTER_ISSUER
            || digits.len() != 10
            || digits.first() == Some(&b'0')
        {
            return None;
        }
        let mut issued_at = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            issued_at = issued_at * 10 + u64::from(digit - b'0');
        }
        Some(Self { issuer: ServiceId::parse(issuer)?, issued_at, expires_at: None, not_before: None })
    }

    /// Reads any claims.
    ///
    /// A token with an audience must be rejected by those outside it (RFC 7519 §4.1.3), and a Notify service has no
    /// audience name, so `aud` is always rejected.
    #[inline(never)]
    fn parse_any(json: &[u8]) -> Result<Self, ParseTokenError> {
        #[derive(Default)]
        struct Fields<'j> {
            iss: Once<&'j str>,
            iat: Once<u64>,
            exp: Once<u64>,
            nbf: Once<u64>,
            aud: Once<Ignored>,
        }
        impl<'j> Members<'j> for Fields<'j> {
            fn member<M: MapAccess<'j>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
                match name {
                    "iss" => self.iss.read(map),
                    "iat" => self.iat.read(map),
                    "exp" => self.exp.read(map),
                    "nbf" => self.nbf.read(map),
                    "aud" => self.aud.read(map),
                    _ => map.next_value::<Ignored>().map(drop),
                }
            }
        }
        let mut fields = Fields::default();
        read(json, &mut fields, ParseTokenError::Claims)?;
        if fields.aud.value.is_some() {
            return Err(ParseTokenError::Claims);
        }
        let issuer = fields.iss.value.ok_or(ParseTokenError::Issuer)?.as_bytes();
        if issuer.contains(&b'\\') {
            return Err(ParseTokenError::Escape);
        }
        let issuer = issuer.try_into().ok().and_then(ServiceId::parse);
        Ok(Self {
            issuer: issuer.ok_or(ParseTokenError::Issuer)?,
            issued_at: fields.iat.value.ok_or(ParseTokenError::IssuedAt)?,
            expires_at: fields.exp.value,
            not_before: fields.nbf.value,
        })
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::Claims;
    use proptest::prelude::*;
    use std::format;
    use std::string::String;

    /// Claims as clients write them, or nearly so.
    fn claims() -> impl Strategy<Value = String> {
        let issuer = prop_oneof![
            4 => "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            1 => "[0-9a-f\\\\\"-]{36}",
        ];
        let issued_at = prop_oneof![4 => "[0-9]{10}", 1 => "[0-9]{1,21}", 1 => "[0-9.e+ -]{10}"];
        (issuer, issued_at, 0..80_usize, "([ -~]|[{}\"\\\\:,]){0,2}", 0..2_usize, any::<bool>()).prop_map(
            |(issuer, issued_at, at, inserted, removed, changed)| {
                let mut claims = format!(r#"{{"iss":"{issuer}","iat":{issued_at}}}"#);
                if changed && at + removed <= claims.len() {
                    claims.replace_range(at..at + removed, &inserted);
                }
                claims
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn both_ways_to_read_claims_agree(claims in claims()) {
            let (usual, any) = (Claims::parse_usual(claims.as_bytes()), Claims::parse_any(claims.as_bytes()));
            if let Some(usual) = usual {
                prop_assert_eq!(any, Ok(usual), "{}", claims);
            } else if let Ok(any) = any {
                // What was not read the short way is not what clients write.
                let issuer = any.issuer.as_str();
                let usual = format!(r#"{{"iss":"{issuer}","iat":{}}}"#, any.issued_at);
                prop_assert!(usual != claims || any.issued_at < 1_000_000_000 || any.issued_at > 9_999_999_999);
            }
        }
    }
}
