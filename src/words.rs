//! Words of titles, as they are searched for.
//!
//! They are computed here, before the command, and carried in it: `apply` never looks at letters, so a newer
//! Unicode table never makes replicas differ.

use icu_casemap::CaseMapper;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Marks where a word ends in scripts that put no space there, Khmer say.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// Letters of European alphabets that differ from plain ones by more than a mark that can be taken off, in
/// lower case: all of Unicode's Latin-1 Supplement and Latin Extended-A, with the plain letters that CLDR's
/// transform `Latin-ASCII` gives for them.
const PLAIN_LETTERS: &[(char, &str)] = &[
    ('æ', "ae"),
    ('ð', "d"),
    ('ø', "o"),
    ('þ', "th"),
    ('đ', "d"),
    ('ħ', "h"),
    ('ı', "i"),
    ('ĸ', "q"),
    ('ł', "l"),
    ('ŋ', "n"),
    ('œ', "oe"),
    ('ŧ', "t"),
];

/// The distinct words of a text: without case, accents and punctuation, in their order.
///
/// There are never many more of them than the text has characters.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in folded(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// The text as its readers compare it: Unicode's full case folding of its bare letters.
fn folded(text: &str) -> String {
    let bare: String = bare_letters(text).collect();
    let caseless = CaseMapper::new().fold_string(&bare);
    let mut folded = String::with_capacity(caseless.len());
    // Some letters fold to more than one, a few of them with marks again.
    for letter in bare_letters(&caseless) {
        match PLAIN_LETTERS.iter().find(|(from, _)| *from == letter) {
            Some((_, plain)) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    folded
}

/// The letters of a text, compatible ones alike, without their marks and what nobody sees (a soft hyphen, say).
fn bare_letters(text: &str) -> impl Iterator<Item = char> {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.nfkd().filter(move |&c| !is_combining_mark(c) && (c == ZERO_WIDTH_SPACE || !ignorable.contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_case_accents_or_punctuation() {
        assert_eq!(
            words("Björk – Début, LIVE at l'Olympia!"),
            ["bjork", "debut", "live", "at", "l", "olympia"]
        );
        assert_eq!(words("ＡＢＢＡ ﬁnale"), ["abba", "finale"]);
        assert_eq!(words("AC/DC & ac/dc"), ["ac", "dc"]);
        assert_eq!(words("東京 2026"), ["東京", "2026"]);
        assert_eq!(words(" !? 🎭 "), Vec::<String>::new());
    }

    #[test]
    fn case_is_folded_in_every_language() {
        for alike in [
            &["Οδός", "ΟΔΌΣ", "ΟΔΟΣ", "οδος", "οδοσ"][..],
            &["Straße", "STRASSE", "STRAẞE", "strasse"],
            &["İstanbul", "ISTANBUL", "istanbul", "ıstanbul"],
            &["ᏣᎳᎩ", "ꮳꮃꭹ"],
            &["ΐ", "Ϊ́", "ι"],
        ] {
            for spelling in alike {
                assert_eq!(words(spelling), words(alike[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn european_letters_are_found_by_plain_ones() {
        assert_eq!(
            words("Łódź Ørsted Đorđe Æther Œuvre Þór ǾǼ"),
            ["lodz", "orsted", "dorde", "aether", "oeuvre", "thor", "oae"]
        );
        // All of the two blocks, but for one that is an apostrophe and a letter.
        for letter in ('\u{c0}'..='\u{17f}').filter(|&letter| letter.is_alphabetic() && letter != 'ŉ') {
            let words = words(&letter.to_string());
            assert!(words.iter().all(|word| word.is_ascii()), "{letter}: {words:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_no_part_of_a_word() {
        assert_eq!(words("Kon\u{ad}zert \u{feff}A\u{2060}B"), ["konzert", "ab"]);
        assert_eq!(words("ភ្នំ\u{200b}ពេញ").len(), 2, "two words, and no space between them");
    }

    #[test]
    fn every_word_counts_to_its_end() {
        let long = "x".repeat(200);
        assert_eq!(words(&long), [long]);
        let many: Vec<String> = (0..100).map(|n| char::from_u32(0x4e00 + n).unwrap().to_string()).collect();
        assert_eq!(words(&many.join(" ")), many);
    }

    /// No character stands for many words, so that a text's length bounds the number of its words.
    #[test]
    fn a_character_brings_few_words() {
        let brought = |c: char| words(&format!("a{c}b")).len().saturating_sub(2);
        let most = ('\0'..=char::MAX).map(brought).max();
        assert!(most <= Some(2), "{most:?}");
    }
}
