//! The currencies that prices may be in.

/// The codes of ISO 4217 in use at the end of 2026 whose minor unit is a hundredth: amounts are held in those and
/// shown with two decimals, so that a yen (which has none) or a Kuwaiti dinar (three) would come out wrong.
const WITH_TWO_DECIMALS: &str = "\
    aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf cny cop crc \
    cup cve czk dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gtq gyd hkd hnl htg huf idr ils inr irr \
    jmd kes kgs khr kpw kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio \
    nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sdg sek sgd shp sle sos srd ssp stn svc syp \
    szl thb tjs tmt top try ttd twd tzs uah usd uyu uzs ved ves wst xcd xcg yer zar zmw zwg";

/// The code in lower case.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let code = text.to_ascii_lowercase();
    if WITH_TWO_DECIMALS.split_whitespace().any(|known| known == code) {
        Ok(code)
    } else {
        Err("not an ISO 4217 code of a currency with two decimals, such as usd or eur".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_decimals_in_either_case() {
        assert_eq!(parse("EUR").as_deref(), Ok("eur"));
        for code in ["zzz", "jpy", "kwd", "dollars", "", "usd eur", "us"] {
            assert!(parse(code).is_err(), "{code:?}");
        }
    }

    /// Stripe takes amounts in these in whole units, or in thousandths, unlike those that it takes in hundredths.
    #[test]
    fn hundredths_are_what_stripe_takes() {
        let in_whole_units = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf";
        let in_thousandths = "bhd jod kwd omr tnd";
        for code in in_whole_units.split(' ').chain(in_thousandths.split(' ')) {
            assert!(parse(code).is_err(), "{code}");
        }
    }
}
