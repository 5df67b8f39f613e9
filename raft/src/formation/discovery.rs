//! Where other replicas may be.

use std::future::Future;
use std::io;

/// Finds the addresses at which other replicas may be, and perhaps this one.
pub trait Discovery: Send + Sync {
    /// The addresses to try now, as `host:port`.
    ///
    /// # Errors
    /// When they can't be told: nothing may be concluded from that, least of all that there are none.
    fn addresses(&self) -> impl Future<Output = io::Result<Vec<String>>> + Send;
}

/// A list that the operator gave.
#[derive(Clone, Debug, Default)]
pub struct StaticPeers(pub Vec<String>);

impl Discovery for StaticPeers {
    async fn addresses(&self) -> io::Result<Vec<String>> {
        Ok(self.0.clone())
    }
}

/// All addresses that a name of the DNS has, asked anew each time.
#[derive(Clone, Debug)]
pub struct DnsPeers {
    /// The name.
    pub name: String,
    /// The port of each peer listener.
    pub port: u16,
}

impl Discovery for DnsPeers {
    async fn addresses(&self) -> io::Result<Vec<String>> {
        let found = tokio::net::lookup_host((self.name.as_str(), self.port)).await?;
        Ok(found.map(|address| address.to_string()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn finds_what_it_was_told() {
        let peers = StaticPeers(vec!["a:1".to_owned()]);
        assert_eq!(peers.addresses().await.unwrap(), ["a:1"]);
        let name = DnsPeers { name: "127.0.0.1".to_owned(), port: 7 };
        assert_eq!(name.addresses().await.unwrap(), ["127.0.0.1:7"]);
        let name = DnsPeers { name: "no such name".to_owned(), port: 7 };
        assert!(name.addresses().await.is_err());
    }
}
