//! `Debug` for types that hold personal data.

/// Names the fields that hold no personal data, and so may be shown.
macro_rules! debug_only {
    ($($type:ident { $($field:ident),* })+) => {
        $(impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($type))$(.field(stringify!($field), &self.$field))*.finish_non_exhaustive()
            }
        })+
    };
}
pub(crate) use debug_only;
