//! Made-up ticket titles over a vocabulary with the skew of real ones: a few words in many titles, most in few.

use rand::RngExt;
use rand::rngs::SmallRng;

const ONSETS: [&str; 20] = [
    "b", "br", "d", "dr", "f", "fl", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "v",
];
const NUCLEI: [&str; 6] = ["a", "e", "i", "o", "u", "ai"];
const CODAS: [&str; 18] =
    ["b", "ck", "d", "f", "ll", "lm", "m", "n", "nd", "ng", "nt", "p", "r", "rk", "rn", "ss", "st", "t"];
/// Words in the vocabulary.
pub(crate) const WORDS: usize = ONSETS.len() * NUCLEI.len() * CODAS.len();
/// Bytes of the shortest prefix a search uses: shorter ones match half of everything.
const SHORTEST_PREFIX_BYTES: usize = 3;

/// A title of two to five words.
pub(crate) fn title(rng: &mut SmallRng) -> String {
    let words = rng.random_range(2..=5);
    (0..words).map(|_| word(skewed(rng))).collect::<Vec<_>>().join(" ")
}

/// What someone types into a search box: the start of one word, sometimes a whole second one.
pub(crate) fn keyword(rng: &mut SmallRng) -> String {
    let mut keyword = word(skewed(rng));
    let length = rng.random_range(SHORTEST_PREFIX_BYTES..=keyword.len().max(SHORTEST_PREFIX_BYTES));
    keyword.truncate(length);
    if rng.random_range(0..4) == 0 {
        keyword.push_str("%20");
        keyword.push_str(&word(skewed(rng)));
    }
    keyword
}

/// The word of that rank; all differ.
fn word(rank: usize) -> String {
    let onset = ONSETS[rank % ONSETS.len()];
    let nucleus = NUCLEI[rank / ONSETS.len() % NUCLEI.len()];
    let coda = CODAS[rank / (ONSETS.len() * NUCLEI.len()) % CODAS.len()];
    // A second syllable that depends on the first keeps prefixes selective.
    let tail = NUCLEI[(rank * 7 + rank / 11) % NUCLEI.len()];
    let end = CODAS[(rank * 13 + rank / 17) % CODAS.len()];
    format!("{onset}{nucleus}{coda}{tail}{end}")
}

/// A rank, log-uniform, which is Zipf's law with exponent one: the first word is in about every tenth title.
fn skewed(rng: &mut SmallRng) -> usize {
    let exponent: f64 = rng.random_range(0.0..1.0);
    let rank = (WORDS as f64).powf(exponent) - 1.0;
    // In range: 0 <= rank < WORDS - 1.
    rank as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng;

    use super::*;

    #[test]
    fn the_vocabulary_has_a_couple_of_thousand_distinct_words() {
        let words: BTreeSet<String> = (0..WORDS).map(word).collect();
        assert_eq!(words.len(), WORDS);
        assert!((2000..3000).contains(&WORDS));
    }

    #[test]
    fn titles_are_reproducible_and_skewed() {
        let titles = |seed| {
            let mut rng = SmallRng::seed_from_u64(seed);
            (0..10_000).map(|_| title(&mut rng)).collect::<Vec<_>>()
        };
        assert_eq!(titles(1), titles(1));
        let with_first = titles(1).iter().filter(|title| title.contains(&word(0))).count();
        let with_late = titles(1).iter().filter(|title| title.contains(&word(2000))).count();
        assert!((1_000..5_000).contains(&with_first), "{with_first} titles have the most common word");
        assert!(with_late < 20, "{with_late} titles have a rare word");
    }
}
