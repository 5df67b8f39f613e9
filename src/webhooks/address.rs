//! Which addresses are nobody's on the Internet.
//!
//! After IANA's registries of special-purpose addresses, <https://www.iana.org/assignments/iana-ipv4-special-registry> and
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>, as of 2025, and those of multicast and of address space.
//! What some other protocol makes of an address of IPv4 counts as special whatever that address is: only a relay would
//! bring us there, and nobody has to be reached by one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses of IPv4 with these leading bits, and what they are for.
const SPECIAL_V4: &[(Ipv4Addr, u32, &str)] = &[
    (Ipv4Addr::UNSPECIFIED, 8, "unspecified"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by customers of a carrier"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    // The platform's own, on virtual machines at Microsoft: it answers nobody else.
    (Ipv4Addr::new(168, 63, 129, 16), 32, "a platform's own"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "for protocols"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "for documentation"),
    (Ipv4Addr::new(192, 31, 196, 0), 24, "for protocols"),
    (Ipv4Addr::new(192, 52, 193, 0), 24, "for protocols"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "for relays to IPv6"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(192, 175, 48, 0), 24, "for protocols"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "for benchmarks"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "for documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "for documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::BROADCAST, 32, "broadcast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// The same of IPv6; the first that fits counts.
const SPECIAL_V6: &[(Ipv6Addr, u32, &str)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified"),
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "one of IPv4 in disguise"),
    (Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96, "one of IPv4 in disguise"),
    (Ipv6Addr::UNSPECIFIED, 96, "one of IPv4 in disguise"),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, "one of IPv4 behind a translator"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "one of IPv4 behind a translator"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "unique local"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "site-local"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, "one of IPv4 behind a relay (Teredo)"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "for protocols"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "for documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "one of IPv4 behind a relay (6to4)"),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48, "for protocols"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "for documentation"),
];

/// All that was ever given to networks on the Internet.
const GLOBAL_UNICAST: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What an address is for if it is nobody's on the Internet: "private", "loopback", …
pub fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => {
            let fits =
                |base: Ipv4Addr, bits: u32| (address.to_bits() ^ base.to_bits()).leading_zeros() >= bits;
            SPECIAL_V4.iter().find(|(base, bits, _)| fits(*base, *bits)).map(|(.., what)| *what)
        }
        IpAddr::V6(address) => {
            let fits =
                |base: Ipv6Addr, bits: u32| (address.to_bits() ^ base.to_bits()).leading_zeros() >= bits;
            let found = SPECIAL_V6.iter().find(|(base, bits, _)| fits(*base, *bits)).map(|(.., what)| *what);
            let (base, bits) = GLOBAL_UNICAST;
            found.or_else(|| (!fits(base, bits)).then_some("reserved"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<&'static str> {
        special(text.parse().unwrap_or_else(|_| panic!("{text} is an address")))
    }

    #[test]
    fn what_is_on_the_internet_is_not_special() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.114.0",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2001:200::1",
            "2003::1",
            "2606:4700:4700::1111",
            "2a00:1450:4001:81b::200e",
            "3ffe:ffff::1",
        ] {
            assert_eq!(of(address), None, "{address}");
        }
    }

    #[test]
    fn the_first_and_the_last_of_each_special_range_are_special() {
        for &(base, bits, what) in SPECIAL_V4 {
            let last = Ipv4Addr::from_bits(base.to_bits() | u32::MAX.checked_shr(bits).unwrap_or(0));
            for address in [base, last] {
                assert!(special(address.into()).is_some(), "{address} is {what}");
            }
        }
        for &(base, bits, what) in SPECIAL_V6 {
            let last = Ipv6Addr::from_bits(base.to_bits() | u128::MAX.checked_shr(bits).unwrap_or(0));
            for address in [base, last] {
                assert!(special(address.into()).is_some(), "{address} is {what}");
            }
        }
    }

    #[test]
    fn each_kind_of_address_is_known() {
        for (address, what) in [
            ("0.0.0.0", "unspecified"),
            ("127.0.0.1", "loopback"),
            ("127.255.255.254", "loopback"),
            ("10.1.2.3", "private"),
            ("172.31.255.255", "private"),
            ("192.168.0.1", "private"),
            ("169.254.169.254", "link-local"),
            ("100.100.100.200", "shared by customers of a carrier"),
            ("168.63.129.16", "a platform's own"),
            ("192.0.0.192", "for protocols"),
            ("192.0.2.1", "for documentation"),
            ("198.51.100.1", "for documentation"),
            ("203.0.113.1", "for documentation"),
            ("198.19.255.255", "for benchmarks"),
            ("224.0.0.1", "multicast"),
            ("239.255.255.255", "multicast"),
            ("240.0.0.1", "reserved"),
            ("255.255.255.255", "broadcast"),
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::ffff:127.0.0.1", "one of IPv4 in disguise"),
            ("::ffff:8.8.8.8", "one of IPv4 in disguise"),
            ("::127.0.0.1", "one of IPv4 in disguise"),
            ("::ffff:0:10.0.0.1", "one of IPv4 in disguise"),
            ("64:ff9b::10.0.0.1", "one of IPv4 behind a translator"),
            ("64:ff9b:1::10.0.0.1", "one of IPv4 behind a translator"),
            ("2002:a00:1::1", "one of IPv4 behind a relay (6to4)"),
            ("2001:0:4136:e378:8000:63bf:f5ff:fffe", "one of IPv4 behind a relay (Teredo)"),
            ("2001:2::1", "for protocols"),
            ("2001:20::1", "for protocols"),
            ("2001:db8::1", "for documentation"),
            ("3fff:fff::1", "for documentation"),
            ("fc00::1", "unique local"),
            ("fd00:ec2::254", "unique local"),
            ("fdaa:0:1::3", "unique local"),
            ("fe80::1", "link-local"),
            ("febf::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff02::1", "multicast"),
            ("100::1", "reserved"),
            ("5f00::1", "reserved"),
            ("4000::1", "reserved"),
        ] {
            assert_eq!(of(address), Some(what), "{address}");
        }
    }
}
