//! Random names that are never given twice.

use std::fmt;

use prost::Message;

/// Declares a name of 128 random bits. Two fixed integers on the wire, so that every message holds a whole one.
macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Message)]
        #[prost(skip_debug)]
        pub struct $name {
            #[prost(fixed64, tag = "1")]
            high: u64,
            #[prost(fixed64, tag = "2")]
            low: u64,
        }

        impl $name {
            /// Whether it names nothing: what a message holds that came without it.
            pub fn is_missing(self) -> bool {
                self == Self::default()
            }
        }

        impl From<u128> for $name {
            fn from(bits: u128) -> Self {
                Self { high: (bits >> u64::BITS) as u64, low: bits as u64 }
            }
        }

        impl From<$name> for u128 {
            fn from(id: $name) -> Self {
                u128::from(id.high) << u64::BITS | u128::from(id.low)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:016x}{:016x}", self.high, self.low)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

random_id! {
    /// Names a cluster.
    ClusterId
}

random_id! {
    /// Names what a replica has on its disk from its first start on. A wiped disk gets another one.
    Instance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_bits_in_their_order() {
        let bits = 0x0123_4567_89ab_cdef_0011_2233_4455_6677_u128;
        let id = Instance::from(bits);
        assert_eq!(u128::from(id), bits);
        assert_eq!(id.to_string(), "0123456789abcdef0011223344556677");
        assert_eq!(Instance::decode(id.encode_to_vec().as_slice()), Ok(id));
        assert!(id < Instance::from(bits + 1) && id < Instance::from(bits + (1 << 64)));
        assert!(Instance::default().is_missing() && !id.is_missing());
    }
}
