//! Replicas with certificates that their operator brings.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};

use super::cluster::{Replica, open_all, replicas, write_when_led};
use super::formation::logged;
use super::{Recorder, options};
use crate::{BackupClient, Credentials, Engine, OperatorClient, Options, PEER_NAME};

/// Who signs certificates.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, as PEM.
struct Issued {
    certificate: String,
    key: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    fn issue(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Issued {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate").pem();
        Issued { certificate, key: key.serialize_pem() }
    }
}

impl Issued {
    fn under(&self, authority: &Authority) -> Result<Credentials, String> {
        let (certificate, key) = (self.certificate.as_bytes(), self.key.as_bytes());
        Credentials::from_pem(certificate, key, authority.pem().as_bytes()).map_err(|e| e.to_string())
    }

    /// As somebody has them who does not look whether they are good.
    fn unchecked(&self, authority: &Authority) -> Credentials {
        let (certificate, key) = (self.certificate.as_bytes(), self.key.as_bytes());
        let made = Credentials::from_pem_unchecked(certificate, key, authority.pem().as_bytes());
        made.expect("they belong together")
    }
}

fn as_it_is(_: &mut CertificateParams) {}

/// Replicas each of which has a certificate of its own.
fn certified(count: usize, authority: &Authority) -> Vec<Replica> {
    let mut replicas = replicas(count, count);
    for replica in &mut replicas {
        replica.peers.credentials = authority.issue(PEER_NAME, as_it_is).under(authority).expect("good");
    }
    replicas
}

async fn asked_with(credentials: &Credentials, address: &str) -> [Result<(), String>; 2] {
    let status = OperatorClient::new(credentials.clone()).status(address).await;
    let backup = BackupClient::new(credentials.clone()).backup(address).await;
    [status.map(drop).map_err(|e| e.to_string()), backup.map(drop).map_err(|e| e.to_string())]
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_of_one_authority_are_a_cluster() {
    let authority = Authority::new();
    let replicas = certified(3, &authority);
    let engines = open_all(&replicas).await;
    for (number, engine) in engines.iter().enumerate() {
        write_when_led(engine, &format!("through {number}")).await;
    }
    let operator = authority.issue(PEER_NAME, as_it_is).under(&authority).expect("good");
    for answer in asked_with(&operator, &replicas[0].peers.advertise).await {
        answer.expect("it is let in");
    }
    for engine in &engines {
        engine.shutdown().await.expect("stops");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_shows_another_name_or_none_of_this_authority_is_refused() {
    let logged = logged();
    let (authority, other) = (Authority::new(), Authority::new());
    let replicas = certified(1, &authority);
    let engine = replicas[0].open().await;
    write_when_led(&engine, "ours").await;
    let elsewhere = authority.issue("elsewhere", as_it_is).unchecked(&authority);
    let foreign = other.issue(PEER_NAME, as_it_is).unchecked(&authority);
    let expired = authority.issue(PEER_NAME, |params| params.not_after = date_time_ymd(2020, 1, 1));
    let expired = expired.under(&authority).expect("good, but for the time");
    let server_only = |params: &mut CertificateParams| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    };
    let server_only = authority.issue(PEER_NAME, server_only).unchecked(&authority);
    let (not_taken, stranger) = (
        "the replica there does not take the certificate that it is shown",
        "the replica there does not have this cluster's secret or certificate authority",
    );
    for (credentials, why, told) in [
        (&elsewhere, "refused who shows a certificate that is not for the name boxoffice-peer", not_taken),
        (&foreign, "refused who does not have this cluster's secret or certificate authority", stranger),
        (&expired, "refused who shows a certificate that is not valid now", not_taken),
        (&server_only, "refused who shows a certificate that is not good for both servers and", not_taken),
    ] {
        for answer in asked_with(credentials, &replicas[0].peers.advertise).await {
            let said = answer.expect_err(why);
            assert!(said.contains(told), "{why}: {said}");
        }
        logged.wait_for(&[why]).await;
    }
    // And who asks somebody whose authority is another.
    let [status, backup] =
        asked_with(&other.issue(PEER_NAME, as_it_is).unchecked(&other), &replicas[0].peers.advertise).await;
    for said in [status.expect_err("other"), backup.expect_err("other")] {
        assert!(said.contains("does not have this cluster's secret or certificate authority"), "{said}");
    }
    engine.shutdown().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_whose_certificate_has_expired_says_so_and_is_let_in_by_nobody() {
    let logged = logged();
    let authority = Authority::new();
    let mut all = certified(2, &authority);
    all[0].peers.bootstrap_expect = 1;
    let member = all[0].open().await;
    write_when_led(&member, "ours").await;
    let expired = authority.issue(PEER_NAME, |params| params.not_after = date_time_ymd(2020, 1, 1));
    all[1].peers.credentials = expired.under(&authority).expect("good, but for the time");
    let late = Options { peers: Some(all[1].peers.clone()), ..options(&all[1].storage) };
    let opening = tokio::spawn(Engine::open(late, Box::new(Recorder)));
    logged.wait_for(&["the certificate for replicas has expired"]).await;
    logged.wait_for(&["refused who shows a certificate that is not valid now"]).await;
    let there = format!("address=\"{}\"", all[1].peers.advertise);
    logged.wait_for(&["the replica there shows a certificate that is not valid now", &there]).await;
    // What is wrong is said with the time, which is another one each second.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(logged.count(&["refused who shows a certificate that is not valid now"]), 1);
    assert_eq!(logged.count(&["the replica there shows a certificate that is not valid now", &there]), 1);
    assert!(!opening.is_finished(), "nobody let it in");
    opening.abort();
    member.shutdown().await.expect("stops");
}

#[test]
fn what_no_other_replica_would_take_is_refused_where_it_is_given() {
    let (authority, other) = (Authority::new(), Authority::new());
    let refused = |issued: &Issued, authority| issued.under(authority).err().expect("not good");
    let elsewhere = refused(&authority.issue("elsewhere", as_it_is), &authority);
    assert!(elsewhere.ends_with("it is not for the DNS name boxoffice-peer"), "{elsewhere}");
    let foreign = refused(&other.issue(PEER_NAME, as_it_is), &authority);
    assert!(foreign.ends_with("it is not of the given authority"), "{foreign}");
    for usage in [ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth] {
        let one_way = authority.issue(PEER_NAME, |params| params.extended_key_usages = vec![usage]);
        let one_way = refused(&one_way, &authority);
        assert!(one_way.ends_with("it is not good for both servers and clients"), "{one_way}");
    }
    let (own, key_of_another) = (authority.issue(PEER_NAME, as_it_is), authority.issue(PEER_NAME, as_it_is));
    let mixed = Issued { certificate: own.certificate, key: key_of_another.key };
    mixed.under(&authority).err().expect("not its key");
}

#[test]
fn it_is_known_when_a_certificate_expires() {
    let authority = Authority::new();
    let until_2030 = authority.issue(PEER_NAME, |params| params.not_after = date_time_ymd(2030, 1, 1));
    let credentials = until_2030.under(&authority).expect("good");
    let new_year_ms = 1_893_456_000_000;
    assert_eq!(credentials.expires_in_secs(new_year_ms - 90_000), Some(90));
    assert_eq!(credentials.expires_in_secs(new_year_ms + 90_000), Some(-90));
    let made = Credentials::from_secret(b"a secret", None).expect("credentials");
    assert_eq!(made.expires_in_secs(new_year_ms), None, "it is made anew at each start");
}
