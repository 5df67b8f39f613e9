//! The sandbox gateway: play money, for trying things out. No account, no network.
//!
//! It keeps books of its own, durable and apart from the state, as a real gateway's are: what it charged
//! is charged, whatever becomes of the replica that asked.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use redb::backends::FileBackend;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::{ChargeOutcome, ChargeRequest, Gateway, GatewayCall, GatewayError};
use crate::domain::PaymentId;

/// The file with the sandbox's books, in the data directory.
const FILE_NAME: &str = "sandbox-gateway.redb";

/// The books are small; redb's default cache is a gigabyte.
const CACHE_BYTES: usize = 4 << 20;

/// key → amount, currency, decline code (empty if charged), refunded.
const BOOKS: TableDefinition<'_, &str, (u64, &str, &str, bool)> = TableDefinition::new("charges");

/// Sources that are declined, and the codes they are declined with.
const DECLINES: &[(&str, &str)] = &[
    ("tok_chargeDeclined", "card_declined"),
    ("tok_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ("tok_chargeDeclinedLostCard", "lost_card"),
    ("tok_chargeDeclinedStolenCard", "stolen_card"),
    ("tok_chargeDeclinedExpiredCard", "expired_card"),
    ("tok_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
    ("tok_chargeDeclinedProcessingError", "processing_error"),
    ("tok_chargeDeclinedFraudulent", "fraudulent"),
];

/// Sources that are charged.
const CARDS: &[&str] =
    &["tok_visa", "tok_visa_debit", "tok_mastercard", "tok_amex", "tok_discover", "tok_diners", "tok_jcb"];

/// The source that is charged after a while.
const SLOW: &str = "tok_slow";

/// The sandbox gateway.
#[derive(Clone)]
pub struct Sandbox {
    books: Arc<Database>,
    file: PathBuf,
    slow_for: Duration,
}

/// The sandbox's books cannot be opened or read. One line, naming the file.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", file.display())]
pub struct BooksError {
    file: PathBuf,
    source: redb::Error,
}

/// One line of the sandbox's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxCharge {
    /// The stable key it was asked with.
    pub key: String,
    /// In minor units.
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// Why no money moved; empty if it did.
    pub decline_code: String,
    /// Whether the money went back.
    pub refunded: bool,
}

impl Sandbox {
    /// Opens the books in the data directory. `tok_slow` is answered after `slow_for`.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(data_dir: &Path, slow_for: Duration) -> Result<Self, BooksError> {
        let file = data_dir.join(FILE_NAME);
        match open_books(&file) {
            Ok(books) => Ok(Self { books: Arc::new(books), file, slow_for }),
            Err(source) => Err(BooksError { file, source }),
        }
    }

    /// Whether there are books in this data directory.
    pub fn exists(data_dir: &Path) -> bool {
        data_dir.join(FILE_NAME).exists()
    }

    /// Everything that was ever asked of it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn charges(&self) -> Result<Vec<SandboxCharge>, BooksError> {
        self.read_charges().map_err(|source| BooksError { file: self.file.clone(), source })
    }

    fn read_charges(&self) -> Result<Vec<SandboxCharge>, redb::Error> {
        let table = self.books.begin_read()?.open_table(BOOKS)?;
        let mut charges = Vec::new();
        for line in table.iter()? {
            let (key, line) = line?;
            let (amount_minor, currency, decline_code, refunded) = line.value();
            charges.push(SandboxCharge {
                key: key.value().to_owned(),
                amount_minor,
                currency: currency.to_owned(),
                decline_code: decline_code.to_owned(),
                refunded,
            });
        }
        Ok(charges)
    }

    /// Enters the charge, unless the key is in the books already, and says what the books say.
    fn enter(&self, request: &ChargeRequest) -> Result<ChargeOutcome, redb::Error> {
        let key = request.key.to_string();
        let txn = self.books.begin_write()?;
        let decline_code = {
            let mut table = txn.open_table(BOOKS)?;
            let known = table.get(key.as_str())?.map(|line| line.value().2.to_owned());
            match known {
                Some(decline_code) => decline_code,
                None => {
                    let decline_code = decline_code(&request.source);
                    let line = (request.amount_minor, request.currency.as_str(), decline_code, false);
                    table.insert(key.as_str(), line)?;
                    decline_code.to_owned()
                }
            }
        };
        txn.commit()?;
        Ok(outcome(&key, decline_code))
    }

    /// What the books say of a key.
    fn find(&self, key: PaymentId) -> Result<Option<ChargeOutcome>, redb::Error> {
        let key = key.to_string();
        let line = self.books.begin_read()?.open_table(BOOKS)?.get(key.as_str())?;
        Ok(line.map(|line| outcome(&key, line.value().2.to_owned())))
    }

    fn give_back(&self, key: PaymentId) -> Result<bool, redb::Error> {
        let key = key.to_string();
        let txn = self.books.begin_write()?;
        let known = {
            let mut table = txn.open_table(BOOKS)?;
            let line = table.get(key.as_str())?.map(|line| {
                let (amount_minor, currency, decline_code, _) = line.value();
                (amount_minor, currency.to_owned(), decline_code.to_owned())
            });
            match line {
                Some((amount_minor, currency, decline_code)) if decline_code.is_empty() => {
                    table.insert(key.as_str(), (amount_minor, currency.as_str(), "", true))?;
                    true
                }
                _ => false,
            }
        };
        txn.commit()?;
        Ok(known)
    }

    /// Runs a short piece of work on the books off the async threads.
    async fn on_books<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, redb::Error> + Send + 'static,
    ) -> Result<T, GatewayError> {
        let sandbox = self.clone();
        tokio::task::spawn_blocking(move || work(&sandbox))
            .await
            .map_err(|error| GatewayError(error.to_string()))?
            .map_err(|error| GatewayError(error.to_string()))
    }
}

