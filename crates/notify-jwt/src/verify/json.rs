//! The header and the claims of a token that anyone may have written, in JSON.

mod members;

use super::error::ParseTokenError;
use crate::service_id::ServiceId;
use members::{Ignored, Members, once, read};
use serde::de::MapAccess;

/// Reads a header, and rejects it unless its algorithm is HS256 and it has no critical extensions (`crit`,
/// RFC 7515 §4.1.11), since we support none.
pub(super) fn check_header(json: &[u8]) -> Result<(), ParseTokenError> {
    #[derive(Default)]
    struct Header<'j> {
        alg: Option<Option<&'j str>>,
        crit: Option<Option<Ignored>>,
    }
    impl<'j> Members<'j> for Header<'j> {
        fn member<M: MapAccess<'j>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
            match name {
                "alg" => once(&mut self.alg, map),
                "crit" => once(&mut self.crit, map),
                _ => map.next_value::<Ignored>().map(drop),
            }
        }
    }
    let header: Header<'_> = read(json, ParseTokenError::Header)?;
    if header.crit.flatten().is_some() {
        return Err(ParseTokenError::Header);
    }
    if header.alg.flatten() == Some("HS256") { Ok(()) } else { Err(ParseTokenError::Algorithm) }
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
    ///
    /// A token with an audience must be rejected by those outside it (RFC 7519 §4.1.3), and a Notify service has no
    /// audience name, so `aud` is always rejected.
    pub(super) fn parse(json: &[u8]) -> Result<Self, ParseTokenError> {
        #[derive(Default)]
        struct Fields<'j> {
            iss: Option<Option<&'j str>>,
            iat: Option<Option<u64>>,
            exp: Option<Option<u64>>,
            nbf: Option<Option<u64>>,
            aud: Option<Option<Ignored>>,
        }
        impl<'j> Members<'j> for Fields<'j> {
            fn member<M: MapAccess<'j>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
                match name {
                    "iss" => once(&mut self.iss, map),
                    "iat" => once(&mut self.iat, map),
                    "exp" => once(&mut self.exp, map),
                    "nbf" => once(&mut self.nbf, map),
                    "aud" => once(&mut self.aud, map),
                    _ => map.next_value::<Ignored>().map(drop),
                }
            }
        }
        let fields: Fields<'_> = read(json, ParseTokenError::Claims)?;
        if fields.aud.flatten().is_some() {
            return Err(ParseTokenError::Claims);
        }
        let issuer = fields.iss.flatten().ok_or(ParseTokenError::Issuer)?.as_bytes();
        if issuer.contains(&b'\\') {
            return Err(ParseTokenError::Escape);
        }
        let issuer = issuer.try_into().ok().and_then(ServiceId::parse);
        Ok(Self {
            issuer: issuer.ok_or(ParseTokenError::Issuer)?,
            issued_at: fields.iat.flatten().ok_or(ParseTokenError::IssuedAt)?,
            expires_at: fields.exp.flatten(),
            not_before: fields.nbf.flatten(),
        })
    }
}
