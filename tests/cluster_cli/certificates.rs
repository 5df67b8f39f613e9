//! Replicas and commands with certificates that the operator brings, by `BOXOFFICE_PEER_*`.

use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};

use crate::process::{Fleet, SECRET, cluster, eventually, run};

type Variables = Vec<(&'static str, String)>;

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// Writes a certificate of this authority into files, and returns the variables that name them.
fn issue(into: &Path, what: &str, authority: &CertifiedIssuer<'static, KeyPair>, name: &str) -> Variables {
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    params.not_after = date_time_ymd(2100, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    let file = |kind: &str, text: String| {
        let path = into.join(format!("{what}.{kind}"));
        std::fs::write(&path, text).expect("writes");
        path.display().to_string()
    };
    vec![
        ("BOXOFFICE_PEER_CERT", file("crt", certificate.pem())),
        ("BOXOFFICE_PEER_KEY", file("key", key.serialize_pem())),
        ("BOXOFFICE_PEER_CA", file("ca", authority.pem())),
    ]
}

#[tokio::test]
async fn replicas_and_operators_show_the_certificates_that_they_are_given() {
    let files = tempfile::tempdir().expect("a directory");
    let (ours, other) = (authority(), authority());
    let mut fleet = Fleet::new(3, 0);
    for at in 0..3 {
        fleet.start_with(at, &issue(files.path(), &format!("replica-{at}"), &ours, "boxoffice-peer"));
    }
    for at in 0..3 {
        fleet.until_ready(at).await;
    }
    let metrics = fleet.http.get(fleet.url(0, "/metrics")).send().await.expect("an answer");
    let metrics = metrics.text().await.expect("text");
    let expires =
        metrics.lines().find_map(|line| line.strip_prefix("boxoffice_peer_certificate_expires_seconds "));
    assert!(expires.and_then(|left| left.parse::<f64>().ok()) > Some(1e9), "{expires:?}");

    let peer = fleet.replicas[0].peer.clone();
    let asks = |command: &[&str], variables: &Variables| {
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, file)| (*name, file.as_str())).collect();
        run(&[command, &["--peer", &peer]].concat(), &variables)
    };
    let operator = issue(files.path(), "operator", &ours, "boxoffice-peer");
    eventually("it is let in, and somebody leads", async || {
        let shown = asks(&["cluster", "status"], &operator).done();
        if shown.contains("voter, leads") { Ok(()) } else { Err(shown) }
    })
    .await;

    let elsewhere =
        asks(&["cluster", "status"], &issue(files.path(), "elsewhere", &ours, "elsewhere")).refusal();
    assert!(elsewhere.contains("it is not for the DNS name boxoffice-peer"), "{elsewhere}");
    let out = files.path().join("out").display().to_string();
    let foreign = issue(files.path(), "foreign", &other, "boxoffice-peer");
    for command in [&["cluster", "status"][..], &["cluster", "transfer-leader"], &["backup", "--out", &out]] {
        let foreign = asks(command, &foreign).refusal();
        assert!(
            foreign.contains("does not have this cluster's secret or certificate authority"),
            "{foreign}"
        );
        // They have their certificates from elsewhere, not from the secret.
        let made = asks(command, &Variables::new()).refusal();
        assert!(made.contains("does not have this cluster's secret or certificate authority"), "{made}");
    }
}

/// Of the two secrets of a rotation the old one is shown, which the replicas have left behind.
#[tokio::test]
async fn a_command_that_is_behind_in_a_rotation_is_told_so() {
    let mut fleet = Fleet::new(3, 0);
    fleet.start(0);
    let peer = fleet.replicas[0].peer.clone();
    let behind = [
        ("BOXOFFICE_CLUSTER_SECRET", "the old one, of some length"),
        ("BOXOFFICE_CLUSTER_SECRET_ALSO", SECRET),
    ];
    eventually("it is refused with a reason", async || {
        let said = cluster(&["status", "--peer", &peer], &behind);
        if said.err.contains("does not have this cluster's secret or certificate authority") {
            Ok(())
        } else {
            Err(format!("{said:?}"))
        }
    })
    .await;
    let nothing = cluster(&["promote", "2", "--peer", &peer], &[]).refusal();
    assert!(nothing.contains("refused: this replica belongs to no cluster yet"), "{nothing}");
}