impl Gateway for Sandbox {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn charge<'a>(&'a self, request: &'a ChargeRequest) -> GatewayCall<'a, ChargeOutcome> {
        Box::pin(async move {
            if request.source == SLOW {
                tokio::time::sleep(self.slow_for).await;
            }
            let request = request.clone();
            self.on_books(move |sandbox| sandbox.enter(&request)).await
        })
    }

    fn look_up(&self, key: PaymentId) -> GatewayCall<'_, Option<ChargeOutcome>> {
        Box::pin(self.on_books(move |sandbox| sandbox.find(key)))
    }

    fn refund<'a>(&'a self, key: PaymentId, _charge: &'a str) -> GatewayCall<'a, ()> {
        Box::pin(async move {
            if self.on_books(move |sandbox| sandbox.give_back(key)).await? {
                return Ok(());
            }
            Err(GatewayError(format!("{key} was never charged")))
        })
    }
}

fn outcome(key: &str, decline_code: String) -> ChargeOutcome {
    if decline_code.is_empty() {
        ChargeOutcome::Succeeded { charge: format!("sandbox_{key}") }
    } else {
        ChargeOutcome::Declined { code: decline_code }
    }
}

fn open_books(file: &Path) -> Result<Database, redb::Error> {
    if !file.try_exists()? {
        // redb makes a file in several steps, and one that a crash left half made looks like a broken one.
        let unfinished = file.with_extension("redb.new");
        create_books(&unfinished)?;
        std::fs::rename(unfinished, file)?;
        // A name is durable only with its directory.
        file.parent().map_or(Ok(()), |directory| File::open(directory)?.sync_all())?;
    }
    Ok(Database::builder().set_cache_size(CACHE_BYTES).open(file)?)
}

/// Makes empty books, which nobody else can read: card tokens may be in them.
fn create_books(file: &Path) -> Result<(), redb::Error> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true).mode(0o600);
    let backend = FileBackend::new(options.open(file)?)?;
    let books = Database::builder().create_with_backend(backend)?;
    let txn = books.begin_write()?;
    txn.open_table(BOOKS)?;
    Ok(txn.commit()?)
}

/// The code that a source is declined with; empty if it is charged.
fn decline_code(source: &str) -> &'static str {
    if source == SLOW || CARDS.contains(&source) {
        return "";
    }
    let known = DECLINES.iter().find(|(declined, _)| *declined == source);
    known.map_or("invalid_token", |(_, code)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(key: u8, source: &str) -> ChargeRequest {
        ChargeRequest {
            key: PaymentId::from_bytes([key; 16]),
            amount_minor: 1999,
            currency: "usd".into(),
            source: source.into(),
        }
    }

    #[tokio::test]
    async fn a_key_is_charged_once_also_after_a_restart() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let first = {
            let sandbox = Sandbox::open(dir.path(), Duration::ZERO)?;
            sandbox.charge(&request(1, "tok_visa")).await?
        };
        let sandbox = Sandbox::open(dir.path(), Duration::ZERO)?;
        // The first word stands, whatever the source says now.
        assert_eq!(sandbox.charge(&request(1, "tok_chargeDeclined")).await?, first);
        assert_eq!(sandbox.look_up(request(1, "").key).await?, Some(first));
        assert_eq!(sandbox.charges()?.len(), 1);
        sandbox.refund(request(1, "").key, "").await?;
        sandbox.refund(request(1, "").key, "").await?;
        assert!(sandbox.charges()?[0].refunded);
        Ok(())
    }

    #[tokio::test]
    async fn declines_say_why_and_cannot_be_refunded() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let sandbox = Sandbox::open(dir.path(), Duration::ZERO)?;
        for (key, (source, code)) in (1..).zip([
            ("tok_chargeDeclined", "card_declined"),
            ("tok_chargeDeclinedExpiredCard", "expired_card"),
            ("4242424242424242", "invalid_token"),
        ]) {
            let request = request(key, source);
            assert_eq!(sandbox.look_up(request.key).await?, None);
            assert_eq!(sandbox.charge(&request).await?, ChargeOutcome::Declined { code: code.into() });
            let declined = ChargeOutcome::Declined { code: code.into() };
            assert_eq!(sandbox.look_up(request.key).await?, Some(declined));
            assert!(sandbox.refund(request.key, "").await.is_err());
        }
        Ok(())
    }
}
