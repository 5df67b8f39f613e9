//! Words of titles, as they are searched for.
//!
//! They are computed here, before the command, and carried in it: `apply` never looks at letters, so a newer
//! Unicode table never makes replicas differ.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words of one title that are indexed. A title has 200 characters at most; this bounds the work per ticket.
pub const MAX_WORDS: usize = 24;

/// Characters of one word that are indexed, and that a search compares.
pub const MAX_WORD_CHARS: usize = 32;

/// The distinct words of a text: without case, accents and punctuation, in their order.
pub fn words(text: &str) -> Vec<String> {
    let folded: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        // Some letters fold to more than one, a few of them with marks again.
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .collect();
    let mut words: Vec<String> = Vec::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word: String = word.chars().take(MAX_WORD_CHARS).collect();
        if words.len() < MAX_WORDS && !words.contains(&word) {
            words.push(word);
        }
    }
    words
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
        assert_eq!(words("İstanbul"), ["istanbul"]);
        assert_eq!(words("AC/DC & ac/dc"), ["ac", "dc"]);
        assert_eq!(words("東京 2026"), ["東京", "2026"]);
        assert_eq!(words(" !? "), Vec::<String>::new());
    }

    #[test]
    fn words_are_bounded() {
        let long = "x".repeat(500);
        assert_eq!(words(&long), ["x".repeat(MAX_WORD_CHARS)]);
        let many: Vec<String> = (0..200).map(|n| format!("w{n}")).collect();
        assert_eq!(words(&many.join(" ")).len(), MAX_WORDS);
    }
}
